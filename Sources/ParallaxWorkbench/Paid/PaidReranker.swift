internal import ParallaxCore
internal import ParallaxDigest
internal import ParallaxProviders
internal import ParallaxStorage
private import Synchronization

/// A remote reranker whose scores are kept and charged.
struct PaidReranker: ScoreKeeping {
  let inner: any MeteredReranker
  let requests: PaidRequests
  let price: ModelPrice?
  /// What prevents a request, where only an estimate is wanted.
  let missing: ParallaxError?
  let known = KnownScores()

  init(
    inner: any MeteredReranker, ledger: Ledger, replies: ReplyCache, price: ModelPrice?,
    limits: SpendingLimits, subject: String, missing: ParallaxError? = nil
  ) {
    self.inner = inner
    self.price = price
    self.missing = missing
    requests = PaidRequests(
      ledger: ledger, replies: replies, limits: limits, provider: inner.spec.provider,
      model: inner.spec.model, subject: subject, dimension: 1, answer: "score")
  }

  var spec: RerankerSpec { inner.spec }
  var capabilities: RerankerCapabilities { inner.capabilities }
  var notes: [String] { inner.notes }
  var warnings: [String] { inner.warnings }

  func prepare() async throws { try await inner.prepare() }
  func drainFindings() -> RerankerFindings { inner.drainFindings() }

  func limit(exceededBy question: ModelInput) async throws -> TextLimit? {
    try await inner.limit(exceededBy: question)
  }

  @concurrent func scores(
    of candidates: [ModelInput], for question: ModelInput
  ) async throws -> [Result<Double, ParallaxError>] {
    let keys = ScoreKeys(of: candidates, for: question, by: inner)
    known.add(candidates.count)
    let wanted = zip(candidates, keys.keys).map { candidate, key in
      PaidRequests.Input(
        name: candidate.name, key: key, kind: candidate.holdsImage ? .image : .text,
        micros: micros(of: candidate, for: question, among: candidates.count))
    }
    guard capabilities.isListwise else {
      return try await requests.outcomes(of: wanted) { positions, meter in
        known.add(-positions.count)
        return try await inner.scores(
          of: positions.map { candidates[$0] }, for: question, meter: meter
        ).map { $0.map { [Float($0)] } }
      }.map(Self.score)
    }
    // A list is asked for as a whole or not at all: what it left out stays left out.
    return try await requests.outcomes(of: wanted) { positions, meter in
      known.add(-positions.count)
      let outcomes = try await inner.scores(
        of: positions.map { candidates[$0] }, for: question,
        meter: WholeList(inner: meter, count: positions.count))
      return outcomes.map { $0.map { [Float($0)] } }
    }.map(Self.score)
  }

  func demand(
    of candidates: [ModelInput], for question: ModelInput
  ) throws -> RerankDemand {
    try Task.checkCancellation()
    let keys = ScoreKeys(of: candidates, for: question, by: inner).keys
    let known = try requests.replies.vectors(for: keys.compactMap(\.self))
    let missing = keys.map { $0.flatMap { known[$0] } == nil }
    let sendings = inner.sendings(ofList: candidates.count)
    var demand = RerankDemand()
    for (candidate, isMissing) in zip(candidates, missing) where isMissing {
      demand.pairs += 1
      demand.use =
        demand.use + inner.use(of: candidate, for: question, among: candidates.count) * sendings
      demand.prices.append(
        micros(of: candidate, for: question, among: candidates.count).map { $0 * Double(sendings) })
    }
    let size = capabilities.isListwise ? missing.count : max(1, capabilities.preferredBatch)
    for start in stride(from: 0, to: missing.count, by: max(1, size)) {
      let count = missing[start..<min(start + size, missing.count)].count { $0 }
      if count > 0 { demand.requests += inner.requests(ofList: count) }
    }
    return demand
  }

  /// The price of sending a candidate once.
  private func micros(
    of candidate: ModelInput, for question: ModelInput, among count: Int
  ) -> Double? {
    price.map { $0.micros(of: inner.use(of: candidate, for: question, among: count)) }
  }

  private static func score(
    _ outcome: Result<[Float], ParallaxError>
  ) -> Result<Double, ParallaxError> {
    outcome.flatMap { ScoreKeys.score(of: $0) }
  }

  /// Keeps of a list also what it left out.
  private final class WholeList: RequestMeter {
    private let inner: any RequestMeter
    private let count: Int
    private let asked = Mutex<[Int64: [Int]]>([:])

    init(inner: any RequestMeter, count: Int) {
      self.inner = inner
      self.count = count
    }

    func begin(_ positions: [Int]) throws -> Int64 {
      let ticket = try inner.begin(positions)
      asked.withLock { $0[ticket] = positions }
      return ticket
    }

    func release(_ ticket: Int64) {
      _ = take(ticket)
      inner.release(ticket)
    }

    func settle(_ ticket: Int64, _ vectors: [Int: [Float]]) throws {
      try inner.settle(ticket, whole(vectors, of: take(ticket)))
    }

    func answer(toStep step: ContentHash) throws -> [Float]? { try inner.answer(toStep: step) }

    func settle(_ ticket: Int64, step: ContentHash, _ answer: [Float]) throws {
      _ = take(ticket)
      try inner.settle(ticket, step: step, answer)
    }

    func keep(_ vectors: [Int: [Float]]) throws {
      try inner.keep(whole(vectors, of: Array(0..<count)))
    }

    private func take(_ ticket: Int64) -> [Int] {
      asked.withLock { $0.removeValue(forKey: ticket) } ?? []
    }

    private func whole(_ vectors: [Int: [Float]], of positions: [Int]) -> [Int: [Float]] {
      // Nothing came back at all: that is no answer.
      if vectors.isEmpty { return vectors }
      var whole = vectors
      for position in positions where whole[position] == nil {
        whole[position] = [ScoreKeys.leftOut]
      }
      return whole
    }
  }
}
