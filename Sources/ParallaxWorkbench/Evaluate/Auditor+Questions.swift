internal import ParallaxCore
internal import ParallaxEvaluation
private import ParallaxReporting
private import ParallaxStatistics

extension Auditor {
  /// What does not match between questions, judgements and items, with all names.
  var questions: [Audit.Finding] {
    var findings = [
      Audit.Finding(
        check: .empty, count: evaluation.withoutRelevant.count,
        isSuspicious: !evaluation.withoutRelevant.isEmpty,
        meaning: "judged questions without a relevant item, which "
          + (evaluation.dropsEmpty ? "are left out" : "count 0")
          + Self.list(evaluation.withoutRelevant))
    ]
    for system in evaluation.systems {
      findings.append(
        Audit.Finding(
          check: .unanswered, system: system.name, count: system.unanswered.count,
          isSuspicious: !system.unanswered.isEmpty,
          meaning: "judged questions without an answer, which count 0"
            + Self.list(system.unanswered)))
      findings.append(
        Audit.Finding(
          check: .unjudged, system: system.name, count: system.unjudged.count,
          isSuspicious: !system.unjudged.isEmpty,
          meaning: "answered questions without judgements, which do not count"
            + Self.list(system.unjudged)))
      guard evaluation.judgements.itemCount == nil, let share = system.judgedShare else { continue }
      findings.append(
        Audit.Finding(
          check: .judged, system: system.name, value: share, isSuspicious: share < 0.9,
          meaning:
            "of the first \(evaluation.judgedDepth) answers are judged; the others count as not "
            + "relevant"))
    }
    if let unknown {
      findings.append(
        Audit.Finding(
          check: .unknown, count: unknown.count, isSuspicious: !unknown.isEmpty,
          meaning: "judged items that are not in the collection"
            + Self.list(unknown.map(\.rawValue))))
    }
    return findings + depths
  }

  private var depths: [Audit.Finding] {
    guard
      let deepest = measures.filter({ $0.cutoff != nil })
        .max(by: { ($0.cutoff ?? 0) < ($1.cutoff ?? 0) }), let cutoff = deepest.cutoff
    else { return [] }
    return evaluation.systems.map { system in
      let longest = system.run.run.depth
      return Audit.Finding(
        check: .depth, system: system.name, metric: deepest.name, count: longest,
        isSuspicious: longest < cutoff && longest != system.run.candidates,
        meaning: "answers in the longest list; the metric looks at \(cutoff)")
    }
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "" : ": " + names.joined(separator: ", ")
  }

  // MARK: - Baselines

  /// Systems that know nothing: one gives all items the same score, one orders them at random.
  func baselines() throws -> [Audit.Finding] {
    let depth = evaluation.systems.lazy.map(\.run.run.depth).max() ?? 0
    guard depth > 0, !items.isEmpty else { return [] }
    let questions = evaluation.judgedQuestions(
      evaluation.judgements, leavingOut: evaluation.own)
    let constant = Run(
      checked: try lists(questions) { own in
        // Equal scores are ordered by falling id.
        items.suffix(depth + own.count).filter { !own.contains($0) }.suffix(depth)
          .map { RankedItem(id: $0, score: 0) }
      })
    var seeds = SeededGenerator(seed: evaluation.seed)
    let random = try (0..<Self.draws(of: questions.questions.count)).map { _ in
      let run = Run(
        checked: try lists(questions) { own in
          var generator = SeededGenerator(seed: seeds.next())
          return RandomOrder.first(depth + own.count, of: items.count, &generator)
            .map { items[$0] }.filter { !own.contains($0) }.prefix(depth).enumerated()
            .map { place, item in
              RankedItem(id: item, score: Double(depth - place) / Double(depth))
            }
        })
      return JudgedRun(run, questions)
    }
    return findings(JudgedRun(constant, questions), random)
  }

  /// How often few questions are ordered at random, so that chance itself is not left to chance.
  private static func draws(of questions: Int) -> Int {
    let (most, enough) = (20, 2_000)
    return min(most, max(1, enough / max(1, questions)))
  }

  /// A list for each question, given the items that it is itself.
  private func lists(
    _ questions: JudgedQuestions, _ list: (Set<ItemID>) -> [RankedItem]
  ) throws -> [String: [RankedItem]] {
    var lists: [String: [RankedItem]] = [:]
    for question in questions.questions {
      try Task.checkCancellation()
      lists[question.id] = list(evaluation.own[question.id] ?? [])
    }
    return lists
  }

  private func findings(_ constant: JudgedRun, _ random: [JudgedRun]) -> [Audit.Finding] {
    measures.indices.flatMap { number -> [Audit.Finding] in
      let measure = measures[number]
      guard measure.higherIsBetter else { return [] }
      let same = constant.score(measure)
      let draws = random.compactMap { $0.score(measure).value }
      let chance = draws.isEmpty ? nil : draws.reduce(0, +) / Double(draws.count)
      let rows = evaluation.systems.indices.map { evaluation.row(measure: number, system: $0) }
      let weak = zip(evaluation.systems, rows).filter { _, row in
        guard let value = row.score.value, let chance else { return false }
        return value <= chance || (row.interval.map { $0.low <= chance } ?? false)
      }.map(\.0.name)
      return [
        Audit.Finding(
          check: .constant, metric: measure.name, value: same.value, other: same.ceiling,
          meaning:
            "a system that gives every item the same score, in the order that is used here, and "
            + "in the best order of its ties"),
        Audit.Finding(
          check: .random, metric: measure.name, value: chance, isSuspicious: !weak.isEmpty,
          meaning: "a system that orders all \(Wording.count(items.count, "item")) at random"
            + (weak.isEmpty
              ? "; all systems are better"
              : "; not shown to be better: " + weak.joined(separator: ", "))),
      ]
    }
  }
}

/// The first of a random order of places.
private enum RandomOrder {
  /// By Fisher and Yates' method, of which only the places that changed are kept.
  static func first(
    _ count: Int, of total: Int, _ generator: inout SeededGenerator
  ) -> [Int] {
    var moved: [Int: Int] = [:]
    return (0..<min(count, total)).map { place in
      // Without a test for bias, which is below 2^-40.
      let step = generator.next().multipliedFullWidth(by: UInt64(total - place)).high
      let other = place + Int(step)
      let drawn = moved[other] ?? other
      moved[other] = moved[place] ?? place
      return drawn
    }
  }
}
