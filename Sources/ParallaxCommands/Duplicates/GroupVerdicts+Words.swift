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
    guard let chain = contradictions.first, let first = chain.first, let last = chain.last else {
      return []
    }
    let names = chain.map { "'\($0.rawValue)'" }.joined(separator: " = ")
    let more =
      contradictions.count > 1 ? "; so do \(Wording.count(contradictions.count - 1)) more" : ""
    return [
      "verdicts contradict one another: \(names), but '\(first.rawValue)' and '\(last.rawValue)' are distinct\(more): "
        + "what is distinct stays apart, and the duplicates that lead there join nothing; 'list verdicts' shows all"
    ]
  }
}
