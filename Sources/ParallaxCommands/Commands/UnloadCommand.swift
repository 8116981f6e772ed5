package import CommandLanguage
internal import ParallaxStorage
internal import ParallaxWorkbench

package enum UnloadCommand: Command {
  package static let signature = CommandSignature(
    verb: "unload", group: "Objects", summary: "give the memory of loaded spaces back",
    objects: [ObjectSpec("COLLECTION[@SPACE]", .space, .repeated)],
    examples: ["unload photos"])

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    let notes = try session.spaces(named: arguments).map { space in
      session.bench.spaces.unload(space)
        ? "unloaded \(space.reference)" : "\(space.reference) was not loaded"
    }
    return CommandOutput(notes: notes)
  }
}
