internal import ParallaxCore
private import ParallaxEvaluation
internal import ParallaxReporting
private import ParallaxStatistics
internal import ParallaxWorkbench

extension Evaluation {
  /// What rerankers of one run are worth, by the first metric over all questions; `nil` where nothing was
  /// reranked.
  var rerankingSentences: [String]? {
    guard let oracle = row(measure: 0, system: 0).oracle,
      let value = row(measure: 0, system: 0).score.value
    else { return nil }
    let candidates = systems.indices.dropFirst().filter {
      row(measure: 0, system: $0).difference != nil
    }
    return candidates.map(sentence) + [
      "the best order of the same candidates would have \(measures[0]) \(Wording.fixed(oracle, digits: 3)); "
        + "'\(systems[0].name)' has \(Wording.fixed(value, digits: 3))"
    ]
  }

  /// Which times leave out scores that were kept.
  var keptScores: [String] {
    systems.compactMap { system in
      guard rows[0].oracle != nil, let record = system.run.rerankings.last, record.known > 0 else {
        return nil
      }
      return "\(Wording.count(record.known)) of \(Wording.count(record.pairs, "score")) of "
        + "'\(system.name)' were kept: its time and cost are without them"
    }
  }

  private func sentence(about system: Int) -> String {
    guard let difference = row(measure: 0, system: system).difference else { return "" }
    let name = "'\(systems[system].name)'"
    let change = "\(measures[0]) changes by \(Self.estimate(difference))"
    let counts = difference.counts.map { counts in
      "; \(Wording.count(counts.wins, "question gets", "questions get")) better, "
        + "\(Wording.count(counts.losses)) worse"
    }
    let verdict =
      switch difference.verdict {
      case .better: "\(name) pays: \(change)"
      case .worse: "\(name) harms: \(change)"
      case .notWorseThanMargin: "\(name) is within the margin: \(change)"
      case .notDistinguishable, .tooFewQuestions: "\(name) is not shown to pay: \(change)"
      }
    return verdict + (counts ?? "")
  }

  /// The systems that are not better than the first one by so much; `nil` where all are.
  ///
  /// - Parameter gain: in the unit of the first metric.
  func missing(gain: Double) -> ParallaxError? {
    let failing = systems.indices.dropFirst().filter { system in
      guard let difference = row(measure: 0, system: system).difference else { return true }
      return difference.verdict != .better || difference.value < gain
    }
    guard !failing.isEmpty else { return nil }
    let listed = failing.map { system in
      let difference = row(measure: 0, system: system).difference
      return
        "'\(systems[system].name)' by \(difference.map { Self.estimate($0) } ?? "nothing known")"
    }
    return ParallaxError(
      .checkFailed,
      "a gain of \(Wording.number(gain)) in \(measures[0]) is required and not shown: "
        + listed.joined(separator: ", "),
      hint: "a gain is shown where the verdict is 'better' and the difference is that large")
  }
}
