internal import ParallaxCore
private import Synchronization

/// A reranker that gives kept scores again, and counts them: one value for one job.
protocol ScoreKeeping: Reranker {
  var known: KnownScores { get }

  /// What no kept score answers of a list, however often each candidate is sent.
  ///
  /// - Throws: `storage`; `CancellationError`.
  func demand(of candidates: [ModelInput], for question: ModelInput) throws -> RerankDemand
}

/// How many scores were kept already.
final class KnownScores: Sendable {
  private let counted = Mutex(0)

  var count: Int { counted.withLock { $0 } }

  func add(_ count: Int) { counted.withLock { $0 += count } }
}
