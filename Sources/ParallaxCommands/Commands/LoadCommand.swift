package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package enum LoadCommand: Command {
  package static let signature = CommandSignature(
    verb: "load", group: "Objects", summary: "read spaces into memory",
    discussion: """
      A query loads what it needs by itself; 'load' does it beforehand. A collection without a \
      space name loads all its spaces. Every chunk is verified while it is read.
      """,
    objects: [ObjectSpec("COLLECTION[@SPACE]", .space, .repeated)],
    examples: ["load photos", "load photos@base"])

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    var notes: [String] = []
    for space in try session.spaces(named: arguments) {
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
  /// The spaces that `COLLECTION[@SPACE]…` names; a bare collection stands for all of its own.
  func spaces(named arguments: Arguments) throws -> [Space] {
    try arguments.objects("COLLECTION[@SPACE]").enumerated().flatMap { index, text -> [Space] in
      do {
        let reference = SpaceReference(text)
        if reference.space != nil { return [try bench.space(reference)] }
        let collection = try workspace.collection(named: reference.collection)
        return try workspace.spaces(in: collection)
      } catch let error as ParallaxError {
        throw error.located(
          at: arguments.location(ofObject: "COLLECTION[@SPACE]", index: index))
      }
    }
  }
}
