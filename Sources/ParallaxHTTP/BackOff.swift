/// How long to wait before a request is sent again.
///
/// Exponential with full range jitter: before attempt n + 1 the wait is drawn evenly from half of
/// `first · 2ⁿ⁻¹` to all of it, at most `longest`. A wait that the server names is kept to, whatever
/// its length up to `longestNamed`.
package struct BackOff: Sendable, Hashable {
  package var attempts: Int
  package var first: Duration
  package var longest: Duration
  package var longestNamed: Duration

  package init(
    attempts: Int = 6, first: Duration = .seconds(1), longest: Duration = .seconds(60),
    longestNamed: Duration = .seconds(600)
  ) {
    self.attempts = attempts
    self.first = first
    self.longest = longest
    self.longestNamed = longestNamed
  }

  /// The wait after failed attempt `attempt` (1 for the first).
  ///
  /// - Returns: `nil` when there is no further attempt.
  package func wait(
    afterAttempt attempt: Int, named: Duration?, using random: inout some RandomNumberGenerator
  ) -> Duration? {
    guard attempt < attempts else { return nil }
    if let named {
      guard named <= longestNamed else { return nil }
      // A little later than asked, and not all at the same moment.
      return named + first * Double.random(in: 0.05...0.25, using: &random)
    }
    var whole = first
    for _ in 1..<max(1, attempt) where whole < longest { whole = whole * 2 }
    return min(whole, longest) * Double.random(in: 0.5...1, using: &random)
  }
}

extension Duration {
  package static func * (duration: Duration, factor: Double) -> Duration {
    .seconds(duration / .seconds(1) * factor)
  }
}
