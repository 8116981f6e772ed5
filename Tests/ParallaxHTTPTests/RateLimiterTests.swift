import Synchronization
import Testing

@testable import ParallaxHTTP

@Suite struct RateLimiterTests {
  /// A limiter on a clock that moves only when a caller waits.
  private func timeToTake(_ amounts: [[Double]], limits: [RateLimiter.Limit]) -> Double {
    let clock = Clock()
    let limiter = RateLimiter(limits, now: clock.now)
    for amount in amounts { clock.advance(limiter.take(amount)) }
    return clock.now() / .seconds(1)
  }

  private final class Clock: Sendable {
    private let time = Mutex(Duration.zero)
    var now: @Sendable () -> Duration { { [self] in time.withLock { $0 } } }
    func advance(_ by: Duration) { time.withLock { $0 += by } }
  }

  @Test func `the rate is the limit from the first second on`() {
    let limit = RateLimiter.Limit(3_000, per: .seconds(60))
    let seconds = timeToTake(Array(repeating: [10], count: 200), limits: [limit])
    // 2,000 items at 50 a second, of which one second's worth was there at the start.
    #expect(abs(seconds - 39) < 0.5)
  }

  @Test func `the tightest limit decides`() {
    let limits = [
      RateLimiter.Limit(6_000, per: .seconds(60)), RateLimiter.Limit(600, per: .seconds(60)),
    ]
    #expect(abs(timeToTake(Array(repeating: [1, 5], count: 41), limits: limits) - 19.5) < 0.6)
  }

  @Test func `a request beyond a second's worth waits its whole time, once`() {
    let limit = RateLimiter.Limit(60, per: .seconds(60))
    #expect(abs(timeToTake([[100], [1]], limits: [limit]) - 100) < 1.1)
  }

  @Test func `without limits nobody waits`() {
    #expect(timeToTake(Array(repeating: [1_000], count: 10), limits: []) == 0)
  }
}
