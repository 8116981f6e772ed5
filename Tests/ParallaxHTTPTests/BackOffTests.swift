import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxHTTP

@Suite struct BackOffTests {
  @Test func `waits double up to the longest and are never the same`() throws {
    var random = SeededGenerator(seed: 1)
    let backOff = BackOff(attempts: 12)
    var waits: Set<Duration> = []
    for attempt in 1...11 {
      let whole = min(60, Double(1 << (attempt - 1)))
      for _ in 0..<20 {
        let wait = try #require(backOff.wait(afterAttempt: attempt, named: nil, using: &random))
        #expect((whole / 2...whole).contains(wait / .seconds(1)))
        waits.insert(wait)
      }
    }
    #expect(waits.count > 200)
    #expect(backOff.wait(afterAttempt: 12, named: nil, using: &random) == nil)
  }

  @Test func `the server's own time is kept to`() throws {
    var random = SeededGenerator(seed: 2)
    let wait = try #require(
      BackOff().wait(afterAttempt: 1, named: .seconds(90), using: &random))
    #expect(wait >= .seconds(90) && wait < .seconds(91))
    #expect(BackOff().wait(afterAttempt: 1, named: .seconds(3_600), using: &random) == nil)
  }
}
