#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Points in time as the workspace stores them.
enum Timestamp {
  /// The present, as `2026-05-31T12:00:00Z`.
  static func now() -> String { before(hours: 0) }

  /// So many hours ago.
  static func before(hours: Int) -> String {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return text(secondsSince1970: time.tv_sec - hours * 3_600)
  }

  /// ISO 8601 in UTC, to the second.
  static func text(secondsSince1970: Int) -> String {
    var seconds = time_t(secondsSince1970)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    let date = [parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday]
    let time = [parts.tm_hour, parts.tm_min, parts.tm_sec]
    let padded = { (number: Int32) in number < 10 ? "0\(number)" : "\(number)" }
    return date.map(padded).joined(separator: "-") + "T"
      + time.map(padded).joined(separator: ":") + "Z"
  }
}
