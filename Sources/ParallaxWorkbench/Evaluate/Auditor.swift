internal import ParallaxCore
internal import ParallaxEvaluation
private import ParallaxReporting
private import ParallaxStatistics

/// Looks for what may be wrong with an evaluation.
struct Auditor {
  /// From which difference on a range of ties is worth a look.
  private static let tieWidth = 0.005
  /// How near to its bounds a metric tells nothing apart.
  private static let edge = 0.02

  let evaluation: Evaluation
  let measures: [NamedMetric]
  /// All items that could have been answered, ascending.
  let items: [ItemID]
  /// Items with the same content.
  let copies: [[ItemID]]
  /// Judged items that are not in the collection; `nil` where that is not known.
  let unknown: [ItemID]?

  /// - Throws: `CancellationError`.
  func audit() throws -> Audit {
    var findings = ceilings + ties
    findings += try itself() + duplicates()
    findings += questions + (try baselines()) + saturated
    return Audit(findings: findings, seed: evaluation.seed)
  }

  private func forEachCell(
    _ body: (_ system: Int, _ measure: Int, _ score: MetricScore) -> Audit.Finding?
  ) -> [Audit.Finding] {
    measures.indices.flatMap { measure in
      evaluation.systems.indices.compactMap { system in
        body(system, measure, evaluation.row(measure: measure, system: system).score)
      }
    }
  }

  private func name(_ system: Int) -> String { evaluation.systems[system].name }

  // MARK: - Scores

  private var ceilings: [Audit.Finding] {
    forEachCell { system, measure, score in
      guard let value = score.value, let ceiling = score.ceiling else { return nil }
      let share = ceiling > 0 ? Wording.fixed(value / ceiling * 100, digits: 0) : "0"
      return Audit.Finding(
        check: .ceiling, system: name(system), metric: score.name, value: value, other: ceiling,
        isSuspicious: ceiling < 0.95,
        meaning: ceiling < 0.95
          ? "no list of this length can have more than the second number; this is \(share) % of it"
          : "\(share) % of the best possible value")
    }
  }

  private var ties: [Audit.Finding] {
    forEachCell { system, measure, score in
      guard let range = score.tieRange else { return nil }
      return Audit.Finding(
        check: .ties, system: name(system), metric: score.name, value: range.low, other: range.high,
        isSuspicious: range.high - range.low > Self.tieWidth,
        meaning: "with the worst and the best order of equal scores; other programs order them "
          + "in their own way")
    }
  }

  /// The scores with other judgements or other items left out.
  private func scores(
    _ system: Int, _ judgements: Judgements, leavingOut own: [String: Set<ItemID>]
  ) -> [MetricScore] {
    let questions = evaluation.judgedQuestions(judgements, leavingOut: own)
    let run = JudgedRun(evaluation.systems[system].run.run, questions)
    return measures.map { run.score($0) }
  }

  private func itself() throws -> [Audit.Finding] {
    let own = evaluation.systems.map(\.run).ownItems
    var findings: [Audit.Finding] = []
    for (place, system) in evaluation.systems.enumerated() {
      try Task.checkCancellation()
      let hits = system.run.run.lists.reduce(0) { count, list in
        let items = own[list.key] ?? []
        return items.isEmpty ? count : count + list.value.count { items.contains($0.id) }
      }
      guard hits > 0 else { continue }
      let without = scores(place, evaluation.judgements, leavingOut: own)
      let with = scores(place, evaluation.judgements, leavingOut: [:])
      for (score, kept) in zip(without, with) {
        findings.append(
          Audit.Finding(
            check: .itself, system: system.name, metric: score.name, value: score.value,
            other: kept.value, count: hits, isSuspicious: evaluation.keepsOwn,
            meaning: "without and with the hits that are the question itself; "
              + (evaluation.keepsOwn ? "they count here (--keep-self)" : "they do not count here")))
      }
    }
    return findings
  }

  /// Copies of relevant items that are not judged relevant: finding one counts as a miss.
  private func duplicates() throws -> [Audit.Finding] {
    guard !copies.isEmpty else { return [] }
    var groups: [ItemID: [ItemID]] = [:]
    for group in copies { for id in group { groups[id] = group } }
    let copied = groups.keys.sorted()
    var grades = evaluation.judgements.grades
    var (count, questions) = (0, 0)
    for (question, own) in evaluation.judgements.grades {
      try Task.checkCancellation()
      var added: [ItemID: Int] = [:]
      for item in copied {
        guard let grade = own[item], grade >= evaluation.relevanceLevel else { continue }
        for copy in groups[item] ?? [] where (own[copy] ?? -1) < evaluation.relevanceLevel {
          added[copy] = max(added[copy] ?? 0, grade)
        }
      }
      for item in evaluation.own[question] ?? [] { added[item] = nil }
      guard !added.isEmpty else { continue }
      count += added.count
      questions += 1
      grades[question] = ItemGrades(own.all.merging(added) { $1 })
    }
    guard count > 0 else { return [] }
    let judgements = Judgements(grades, ofAll: evaluation.judgements.itemCount)
    return evaluation.systems.indices.flatMap { system in
      let scores = scores(system, judgements, leavingOut: evaluation.own)
      return measures.indices.map { measure in
        Audit.Finding(
          check: .copies, system: name(system), metric: scores[measure].name,
          value: evaluation.row(measure: measure, system: system).score.value,
          other: scores[measure].value, count: count, isSuspicious: true,
          meaning: "\(Wording.count(count, "copy", "copies")) of relevant items, of "
            + "\(Wording.count(questions, "question")), are judged not relevant or not at all; the "
            + "second number has them as relevant as their originals")
      }
    }
  }

  /// Metrics that cannot tell systems apart, because all are as bad or as good as can be.
  private var saturated: [Audit.Finding] {
    measures.indices.compactMap { measure in
      let scores = evaluation.systems.indices.map {
        evaluation.row(measure: measure, system: $0).score
      }
      let values = scores.compactMap(\.value)
      let ceiling = scores.compactMap(\.ceiling).max() ?? 1
      guard let low = values.min(), let high = values.max() else { return nil }
      let (isLow, isHigh) = (high < Self.edge * ceiling, low > (1 - Self.edge) * ceiling)
      guard isLow || isHigh else { return nil }
      let place = isLow ? "near 0" : "near the ceiling"
      return Audit.Finding(
        check: .saturated, metric: scores[0].name, value: low, other: high, isSuspicious: true,
        meaning: "all systems are \(place): this metric can hardly tell them apart")
    }
  }
}
