internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxWorkbench

extension GroupVerdicts {
  /// How many verdicts counted; nothing where there were none.
  var footer: [String] {
    guard count > 0 else { return [] }
    let answers = [(duplicates, "duplicate"), (distinct, "distinct")].filter { $0.0 > 0 }
      .map { "\(Wording.count($0.0)) \($0.1)" }
    return [
      "\(Wording.count(count, "verdict")) counted (\(answers.joined(separator: ", ")))"
    ]
  }

  /// What is to be said of verdicts that contradict one another.
  var warnings: [String] {
    [Contradictions.sentence(of: contradictions.map { $0.map(\.rawValue) })].compactMap(\.self)
  }
}
