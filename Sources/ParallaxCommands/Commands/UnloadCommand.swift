package import CommandLanguage
internal import ParallaxStorage
internal import ParallaxWorkbench

package struct UnloadCommand: Command {
  private static let spaces = ObjectKey.repeated("COLLECTION[@SPACE]", .space)

  package static let signature = CommandSignature(
    verb: "unload", group: "Objects", summary: "free the memory of loaded spaces",
    objects: [spaces],
    examples: ["unload photos"])

  private let spaces: [SpaceReference]

  package init(_ arguments: Arguments) throws { spaces = try arguments[Self.spaces] }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let notes = try session.spaces(spaces, of: Self.spaces).map { space in
      session.bench.spaces.unload(space)
        ? "unloaded \(space.reference)" : "\(space.reference) was not loaded"
    }
    return CommandOutput(notes: notes)
  }
}
