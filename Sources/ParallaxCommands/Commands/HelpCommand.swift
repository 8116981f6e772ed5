package import CommandLanguage
internal import ParallaxCore

package enum HelpCommand: Command {
  package static let signature = CommandSignature(
    verb: "help", aliases: ["?"], group: "Session",
    summary: "list the commands, or explain one of them or a topic",
    objects: [ObjectSpec("VERB", .verb, .optional, keywords: HelpTopic.all.map(\.name))],
    examples: ["help", "help query", "help where"])

  package static func foresee(_ arguments: Arguments, in scope: inout ScriptScope) throws {
    if let name = arguments.object("VERB") { _ = try page(name, arguments, width: nil) }
  }

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    let width = session.console.width
    if let name = arguments.object("VERB") {
      return CommandOutput(.text(try page(name, arguments, width: width)))
    }
    let topics = HelpTopic.all.map { "help \($0.name)" }.joined(separator: ", ")
    return CommandOutput(
      .text(text(width).overview() + "\n'help VERB' explains a command. Topics: \(topics)\n"))
  }

  private static func page(
    _ name: String, _ arguments: Arguments, width: Int?
  ) throws -> String {
    if let topic = HelpTopic.named(name) {
      return text(width).page("\(topic.name): \(topic.summary)", topic.sections())
    }
    do { return try text(width).page(for: name) } catch var error as ParallaxError {
      error.hint =
        Suggestion.hint(
          for: name, among: CommandRegistry.signatures.verbs + HelpTopic.all.map(\.name))
        ?? error.hint
      throw error.located(at: arguments.location(ofObject: "VERB"))
    }
  }

  private static func text(_ width: Int?) -> HelpText {
    HelpText(CommandRegistry.signatures, width: width ?? 100)
  }
}
