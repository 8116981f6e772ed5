#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Wall-clock time as text, and elapsed time in milliseconds.
package enum Clock {
  /// Now in ISO 8601, UTC, to the second.
  package static func now() -> String {
    var seconds = time(nil)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var buffer = [CChar](repeating: 0, count: 32)
    let count = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Milliseconds since `start`, to a hundredth.
  static func milliseconds(since start: ContinuousClock.Instant) -> Double {
    let elapsed = start.duration(to: ContinuousClock().now)
    return (elapsed / .milliseconds(1) * 100).rounded() / 100
  }
}
