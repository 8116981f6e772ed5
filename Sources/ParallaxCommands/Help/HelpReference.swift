internal import CommandLanguage
internal import ParallaxEvaluation

/// Every page of help as one page of Markdown: `help reference` prints it, and `docs/reference.md` is it.
enum HelpReference {
  static let name = "reference"
  static let summary = "every page of help, as one page of Markdown"

  /// Columns of the pages in it.
  private static let width = 100

  static var markdown: String {
    let text = HelpText(CommandRegistry.signatures, width: width)
    var parts = [
      """
      # Reference

      Every command, topic and metric, as `help` explains them. The program writes this page:
      `scripts/reference`, or `help reference` at the prompt.
      """
    ]
    for (group, signatures) in groups {
      parts.append("## \(group)")
      parts.append(signatures.map { "- [`\($0.verb)`](#\($0.verb)): \($0.summary)" }.lines)
      for signature in signatures {
        parts += section(signature.verb, (try? text.page(for: signature.verb)) ?? "")
      }
    }
    parts.append("## Topics")
    for topic in HelpTopic.all { parts += section(topic, text) }
    parts.append("## The metrics one by one")
    for topic in HelpTopic.ofMetrics { parts += section(topic, text) }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static var groups: [(name: String, signatures: [CommandSignature])] {
    var groups: [(name: String, signatures: [CommandSignature])] = []
    for signature in CommandRegistry.signatures.signatures {
      if let place = groups.firstIndex(where: { $0.name == signature.group }) {
        groups[place].signatures.append(signature)
      } else {
        groups.append((signature.group, [signature]))
      }
    }
    return groups
  }

  private static func section(_ topic: HelpTopic, _ text: HelpText) -> [String] {
    section(topic.name, text.page("\(topic.name): \(topic.summary)", topic.sections()))
  }

  private static func section(_ heading: String, _ page: String) -> [String] {
    let heading = heading.contains("[") ? "`\(heading)`" : heading
    return ["### \(heading)", "```text\n\(page)```"]
  }
}

extension [String] {
  fileprivate var lines: String { joined(separator: "\n") }
}
