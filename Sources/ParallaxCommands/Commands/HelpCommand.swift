package import CommandLanguage

package enum HelpCommand: Command {
  package static let signature = CommandSignature(
    verb: "help", group: "Session", summary: "list the commands, or explain one",
    objects: [ObjectSpec("VERB", .verb, .optional)],
    examples: ["help", "help query"])

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    let help = HelpText(CommandRegistry.signatures, width: session.console.width ?? 100)
    guard let verb = arguments.object("VERB") else {
      return CommandOutput(.text(help.overview()))
    }
    return CommandOutput(.text(try help.page(for: verb)))
  }
}
