private import Synchronization

/// Token buckets that are drawn from together: items a minute, tokens a minute, and the like.
///
/// A bucket holds at most a second's worth, so that a limit of 3,000 a minute is 50 a second from
/// the first second on. Waiters are served in order: a large request is not starved by small ones.
package final class RateLimiter: Sendable {
  /// A limit of `amount` for each `period`.
  package struct Limit: Sendable, Hashable {
    package var amount: Double
    package var period: Duration

    package init(_ amount: Double, per period: Duration) {
      self.amount = amount
      self.period = period
    }

    fileprivate var perSecond: Double { amount / (period / .seconds(1)) }
  }

  private struct Bucket {
    let limit: Limit
    /// May be negative: a debt that later requests wait for.
    var level: Double
    var updated: Duration
  }

  private let buckets: Mutex<[Bucket]>
  private let now: @Sendable () -> Duration

  /// - Parameter now: time since any fixed moment; injected by tests.
  package init(_ limits: [Limit], now: @escaping @Sendable () -> Duration = RateLimiter.uptime) {
    self.now = now
    let start = now()
    buckets = Mutex(limits.map { Bucket(limit: $0, level: $0.perSecond, updated: start) })
  }

  package static let uptime: @Sendable () -> Duration = {
    start.duration(to: ContinuousClock().now)
  }

  private static let start = ContinuousClock().now

  /// Takes one amount from each bucket, in their order, at once.
  ///
  /// - Returns: how long the caller must wait before it acts on what it took.
  package func take(_ amounts: [Double]) -> Duration {
    let now = now()
    return buckets.withLock { buckets in
      var wait = 0.0
      for index in buckets.indices where index < amounts.count {
        let rate = buckets[index].limit.perSecond
        let passed = (now - buckets[index].updated) / .seconds(1)
        let full = max(rate, 1)
        buckets[index].level = min(full, buckets[index].level + passed * rate) - amounts[index]
        buckets[index].updated = now
        wait = max(wait, -buckets[index].level / rate)
      }
      return .seconds(wait)
    }
  }
}
