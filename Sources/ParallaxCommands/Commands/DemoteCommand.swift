package import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage
internal import ParallaxWorkbench

package struct DemoteCommand: Command {
  private static let space = ObjectKey.byHand("COLLECTION[@SPACE]", .space)

  package static let signature = CommandSignature(
    verb: "demote", group: "Spaces", summary: "take the last promotion of a space back",
    discussion: """
      The collection's name then stands for the space that it stood for before. Each 'demote' takes \
      one 'promote' back. The space keeps its vectors and can be searched by its own name. If you \
      name a space, it must be the one promoted last.
      """,
    objects: [space],
    examples: ["demote photos", "demote photos@v2"])

  private let space: SpaceReference

  package init(_ arguments: Arguments) throws { space = try arguments[Self.space] }

  package func foresee(in scope: inout ScriptScope) throws {
    try attributing(to: Self.space) { try scope.demote(space) }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    try attributing(to: Self.space) {
      let collection = try session.workspace.collection(named: space.collection)
      let expected = try space.space.map { try session.workspace.space(named: $0, in: collection) }
      let (demoted, now) = try session.bench.demote(collection, expecting: expected)
      return .note(collection.standing(for: now, notFor: demoted))
    }
  }
}

extension ItemCollection {
  /// What its name stands for after a promotion is taken back.
  func standing(for space: Space?, notFor former: Space) -> String {
    switch space {
    case former?: "'\(name)' stands for \(former.reference) without a promotion, too"
    case let space?: "'\(name)' stands for \(space.reference) again"
    case nil: "'\(name)' stands for no space now"
    }
  }
}
