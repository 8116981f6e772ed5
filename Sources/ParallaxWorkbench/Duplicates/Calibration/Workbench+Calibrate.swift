package import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxStatistics
package import ParallaxStorage
private import ParallaxSystem

extension Workbench {
  /// Finds the thresholds of a gate from the space itself, measures what they miss on changed copies, and keeps
  /// both with the collection and the identity.
  ///
  /// False alarms are measured first, for that costs nothing.
  ///
  /// - Parameter budget: millionths of a US dollar that may be spent in this workspace; `nil` for no limit.
  /// - Throws: `invalid-value` about `false-alarms` or `review-alarms` where too few pictures are there for the
  ///   promise; `unsupported` for a space of something else than pictures; `budget` before anything is asked
  ///   for; what the model says; `cancelled`.
  @concurrent package func calibrate(
    _ space: Space, _ request: CalibrationRequest, budget: Int?,
    _ handler: @escaping EventHandler
  ) async throws -> CalibrationReport {
    let embedding = try await PictureEmbedding(space, self, budget: budget)
    let (pictures, alarms, thresholds) = try await thresholds(of: space, request, handler)
    let job = copyJob(pictures, request, embedding, handler)
    // What is known already is only looked for where the rest might not fit.
    do { try embedding.check(job.mostCost, "embedding the copies") } catch {
      try embedding.check(try await job.cost(), "embedding the copies")
    }
    let spent = try ledger.spending(provider: space.spec.provider).micros
    let copies = try await job.run()
    let now = try ledger.spending(provider: space.spec.provider).micros
    var cost = copies.asked
    cost.micros = cost.micros.map { _ in now - spent }
    embedding.say(handler)
    try say(copies, of: job.sources.count * request.changes.count, handler)
    let measured = CalibrationMeasures(
      alarms, random: try pictures.randomScores(seed: UInt64(request.seed)), copies,
      duplicates: pictures.scores(of: pictures.labels.duplicates),
      distinct: pictures.scores(of: pictures.labels.distinct))
    let calibration = Calibration(
      collection: space.collection, space: space.name, identity: space.spec.identity,
      bits: request.hashBits,
      created: Clock.now(), seed: request.seed, vectors: pictures.entry.loaded.ids.count,
      pictures: alarms.nearest.count, falseAlarms: request.falseAlarms,
      reviewAlarms: request.reviewAlarms, reject: thresholds.reject, review: thresholds.review,
      rates: measured.curves(through: thresholds, isWhole: request.hashBits != nil))
    return CalibrationReport(
      space: space, calibration: calibration, replaced: try keep(calibration, handler),
      rows: measured.rows(at: thresholds),
      hardest: Self.hardest(alarms).map {
        .init(left: pictures.item($0.item).id, right: pictures.item($0.other).id, score: $0.score)
      }, sample: job.sources.count, cost: cost)
  }

  /// What ``calibrate(_:_:budget:_:)`` would ask a model for, and what it would promise; a remote model needs no
  /// key. Copies are made to find out what is known of them.
  @concurrent package func calibrationForecast(
    _ space: Space, _ request: CalibrationRequest, budget: Int?,
    _ handler: @escaping EventHandler
  ) async throws -> (
    copies: Int, cost: RepeatedCost, thresholds: GateThresholds, missing: ParallaxError?
  ) {
    let embedding = try await PictureEmbedding(space, self, budget: budget, isForEstimate: true)
    let (pictures, _, thresholds) = try await thresholds(of: space, request, handler)
    let job = copyJob(pictures, request, embedding, handler)
    return (
      job.sources.count * request.changes.count,
      embedding.isPaid ? try await job.cost() : job.mostCost, thresholds, embedding.missing
    )
  }

  /// At most what ``calibrate(_:_:budget:_:)`` would ask a model for.
  @concurrent package func mostCalibrationCost(
    _ space: Space, _ request: CalibrationRequest, budget: Int?
  ) async throws -> RepeatedCost {
    let embedding = try await PictureEmbedding(space, self, budget: budget, isForEstimate: true)
    let items = try workspace.summaries(of: [space]).first?.vectorCount ?? 0
    return embedding.cost(ofNewPictures: min(request.sample, items) * request.changes.count)
  }

  private func copyJob(
    _ pictures: DistinctPictures, _ request: CalibrationRequest, _ embedding: PictureEmbedding,
    _ handler: @escaping EventHandler
  ) -> CopyJob {
    CopyJob(
      bench: self, embedding: embedding, pictures: pictures,
      sources: pictures.sample(request.sample, seed: UInt64(request.seed)),
      changes: request.changes, progress: { handler(.progress($0)) })
  }

  private func keep(_ calibration: Calibration, _ handler: EventHandler) throws -> Calibration? {
    guard workspace.mode == .readWrite else {
      handler(.warning("the workspace is open for reading only: the calibration is not kept"))
      return nil
    }
    return try workspace.keep(calibration)
  }

  private func say(_ copies: CopyScores, of total: Int, _ handler: EventHandler) throws {
    guard let first = copies.failures.first else { return }
    guard !copies.copies.isEmpty else {
      throw ParallaxError(.unsupported, "no copy could be made and embedded: \(first)")
    }
    handler(
      .warning(
        "\(Wording.count(copies.failures.count)) of \(Wording.count(total, "copy", "copies")) could "
          + "not be made and embedded, and are left out: \(first)"))
  }

  /// Pairs that are shown to a person.
  private static let shown = 5

  /// The nearest pairs, each once.
  private static func hardest(_ alarms: FalseAlarms) -> [FalseAlarms.Nearest] {
    var known: Set<ItemPair> = []
    var pairs: [FalseAlarms.Nearest] = []
    for found in alarms.nearest where pairs.count < shown && found.score >= -1 {
      if known.insert(ItemPair(found.item, found.other)).inserted { pairs.append(found) }
    }
    return pairs
  }
}

extension Workbench {
  /// The thresholds that keep what is asked for, from pictures that are in the space.
  ///
  /// - Throws: `invalid-value` where too few pictures are there, or too many of them are near.
  private func thresholds(
    of space: Space, _ request: CalibrationRequest, _ handler: @escaping EventHandler
  ) async throws -> (DistinctPictures, FalseAlarms, GateThresholds) {
    let entry = try await spaces.loading(space, progress: { handler(.progress($0)) })
    let labels = PairLabels(try workspace.verdicts(in: space.collection), request.labels)
    var sign: SecondSign?
    if let bits = request.hashBits { sign = try await secondSign(bits, of: entry.loaded, handler) }
    let pictures = try DistinctPictures(entry, sign, labels, in: workspace)
    if let sentence = Contradictions.sentence(of: labels.contradictions, pictures.name) {
      handler(.warning(sentence))
    }
    let alarms = try await pictures.falseAlarms(seed: UInt64(request.seed)) {
      handler(.progress($0))
    }
    guard !alarms.nearest.isEmpty else {
      throw ParallaxError(
        .unsupported,
        "'\(space.reference)' has fewer than two distinct pictures: nothing can be "
          + "learned from them")
    }
    let reject = try threshold(
      request.falseAlarms, alarms, space, parameter: "false-alarms")
    let review = try threshold(
      request.reviewAlarms, alarms, space, parameter: "review-alarms")
    return (pictures, alarms, GateThresholds(reject: reject, review: min(review, reject)))
  }

  private func threshold(
    _ target: Double, _ alarms: FalseAlarms, _ space: Space,
    parameter: ParallaxError.Parameter
  ) throws -> Double {
    let count = Wording.count(alarms.nearest.count, "distinct picture")
    guard alarms.leastTarget <= target else {
      throw ParallaxError(
        .invalidValue,
        "\(count) of '\(space.reference)' cannot show that at most \(Wording.percent(target)) of new ones "
          + "are false alarms: about \(Wording.count(alarms.needed(for: target))) are needed",
        hint:
          "with these, \(Wording.percent(Self.roundedUp(alarms.leastTarget))) is the least that can be "
          + "promised: --\(parameter.name) \(Wording.number(Self.roundedUp(alarms.leastTarget)))",
        parameter: parameter)
    }
    guard let threshold = alarms.threshold(for: target) else {
      throw ParallaxError(
        .invalidValue,
        "too many pictures of '\(space.reference)' have another one with a cosine of 1: no threshold "
          + "keeps false alarms at \(Wording.percent(target))",
        hint:
          "'dedupe \(space.reference) --min-score 0.999' shows them; pairs that are duplicates are "
          + "left out once 'judge' has heard so",
        parameter: parameter)
    }
    return threshold
  }

  /// To two digits that count.
  private static func roundedUp(_ value: Double) -> Double {
    var unit = 1.0
    while unit > value { unit /= 10 }
    let steps = 10 / unit
    return (value * steps).rounded(.up) / steps
  }
}
