package import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage
internal import ParallaxWorkbench

package struct UseCommand: Command {
  private static let space = ObjectKey<SpaceReference?>.optional("COLLECTION[@SPACE]", .space)

  package static let signature = CommandSignature(
    verb: "use", group: "Objects", summary: "choose the default collection or space",
    discussion: "Without an object it clears the choice.",
    objects: [space],
    examples: ["use photos@base", "use"])

  private let space: SpaceReference?

  package init(_ arguments: Arguments) throws { space = try arguments[Self.space] }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    guard let space else {
      let before = session.current
      session.current = nil
      return .note(before.map { "no longer using \($0)" } ?? "nothing is in use")
    }
    try attributing(to: Self.space) {
      if space.space != nil {
        _ = try session.bench.space(space)
      } else {
        _ = try session.workspace.collection(named: space.collection)
      }
    }
    session.current = space.text
    return .note("using \(space.text)")
  }
}
