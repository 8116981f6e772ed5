package import CommandLanguage
internal import ParallaxCore

package struct HelpCommand: Command {
  private static let subject = ObjectKey<String?>.optional(
    "VERB", .verb, keywords: HelpTopic.all.map(\.name) + [HelpReference.name])

  package static let signature = CommandSignature(
    verb: "help", aliases: ["?"], group: "Session",
    summary: "list the commands, or explain one of them or a topic",
    objects: [subject],
    examples: ["help", "help query", "help where"])

  private let subject: String?

  package init(_ arguments: Arguments) throws {
    subject = try arguments[Self.subject]
    if let subject { _ = try Self.page(subject, width: nil) }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let width = session.console.width
    if let subject { return CommandOutput(.text(try Self.page(subject, width: width))) }
    let topics = (HelpTopic.all.map(\.name) + [HelpReference.name]).map { "help \($0)" }
      .joined(separator: ", ")
    return CommandOutput(
      .text(
        Self.text(width).overview() + "\n'help VERB' explains a command. Topics: \(topics)\n"))
  }

  private static func page(_ name: String, width: Int?) throws -> String {
    if name == HelpReference.name { return HelpReference.markdown }
    // 'map' is a verb, and another name of a metric: 'help ap' explains that.
    let metric =
      CommandRegistry.signatures.verbs.contains(name) ? nil : HelpTopic.metric(named: name)
    if let topic = HelpTopic.named(name) ?? metric {
      return text(width).page("\(topic.name): \(topic.summary)", topic.sections())
    }
    do { return try text(width).page(for: name) } catch var error as ParallaxError {
      error.hint =
        Suggestion.hint(
          for: name,
          among: CommandRegistry.signatures.verbs + HelpTopic.all.map(\.name) + [HelpReference.name]
        )
        ?? error.hint
      throw error.about(subject.parameter())
    }
  }

  private static func text(_ width: Int?) -> HelpText {
    HelpText(CommandRegistry.signatures, width: width ?? 100)
  }
}
