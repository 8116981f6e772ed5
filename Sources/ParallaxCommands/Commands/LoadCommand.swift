package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct LoadCommand: Command {
  private static let spaces = ObjectKey.repeated("COLLECTION[@SPACE]", .space)

  package static let signature = CommandSignature(
    verb: "load", group: "Objects", summary: "read spaces into memory",
    discussion: """
      A query loads the space it needs; 'load' does it in advance. A collection without a space \
      name loads all its spaces. Every chunk is verified while it is read.
      """,
    objects: [spaces],
    examples: ["load photos", "load photos@base"])

  private let spaces: [SpaceReference]

  package init(_ arguments: Arguments) throws { spaces = try arguments[Self.spaces] }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    var notes: [String] = []
    for space in try session.spaces(spaces, of: Self.spaces) {
      let start = ContinuousClock().now
      let entry = try await session.bench.spaces.loading(space, progress: session.progress())
      let matrix = entry.loaded.matrix
      notes.append(
        "loaded \(space.reference): \(Wording.count(matrix.rowCount, "vector")) of "
          + "\(matrix.dimension), \(Wording.bytes(matrix.byteCount)), "
          + "\(Wording.milliseconds(Clock.milliseconds(since: start)))")
    }
    return CommandOutput(notes: notes)
  }
}

extension Session {
  /// The spaces that are named; a bare collection stands for all of its own.
  func spaces(_ references: [SpaceReference], of key: some ArgumentKey) throws -> [Space] {
    try references.enumerated().flatMap { index, reference -> [Space] in
      try attributing(to: key, index: index) {
        if reference.space != nil { return [try bench.space(reference)] }
        let collection = try workspace.collection(named: reference.collection)
        return try workspace.spaces(in: collection)
      }
    }
  }
}
