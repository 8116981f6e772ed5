#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Wall-clock time, and time that has passed.
package enum Clock {
  /// Whole seconds since 1970.
  package static func secondsSince1970() -> Int { time(nil) }

  package static func nanosecondsSince1970() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// The present in ISO 8601, UTC, to the second: `2026-05-31T12:00:00Z`.
  package static func now() -> String { text(secondsSince1970: secondsSince1970()) }

  /// A point in time in ISO 8601, UTC, to the second.
  package static func text(secondsSince1970: Int) -> String {
    var seconds = time_t(secondsSince1970)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    let date = [parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday]
    let time = [parts.tm_hour, parts.tm_min, parts.tm_sec]
    let padded = { (number: Int32) in number < 10 ? "0\(number)" : "\(number)" }
    return date.map(padded).joined(separator: "-") + "T"
      + time.map(padded).joined(separator: ":") + "Z"
  }

  /// Milliseconds since `start`, to a hundredth.
  package static func milliseconds(since start: ContinuousClock.Instant) -> Double {
    let elapsed = start.duration(to: ContinuousClock().now)
    return (elapsed / .milliseconds(1) * 100).rounded() / 100
  }
}
