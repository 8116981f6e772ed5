internal import CommandLanguage
internal import ParallaxEvaluation

extension HelpTopic {
  /// The metrics there are; each has a page of its own.
  static let metrics = HelpTopic(
    name: "metrics", summary: "what 'eval' and 'compare' measure; 'help ndcg' explains one"
  ) {
    [
      .rows(
        heading: "metrics", MetricRegistry.all.map { ($0.spec.usage, $0.spec.meaning) }),
      .paragraph(
        """
        A number after '@' is a depth: ndcg@10 looks at the first ten answers. Values are means over \
        the judged questions, from 0 to 1. An item is relevant when its grade is at least \
        --relevance-level, which is 1. Definitions and the order of equal scores are those of \
        trec_eval.
        """),
      .lines(
        heading: "examples",
        ["eval q --qrels qrels.tsv --metric ndcg@10,success@1,mrr,recall@P90", "help ndcg"]),
    ]
  }

  /// A page for each metric.
  static var ofMetrics: [HelpTopic] { MetricRegistry.all.map { HelpTopic($0.spec) } }

  /// The page of a metric.
  static func metric(named name: String) -> HelpTopic? {
    let wanted = name.lowercased()
    let stem = wanted.split(separator: "@")[...].first.map(String.init) ?? wanted
    let specs = MetricRegistry.all.map { $0.spec }
    let found =
      specs.first { ([$0.id.lowercased(), $0.usage.lowercased()] + $0.aliases).contains(wanted) }
      ?? specs.first { ([$0.id.lowercased()] + $0.aliases).contains(stem) }
    return found.map { HelpTopic($0) }
  }

  private init(_ spec: MetricSpec) {
    name = spec.usage
    summary = spec.meaning
    sections = {
      var facts = [
        ("formula", spec.formula), ("range", spec.range), ("judging it", spec.judging),
        ("source", spec.source),
      ]
      if !spec.aliases.isEmpty {
        facts.append(("other names", spec.aliases.joined(separator: ", ")))
      }
      var sections: [HelpText.Section] = [.rows(heading: "about it", facts)]
      if !spec.parameters.isEmpty {
        sections.append(
          .rows(
            heading: "parameters",
            spec.parameters.map { parameter in
              (
                parameter.name,
                parameter.meaning + (parameter.standard.map { " (default: \($0))" } ?? "")
              )
            }))
      }
      return sections
        + [.lines(heading: "example", ["eval q --qrels qrels.tsv --metric \(spec.example)"])]
    }
  }
}

extension MetricSpec {
  /// From which to which value it goes, in words.
  fileprivate var range: String {
    switch (lowest, higherIsBetter) {
    case (0, true): "0 to 1, higher is better; its ceiling may be below 1"
    case (0, false): "0 to 1, lower is better"
    default: "up to 1, which is best; 0 says nothing, below 0 is worse than that"
    }
  }
}
