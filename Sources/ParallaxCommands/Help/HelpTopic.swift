internal import CommandLanguage

/// A page of help about something that is no command; one line in `HelpTopic.all`.
struct HelpTopic: Sendable {
  /// As `help NAME` takes it.
  let name: String
  /// One line, lower case, no full stop.
  let summary: String
  let sections: @Sendable () -> [HelpText.Section]

  static let all: [HelpTopic] = [
    .conditions, .questions, .metrics, .statistics, .likeness, .settings, .formats, .images,
    .engines, .notebooks, .keys, .topics,
  ]

  static func named(_ name: String) -> HelpTopic? { all.first { $0.name == name } }

  private static let topics = HelpTopic(
    name: "topics", summary: "help topics besides the commands"
  ) {
    let topics = all.map { ($0.name, $0.summary) } + [(HelpReference.name, HelpReference.summary)]
    return [.rows(heading: "topics", topics.map { ("help \($0)", $1) })]
  }
}
