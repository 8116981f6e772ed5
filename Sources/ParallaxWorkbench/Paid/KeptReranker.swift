internal import ParallaxCore
internal import ParallaxStorage

/// A local reranker whose scores are kept beside those that were paid for: every depth follows from the
/// deepest pass, and a run that was killed goes on where it was.
struct KeptReranker: ScoreKeeping {
  let inner: any Reranker
  let replies: ReplyCache
  let known = KnownScores()

  var spec: RerankerSpec { inner.spec }
  var capabilities: RerankerCapabilities { inner.capabilities }
  var notes: [String] { inner.notes }
  var warnings: [String] { inner.warnings }

  /// The reranker, where it can say more of a pair than its score.
  var explaining: (any PairExplaining)? { inner as? any PairExplaining }

  func prepare() async throws { try await inner.prepare() }
  func drainFindings() -> RerankerFindings { inner.drainFindings() }

  func limit(exceededBy question: ModelInput) async throws -> TextLimit? {
    try await inner.limit(exceededBy: question)
  }

  func demand(
    of candidates: [ModelInput], for question: ModelInput
  ) throws -> RerankDemand {
    let keys = ScoreKeys(of: candidates, for: question, by: inner).keys
    let known = try replies.vectors(for: keys.compactMap(\.self))
    let pairs = keys.count { $0.flatMap { known[$0] } == nil }
    return RerankDemand(pairs: pairs, prices: Array(repeating: 0, count: pairs))
  }

  @concurrent func scores(
    of candidates: [ModelInput], for question: ModelInput
  ) async throws -> [Result<Double, ParallaxError>] {
    let keys = ScoreKeys(of: candidates, for: question, by: inner).keys
    let known = try replies.vectors(for: keys.compactMap(\.self))
    let positions = candidates.indices.filter { place in
      keys[place].flatMap { known[$0] } == nil
    }
    // A list is scored as a whole.
    let asked =
      capabilities.isListwise && !positions.isEmpty ? Array(candidates.indices) : positions
    let scores =
      asked.isEmpty
      ? [] : try await inner.scores(of: asked.map { candidates[$0] }, for: question)
    try replies.keep(
      zip(asked, scores).compactMap { position, score in
        guard let key = keys[position], let score = try? score.get() else { return nil }
        return CachedReply(
          key: key, kind: candidates[position].holdsImage ? .image : .text,
          vector: [Float(score)])
      }, provider: spec.provider, model: spec.model)
    self.known.add(candidates.count - asked.count)
    var outcomes = keys.map { key in
      key.flatMap { known[$0] }.map { ScoreKeys.score(of: $0) }
    }
    for (position, score) in zip(asked, scores) {
      outcomes[position] = score.map { Double(Float($0)) }
    }
    return outcomes.compactMap(\.self)
  }
}
