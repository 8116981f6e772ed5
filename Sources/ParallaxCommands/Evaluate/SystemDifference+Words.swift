internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxStatistics
internal import ParallaxStorage
internal import ParallaxWorkbench

extension SystemDifference {
  /// Reasons that are given.
  private static let reasons = 3

  /// The verdict with its reasons, a sentence each.
  var conclusion: [String] {
    let (verdict, reasons) = verdict
    let words = reasons.prefix(Self.reasons).map(text)
    // Spaces that give images the same vectors may still differ in how they read words.
    let unasked = areItems ? "; questions in words were not asked (--queries FILE)" : ""
    let about =
      evaluation == nil ? ["without judgements, this is about change alone\(unasked)"] : []
    return ["verdict: \(verdict.rawValue)"] + words + about
  }

  private func text(of reason: Reason) -> String {
    switch reason {
    case .better: "\(measure) rises by \(change())"
    case .worse: "\(measure) falls by \(change(isFall: true))"
    case .notWorseThanMargin:
      "\(measure) changes by \(change()), which is not worse than the margin of "
        + Wording.number(margin)
    case .notDistinguishable: "\(measure) changes by \(change()): chance alone may do that"
    case .tooFewQuestions: "\(measure) changes by \(change()): too few questions differ for a test"
    case .worseOn(let slice): "\(measure) falls where \(by ?? "") is '\(slice)'"
    case .missingItems(let count):
      "'\(second.name)' lacks \(Wording.count(count, "item")) that '\(first.name)' has"
    case .hubs:
      "hubness rises from \(Self.text(spaces?.firstHubness.skewness)) to "
        + "\(Self.text(spaces?.secondHubness.skewness)): a few items answer very many questions"
    case .withinNoise:
      "the lists differ no more than those of one system asked twice (overlap@\(top) "
        + "\(Self.text(noise?.overlap)))"
    case .alike: "\(kept) of the first \(top) stay"
    case .unjudgedChange:
      "\(kept) of the first \(top) stay; whether what changes is for the better, only judgements say "
        + "(--qrels, --relevant-if)"
    case .change: "\(kept) of the first \(top) stay"
    }
  }

  private var kept: String { Wording.percent(all.overlap.value, digits: 0) }

  private var measure: String { evaluation?.measures.first ?? "" }

  private var margin: Double { evaluation?.comparison?.margin ?? 0 }

  /// The size of the difference by the first metric, with its interval and p.
  ///
  /// - Parameter isFall: whether a loss is written without its sign.
  private func change(isFall: Bool = false) -> String {
    guard let difference = evaluation?.row(measure: 0, system: 1).difference else { return "?" }
    let value = isFall ? -difference.value : difference.value
    let ends = difference.interval.map { interval in
      let (low, high) =
        isFall ? (-interval.high, -interval.low) : (interval.low, interval.high)
      return " [\(Wording.fixed(low, digits: 3)), \(Wording.fixed(high, digits: 3))]"
    }
    let p = difference.correctedP.map { " (\(Self.p($0)))" }
    return Wording.fixed(value, digits: 3) + (ends ?? "") + (p ?? "")
  }

  static func p(_ value: Double) -> String {
    value < 0.001 ? "p below 0.001" : "p \(Wording.thousandths(value))"
  }

  private static func text(_ number: Double?) -> String {
    number.map { Wording.fixed($0, digits: 2) } ?? "?"
  }

  /// Parts of the line under the table.
  var footer: [String] {
    let asking =
      areItems ? " (items of the collection)" : ""
    var parts = [
      "a: \(first.name), b: \(second.name)",
      "\(Wording.count(lists.lists.count, "question"))\(asking)",
    ]
    if leftOut > 0 {
      parts.append(
        "\(Wording.count(leftOut, "answer is", "answers are")) the question itself and left out")
    }
    if let noise { parts += noise.cost.footer }
    return parts
  }

  /// Questions that do not count.
  var warnings: [String] {
    [(first.name, lists.onlyInFirst), (second.name, lists.onlyInSecond)].compactMap { name, ids in
      guard !ids.isEmpty else { return nil }
      return "\(Wording.count(ids.count, "question has", "questions have")) an answer of '\(name)' "
        + "alone and \(ids.count == 1 ? "does" : "do") not count: \(Self.listed(ids))"
    }
      + (lists.withoutItems.isEmpty
        ? []
        : [
          "\(Wording.count(lists.withoutItems.count, "question has", "questions have")) no hit in "
            + "either: \(Self.listed(lists.withoutItems))"
        ])
      + (noise?.leftOutWords ?? [])
  }

  /// The first of some names, and how many more there are.
  private static func listed(_ names: [String]) -> String {
    let named = 3
    let rest = names.count - named
    let list = names.prefix(named).map { "'\($0)'" }.joined(separator: ", ")
    return rest > 0 ? "\(list) and \(Wording.count(rest)) more" : list
  }

  func provenance(command: String, milliseconds: Double) -> Provenance {
    let spaces = first.spaces + second.spaces
    let inputs = first.inputs + second.inputs.filter { !first.inputs.contains($0) } + judgedBy
    return Provenance(
      command: command,
      spaces: spaces.map { .init(name: $0.reference, value: $0.spec.identity) }, inputs: inputs,
      timings: [.init(step: "compare", milliseconds: milliseconds)], seed: Int(seed))
  }
}
