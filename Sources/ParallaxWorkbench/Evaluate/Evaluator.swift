internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxStatistics

/// Works an evaluation out.
///
/// Metrics with a value for each question are compared by the sign-flip test on those values. A metric
/// of whole runs has none: its difference is resampled over questions, and p is that of the interval. No
/// answers change place between systems, because scores of different spaces do not compare.
struct Evaluator {
  /// Answers that all resamples of a metric of whole runs may look at together.
  private static let patience = 1_000_000_000
  private static let fewestResamples = 1_000

  private let request: EvaluationRequest
  private let judged: JudgedQuestions
  private let own: [String: Set<ItemID>]
  private let skipped: Set<String>
  private let asked: [String: Question]
  private let slices: [Evaluation.Slice]
  private let clusters: [ClusterLabel]?
  private let handler: EventHandler

  /// - Throws: `invalid-value` and `unknown-name`, about `by`, `cluster-by` or `qrels`.
  init(_ request: EvaluationRequest, _ handler: @escaping EventHandler) throws {
    self.request = request
    self.handler = handler
    own = request.keepsOwn ? [:] : request.systems.ownItems
    skipped = request.systems.reduce(into: []) { $0.formUnion($1.skipped) }
    judged = JudgedQuestions(
      request.judgements, leavingOut: own, skipping: skipped,
      relevanceLevel: request.relevanceLevel, dropsEmpty: request.dropsEmpty)
    asked = Dictionary(
      request.systems.questions.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let fields = QuestionFields(asked: asked, judged: judged.questions.map(\.id))
    slices = try fields.slices(by: request.by)
    clusters = try request.clusterBy.map { column in
      try fields.values(of: column, for: "cluster-by").enumerated().map { place, value in
        ClusterLabel(value: value.typed, question: value == .null ? place : nil)
      }
    }
    try checkOverlap()
  }

  /// Judgements of other questions than those that were asked would make every value 0.
  private func checkOverlap() throws {
    guard
      let judgedOne = judged.questions.first,
      !request.systems.contains(where: { system in
        judged.questions.contains { system.run.lists[$0.id] != nil }
      }),
      let answered = request.systems[0].run.questions.first
    else { return }
    throw ParallaxError(
      .invalidValue,
      "none of the judged questions was answered: the judgements have '\(judgedOne.id)', "
        + "'\(request.systems[0].name)' has '\(answered)'",
      hint: "the ids of questions must agree", parameter: .init(name: "qrels"))
  }

  /// A system's values in a slice, and what resampling needs to know of it.
  private struct Cell {
    var score: MetricScore
    var oracle: Double?
    /// Of a metric of the whole run.
    var statistic: (([Int]) -> Double?)?
  }

  func evaluation() throws -> Evaluation {
    var systems: [Evaluation.System] = []
    // By slice, metric and system.
    var cells: [[[Cell]]] = slices.map { _ in request.measures.map { _ in [] } }
    let depth = judgedDepth
    let oracle = request.rerankDepth.map { depth in
      JudgedRun(request.systems[0].run.oracle(depth: depth, judged), judged)
    }
    for system in request.systems {
      try Task.checkCancellation()
      let run = JudgedRun(system.run, judged)
      systems.append(
        Evaluation.System(
          run: system, unanswered: run.unanswered, unjudged: run.unjudged, leftOut: run.leftOut,
          depth: run.depth,
          judgedShare: run.judgedShare(first: depth), effect: try RerankEffect(of: system)))
      for (place, slice) in slices.enumerated() {
        let part = place == 0 ? run : run.keeping(slice.places)
        let best = place == 0 ? oracle : oracle?.keeping(slice.places)
        for (number, measure) in request.measures.enumerated() {
          cells[place][number].append(
            Cell(
              score: part.score(measure), oracle: best?.score(measure).value,
              statistic: (measure.metric as? any RunMetric)?.statistic(of: part.rankings)))
        }
      }
    }
    let resamples = resamplesOfWholeRuns
    let total = slices.count * request.measures.count
    var rows: [Evaluation.Row] = []
    for (place, slice) in slices.enumerated() {
      for number in request.measures.indices {
        handler(
          .progress(
            Progress(
              request.comparison == nil ? "evaluating" : "comparing",
              completed: place * request.measures.count + number, total: total, unit: "metrics")))
        rows += try self.rows(
          cells[place][number], of: slice, place, measure: number, resamples: resamples)
      }
    }
    var evaluation = Evaluation(
      systems: systems, measures: request.measures.map(\.name),
      questions: judged.questions.map(\.id), withoutRelevant: judged.withoutRelevant,
      judgements: request.judgements, own: own, skipped: skipped,
      relevanceLevel: judged.relevanceLevel,
      dropsEmpty: request.dropsEmpty, keepsOwn: request.keepsOwn, by: request.by,
      clusterBy: request.clusterBy, clusterCount: clusters.map { Set($0).count }, slices: slices,
      rows: rows, comparison: request.comparison, familySize: 0, seed: request.seed,
      fewerResamples: resamples < request.resamples && hasWholeRunMetric ? resamples : nil,
      judgedDepth: depth)
    evaluation.conclude()
    return evaluation
  }

  /// The depth of the first metric that has one.
  private var judgedDepth: Int { request.measures.lazy.compactMap(\.cutoff).first ?? 10 }

  // MARK: - Rows

  private func rows(
    _ cells: [Cell], of slice: Evaluation.Slice, _ place: Int, measure: Int, resamples: Int
  ) throws -> [Evaluation.Row] {
    let clusters = clusters.map { all in Clusters(slice.places.map { all[$0] }) }
    let intervals: [Interval?]
    var differences: [Evaluation.Difference?] = cells.map { _ in nil }
    if !slice.isTested {
      intervals = cells.map { _ in nil }
      for index in cells.indices.dropFirst() where request.comparison != nil {
        differences[index] = Self.untested(cells[index].score, cells[0].score)
      }
    } else if cells[0].statistic != nil {
      var bootstrap = Bootstrap(seed: request.seed)
      bootstrap.resamples = resamples
      let units = ResampledUnits(clusters, count: slice.places.count)
      intervals = try cells.map { cell in
        try bootstrap.interval(units: units.count) { counts in
          cell.statistic.flatMap { $0(units.questionCounts(counts)) }
        }
      }
      for index in cells.indices.dropFirst() where request.comparison != nil {
        differences[index] = try difference(cells[index], cells[0], units, bootstrap)
      }
    } else {
      let series = cells.map { $0.score.byQuestion ?? [] }
      var bootstrap = Bootstrap(seed: request.seed)
      bootstrap.resamples = request.resamples
      intervals = try bootstrap.intervals(ofMeans: series, clusters: clusters)
      if request.comparison != nil, series.count > 1, !series[0].isEmpty {
        var signs = SignFlipTest(seed: request.seed)
        signs.permutations = request.permutations
        let compared = try PairedComparison.comparisons(
          of: Array(series.dropFirst()), with: series[0], clusters: clusters, signFlips: signs)
        for (index, pair) in compared.enumerated() {
          differences[index + 1] = Evaluation.Difference(pair, margin: request.comparison?.margin)
        }
      }
    }
    return cells.indices.map { system in
      var score = cells[system].score
      if place > 0 { score.byQuestion = nil }
      return Evaluation.Row(
        slice: place, measure: measure, system: system, score: score,
        oracle: cells[system].oracle, interval: intervals[system],
        difference: differences[system])
    }
  }

  private static func untested(
    _ score: MetricScore, _ baseline: MetricScore
  ) -> Evaluation.Difference? {
    guard let value = score.value, let old = baseline.value else { return nil }
    return Evaluation.Difference(value: value - old, verdict: .tooFewQuestions)
  }

  // MARK: - Metrics of whole runs

  private var hasWholeRunMetric: Bool {
    request.measures.contains { $0.metric is any RunMetric }
  }

  /// Fewer where lists are many and long, so that each is looked at in a time that people wait for.
  private var resamplesOfWholeRuns: Int {
    let answers =
      request.systems.map { system in
        judged.questions.reduce(0) { $0 + (system.run.lists[$1.id]?.count ?? 0) }
      }.max() ?? 0
    return min(
      request.resamples, max(Self.fewestResamples, Self.patience / max(1, answers)))
  }

  private func difference(
    _ cell: Cell, _ baseline: Cell, _ units: ResampledUnits, _ bootstrap: Bootstrap
  ) throws -> Evaluation.Difference? {
    guard let value = cell.score.value, let old = baseline.score.value else { return nil }
    var bootstrap = bootstrap
    bootstrap.isCorrected = false
    let distribution = try bootstrap.distribution(units: units.count) { counts in
      let counts = units.questionCounts(counts)
      guard let new = cell.statistic.flatMap({ $0(counts) }),
        let old = baseline.statistic.flatMap({ $0(counts) })
      else { return nil }
      return new - old
    }
    guard let distribution else {
      return Evaluation.Difference(value: value - old, verdict: .tooFewQuestions)
    }
    let least = Double(sign: .plus, exponent: 1 - units.count, significand: 1)
    return Evaluation.Difference(
      value: value - old, interval: distribution.interval(),
      evidence: least > Evaluation.level
        ? .outOfReach(differences: units.count, least: min(1, least))
        : .p(distribution.p(of: 0)),
      verdict: .notDistinguishable,
      nonInferiority: request.comparison?.margin.map {
        NonInferiority(distribution, margin: $0, level: Evaluation.level)
      })
  }
}

/// What makes questions a cluster; one without a value is a cluster of its own.
private struct ClusterLabel: Hashable {
  var value: Value
  var question: Int?
}

/// Questions, or clusters of them, that are drawn as wholes.
private struct ResampledUnits {
  let count: Int
  private let numbers: [Int]?

  init(_ clusters: Clusters?, count: Int) {
    self.count = clusters?.count ?? count
    numbers = clusters?.numbers
  }

  /// How often each question counts when each unit counts so often.
  func questionCounts(_ counts: [Int]) -> [Int] {
    numbers?.map { counts[$0] } ?? counts
  }
}
