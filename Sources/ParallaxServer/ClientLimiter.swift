private import Synchronization

/// Lets each client do something so many times a second: a bucket of tokens for each.
package final class ClientLimiter: Sendable {
  private struct Bucket {
    var tokens: Double
    var filled: ContinuousClock.Instant
  }

  /// Clients that are remembered; those whose buckets are full are forgotten first.
  private static let most = 10_000

  private let rate: Double
  private let burst: Double
  private let buckets = Mutex<[String: Bucket]>([:])

  /// - Parameters:
  ///   - rate: times a second.
  ///   - burst: times at once.
  package init(rate: Double, burst: Double) {
    self.rate = rate
    self.burst = burst
  }

  package func admits(
    _ client: String, at now: ContinuousClock.Instant = ContinuousClock.now
  ) -> Bool {
    buckets.withLock { buckets in
      if buckets.count >= Self.most, buckets[client] == nil { forget(&buckets, now) }
      var bucket = buckets[client] ?? Bucket(tokens: burst, filled: now)
      bucket.tokens = tokens(of: bucket, at: now)
      bucket.filled = now
      let isAdmitted = bucket.tokens >= 1
      if isAdmitted { bucket.tokens -= 1 }
      buckets[client] = bucket
      return isAdmitted
    }
  }

  /// Takes back that something was done, which does not count.
  func forgives(_ client: String) {
    buckets.withLock { buckets in
      if let bucket = buckets[client] { buckets[client]?.tokens = min(burst, bucket.tokens + 1) }
    }
  }

  private func tokens(of bucket: Bucket, at now: ContinuousClock.Instant) -> Double {
    min(burst, bucket.tokens + bucket.filled.duration(to: now) / .seconds(1) * rate)
  }

  private func forget(_ buckets: inout [String: Bucket], _ now: ContinuousClock.Instant) {
    buckets = buckets.filter { tokens(of: $0.value, at: now) < burst }
    // All of them are at it: whoever comes now begins anew.
    if buckets.count >= Self.most { buckets = [:] }
  }
}
