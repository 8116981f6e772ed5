package import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage
internal import ParallaxWorkbench

package enum UseCommand: Command {
  package static let signature = CommandSignature(
    verb: "use", group: "Objects", summary: "choose what commands without an object work on",
    discussion: "Without an object nothing is chosen any more.",
    objects: [ObjectSpec("COLLECTION[@SPACE]", .space, .optional)],
    examples: ["use photos@base", "use"])

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    guard let text = arguments.object("COLLECTION[@SPACE]") else {
      let before = session.current
      session.current = nil
      return .note(before.map { "no longer using \($0)" } ?? "nothing is in use")
    }
    let reference = SpaceReference(text)
    do {
      if reference.space != nil {
        _ = try session.bench.space(reference)
      } else {
        _ = try session.workspace.collection(named: reference.collection)
      }
    } catch let error as ParallaxError {
      throw error.located(at: arguments.location(ofObject: "COLLECTION[@SPACE]"))
    }
    session.current = text
    return .note("using \(text)")
  }
}
