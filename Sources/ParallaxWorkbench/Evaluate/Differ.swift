internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxStatistics

/// Works out how two systems differ, as far as their lists show it.
struct Differ {
  private let request: DifferenceRequest
  private let first: Run
  private let second: Run
  private let lists: RunDifference
  private let own: [String: Set<ItemID>]
  private var leftOut = 0

  /// - Throws: `invalid-value` where no question is answered by both.
  init(_ request: DifferenceRequest) throws {
    self.request = request
    own = request.keepsOwn ? [:] : [request.first, request.second].ownItems
    var runs = [request.first.run, request.second.run]
    for place in runs.indices {
      leftOut += runs[place].remove(own)
    }
    (first, second) = (runs[0], runs[1])
    lists = RunDifference(first, second, top: request.top)
    guard lists.lists.isEmpty else { return }
    let names = [first, second].map { $0.questions.first.map { "'\($0)'" } ?? "none" }
    throw ParallaxError(
      .invalidValue,
      "no question is answered by both: '\(request.first.name)' has \(names[0]), "
        + "'\(request.second.name)' has \(names[1])",
      hint: "the ids of questions must agree")
  }

  /// - Throws: `unknown-name` about `by`; `CancellationError`.
  func difference() throws -> SystemDifference {
    let threshold = request.threshold ?? usualThreshold
    return SystemDifference(
      first: request.first, second: request.second, lists: lists, own: own, leftOut: leftOut,
      likeness: try likeness(), scores: scores(),
      acceptance: threshold.flatMap {
        ThresholdTranslation.sameAcceptance(first, second, threshold: $0)
      }.map(whole),
      precision: threshold.flatMap { threshold in
        request.judging.flatMap {
          ThresholdTranslation.samePrecision(
            first, second, threshold: threshold, $0.judgements,
            relevanceLevel: $0.relevanceLevel)
        }
      }.map(whole), compared: request.spaces, spaces: nil, evaluation: nil, noise: request.noise,
      judgedBy: request.judging?.inputs ?? [], seed: request.seed,
      top: request.top, by: request.by)
  }

  // MARK: - Lists

  private func likeness() throws -> [SystemDifference.Likeness] {
    let asked = Dictionary(
      [request.first, request.second].questions.map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first })
    let slices = try QuestionFields(asked: asked, judged: lists.lists.map(\.question))
      .slices(by: request.by)
    return try slices.map { slice in
      try likeness(slice.label, slice.places.map { lists.lists[$0] })
    }
  }

  private func likeness(
    _ label: String?, _ lists: [RunDifference.Lists]
  ) throws -> SystemDifference.Likeness {
    let ranked = lists.compactMap(\.rankBiased)
    let correlations = lists.compactMap(\.correlation)
    let ofLists = try means([lists.map(\.overlap.overlap)])
    let ofRanks = try means([ranked.map(\.extrapolated), ranked.map(\.low), ranked.map(\.high)])
    let ofOrders = try means([correlations.map(\.tau), correlations.map(\.tauAP)])
    return SystemDifference.Likeness(
      slice: label, overlap: ofLists[0] ?? .init(value: 0, interval: nil, questions: 0),
      rankBiased: ofRanks[0], low: ofRanks[1], high: ofRanks[2], tau: ofOrders[0],
      tauAP: ofOrders[1])
  }

  private func means(_ series: [[Double]]) throws -> [SystemDifference.Mean?] {
    guard let count = series.first?.count, count > 0 else { return series.map { _ in nil } }
    var bootstrap = Bootstrap(seed: request.seed)
    bootstrap.resamples = request.resamples
    return zip(series, try bootstrap.intervals(ofMeans: series)).map { values, interval in
      .init(value: values.reduce(0, +) / Double(count), interval: interval, questions: count)
    }
  }

  // MARK: - Scores

  private var isScored: Bool {
    request.first.isOrderedByScore && request.second.isOrderedByScore
  }

  private func scores(_ run: Run, at rank: Int) -> [Double] {
    lists.lists.compactMap { list in
      run.lists[list.question].flatMap { $0.count >= rank ? $0[rank - 1].score : nil }
    }.sorted()
  }

  private func scores() -> [SystemDifference.Scores] {
    guard isScored else { return [] }
    return Set([1, request.top]).sorted().compactMap { rank in
      let (left, right) = (scores(first, at: rank), scores(second, at: rank))
      guard !left.isEmpty, !right.isEmpty else { return nil }
      let shares = SystemDifference.Scores.shares
      return SystemDifference.Scores(
        rank: rank, first: shares.map { Quantiles.value(at: $0, ofSorted: left) },
        second: shares.map { Quantiles.value(at: $0, ofSorted: right) })
    }
  }

  /// The score that half of the questions reach at the last rank that is compared.
  private var usualThreshold: Double? {
    guard isScored else { return nil }
    let scores = scores(first, at: request.top)
    return scores.isEmpty ? nil : Quantiles.value(at: 0.5, ofSorted: scores)
  }

  /// Lists of all there is are not cut.
  private func whole(_ translation: ThresholdTranslation) -> ThresholdTranslation {
    let areWhole = [(request.first, first), (request.second, second)].allSatisfy { system, run in
      system.candidates.map { $0 <= run.depth + 1 } ?? false
    }
    var copy = translation
    if areWhole { copy.isCut = false }
    return copy
  }
}
