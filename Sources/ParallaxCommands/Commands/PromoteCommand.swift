package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

package struct PromoteCommand: Command {
  private static let space = ObjectKey<SpaceReference>.required("COLLECTION@SPACE", .space)

  package static let signature = CommandSignature(
    verb: "promote", group: "Spaces",
    summary: "make a space the one that its collection's name stands for",
    discussion: """
      Without a promotion, 'query photos' searches the only space of the collection, or the space \
      'base' if there are several. After 'promote photos@v2' the name 'photos' stands for \
      photos@v2 in every command that takes one space. The other spaces stay as they are, and a space \
      that is named is searched as before.

      The workspace keeps the choice. 'demote photos' takes the last promotion back, and can be \
      repeated; dropping a promoted space also takes it back. 'describe photos' shows which space \
      counts. 'embed photos' still fills the space 'base' unless you name another one with --as.
      """,
    objects: [space],
    examples: ["promote photos@v2"])

  private let space: SpaceReference

  package init(_ arguments: Arguments) throws {
    space = try arguments[Self.space]
    guard space.space == nil else { return }
    throw arguments.error(
      at: Self.space, .invalidValue, "'promote' takes COLLECTION@SPACE; got '\(space.text)'",
      hint: "'list spaces' shows them")
  }

  package func foresee(in scope: inout ScriptScope) throws { scope.promote(space) }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    try attributing(to: Self.space) {
      let space = try session.bench.space(space)
      let name = space.collection.name
      let missing = try Self.missing(from: space, session)
      if let missing, session.settings[.strict] { throw ParallaxError(.strictWarning, missing) }
      let (before, isNew) = try session.bench.promote(space)
      guard isNew else { return .note("'\(name)' stands for \(space.reference) already") }
      var output = CommandOutput.note(
        before == space || before == nil
          ? "'\(name)' stands for \(space.reference)"
          : "'\(name)' stands for \(space.reference), no longer for \(before?.reference ?? "")")
      output.warnings = [missing].compactMap(\.self)
      return output
    }
  }

  /// That queries will not find some of the items; `nil` when they find all.
  @MainActor private static func missing(from space: Space, _ session: Session) throws -> String? {
    guard let summary = try session.workspace.summaries(of: [space]).first else { return nil }
    let count = summary.itemCount - summary.vectorCount
    if count == 0 { return nil }
    return "\(Wording.count(count, "item has", "items have")) no vector in \(space.reference), so "
      + "queries do not find \(count == 1 ? "it" : "them") (\(space.remedyForMissing))"
  }
}
