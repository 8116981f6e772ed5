internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxStatistics
internal import ParallaxWorkbench

extension SystemDifference {
  /// A row of the table: a measure of both systems together, or of each.
  private struct Fact {
    var slice: String?
    var measure: String
    var value: Double?
    var interval: Interval?
    var first: Value = .null
    var second: Value = .null
    var meaning: String
  }

  /// A measure in each row, the verdict in the last.
  var table: Table {
    let isSliced = by != nil
    var columns: [Table.Column] = [
      .init("measure", .text, isKey: true), .init("value", .real, isKey: true),
      .init("low", .real, isKey: true), .init("high", .real, isKey: true),
      .init("a", .real, isKey: true), .init("b", .real, isKey: true),
      .init("meaning", .text, isMain: true, wraps: true),
    ]
    if isSliced { columns.insert(.init("slice", .text, isKey: true), at: 0) }
    let facts =
      likeness.flatMap(facts) + judgedFacts + spaceFacts + scoreFacts + noiseFacts + [verdictFact]
    return Table(
      columns: columns,
      rows: facts.map { fact in
        (isSliced ? [Value(fact.slice)] : []) + [
          .text(fact.measure), Self.real(fact.value), Self.real(fact.interval?.low),
          Self.real(fact.interval?.high), fact.first, fact.second, .text(fact.meaning),
        ]
      })
  }

  // MARK: Lists

  private func facts(of likeness: Likeness) -> [Fact] {
    func fact(_ measure: String, _ mean: Mean?, _ meaning: String) -> Fact? {
      mean.map {
        Fact(
          slice: likeness.slice, measure: measure, value: $0.value, interval: $0.interval,
          meaning: meaning)
      }
    }
    let first = [
      fact("overlap@\(top)", likeness.overlap, "share of the first \(top) that both have"),
      fact(
        "rbo", likeness.rankBiased,
        "rank-biased overlap of whole lists: the top counts most (p = 0.9)"),
    ].compactMap(\.self)
    if likeness.slice != nil { return first }
    let ordered = likeness.tau.map { Wording.count($0.questions, "question") } ?? "no question"
    return first
      + [
        fact("rbo_min", likeness.low, "if nothing agrees below the ends of the lists"),
        fact("rbo_max", likeness.high, "if all agrees below the ends of the lists"),
        fact(
          "tau", likeness.tau,
          "order of the items that both lists have (\(ordered)): 1 the same, -1 the opposite"),
        fact("tau_ap", likeness.tauAP, "the same; what happens at the top counts more"),
      ].compactMap(\.self)
  }

  // MARK: Judgements

  private var judgedFacts: [Fact] {
    guard let evaluation else { return [] }
    return evaluation.slices.indices.flatMap { slice in
      evaluation.measures.indices.compactMap { measure -> Fact? in
        let first = evaluation.row(slice: slice, measure: measure, system: 0)
        let second = evaluation.row(slice: slice, measure: measure, system: 1)
        guard let difference = second.difference else { return nil }
        let p = difference.correctedP.map { ", \(Self.p($0)) (Holm)" } ?? ""
        return Fact(
          slice: evaluation.slices[slice].label, measure: evaluation.measures[measure],
          value: difference.value, interval: difference.interval,
          first: Self.real(first.score.value),
          second: Self.real(second.score.value),
          meaning: "b less a: \(difference.verdict.rawValue)\(p)")
      }
    }
  }

  // MARK: Spaces

  private var spaceFacts: [Fact] {
    guard let spaces else { return [] }
    let neighbours = spaces.firstHubness.neighbours
    return [
      Fact(
        measure: "churned items", value: spaces.churnedShare,
        meaning: "share of \(Wording.count(spaces.churn.count, "item")) with fewer than half of "
          + "their \(top) neighbours in common"),
      Fact(
        measure: "cka", value: spaces.alignment,
        meaning:
          "how alike the spaces place \(Wording.count(spaces.sample, "item")): 1 the same but "
          + "for rotation and scale"),
      Fact(
        measure: "hubness", first: Self.real(spaces.firstHubness.skewness),
        second: Self.real(spaces.secondHubness.skewness),
        meaning: "skewness of N_\(neighbours); above 2 a few items answer very many questions"),
      Fact(
        measure: "items missing", first: Value(spaces.onlyInSecond),
        second: Value(spaces.onlyInFirst), meaning: "items that only the other space has"),
    ]
  }

  // MARK: Scores

  private var scoreFacts: [Fact] {
    let quantiles = scores.flatMap { scores in
      zip(Scores.shares, zip(scores.first, scores.second)).map { share, values in
        Fact(
          measure: "score at rank \(scores.rank), \(Wording.percent(share, digits: 0))",
          first: .real(values.0), second: .real(values.1),
          meaning: share == 0.5
            ? "half of the questions reach more: for thresholds, not for quality"
            : "\(Wording.percent(1 - share, digits: 0)) of the questions reach more")
      }
    }
    let thresholds = [("same acceptance", acceptance), ("same precision", precision)].compactMap {
      name, translation in
      translation.map { translation in
        Fact(
          measure: name, first: .real(translation.first), second: .real(translation.second),
          meaning: Self.meaning(of: translation))
      }
    }
    return quantiles + thresholds
  }

  private static func meaning(of translation: ThresholdTranslation) -> String {
    let (first, second) = (
      Wording.count(translation.acceptedByFirst), Wording.count(translation.acceptedBySecond)
    )
    let pairs =
      translation.precision.map {
        "as --min-score, \(Wording.thousandths($0 * 100)) % of \(first) and at least as many of "
          + "\(second) answers are relevant"
      } ?? "as --min-score, these let \(first) and \(second) answers through"
    return translation.isCut ? "\(pairs), as far as the lists go (--depth)" : pairs
  }

  // MARK: Noise

  private var noiseFacts: [Fact] {
    guard let noise else { return [] }
    return noise.systems.flatMap { system in
      let isFirst = system.name == first.name
      let asked = Wording.count(system.questions, "question")
      return [
        Fact(
          measure: "noise: overlap@\(top)", first: isFirst ? .real(system.overlap) : .null,
          second: isFirst ? .null : .real(system.overlap),
          meaning: "'\(system.name)' with itself, \(asked) asked again"),
        Fact(
          measure: "noise: distance", first: isFirst ? .real(system.meanDistance) : .null,
          second: isFirst ? .null : .real(system.meanDistance),
          meaning: system.largestDistance == 0
            ? "every vector is the same, bit for bit"
            : "mean cosine distance of two vectors of one question; the largest is "
              + CanaryReport.text(system.largestDistance)),
      ]
    }
  }

  private var verdictFact: Fact {
    Fact(
      measure: "verdict",
      meaning: ([verdict.verdict.rawValue] + conclusion.dropFirst()).joined(separator: "; "))
  }

  private static func real(_ number: Double?) -> Value { number.map { .real($0) } ?? .null }
}
