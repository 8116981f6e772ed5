internal import ParallaxCore
private import Synchronization

/// A reranker that gives kept scores again, and counts them: one value for one job.
protocol ScoreKeeping: Reranker {
  var known: KnownScores { get }
}

/// How many scores were kept already.
final class KnownScores: Sendable {
  private let counted = Mutex(0)

  var count: Int { counted.withLock { $0 } }

  func add(_ count: Int) { counted.withLock { $0 += count } }
}
