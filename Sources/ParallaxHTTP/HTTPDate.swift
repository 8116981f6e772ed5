private import ParallaxSystem

/// A moment as HTTP headers write it, in the three forms of RFC 9110 §5.6.7.
package enum HTTPDate {
  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// Seconds since 1970; `nil` for a text that is no date.
  ///
  /// - Parameter now: decides the century of a year of two digits, which is never more than 50 years
  ///   ahead.
  static func seconds(of text: String, now: Int) -> Int? {
    // "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"
    var words = text.split { " ,-\t".contains($0) }.map { $0.lowercased() }
    if ["gmt", "utc", "z"].contains(words.last) { words.removeLast() }
    guard words.count == 5 else { return nil }
    if months.contains(words[1]) {
      words = [words[0], words[2], words[1], words[4], words[3]]
    }
    guard let month = months.firstIndex(of: words[2]), let day = number(words[1], 1...31),
      let year = year(words[3], now: now), let time = time(words[4])
    else { return nil }
    return days(year: year, month: month + 1, day: day) * 86_400 + time
  }

  /// The same against the machine's clock.
  package static func seconds(of text: String) -> Int? {
    seconds(of: text, now: Clock.secondsSince1970())
  }

  /// Of a moment in UTC as XML and JSON write it, `1994-11-06T08:49:37.000Z`; whole seconds.
  package static func seconds(ofISO8601 text: String) -> Int? {
    let words = text.split { "T.Z".contains($0) }.map(String.init)
    guard text.hasSuffix("Z"), (2...3).contains(words.count) else { return nil }
    let parts = words[0].split(separator: "-").map(String.init)
    guard parts.count == 3, let year = number(parts[0], 0...9_999),
      let month = number(parts[1], 1...12), let day = number(parts[2], 1...31),
      let time = time(words[1])
    else { return nil }
    return days(year: year, month: month, day: day) * 86_400 + time
  }

  /// Nanoseconds since 1970 of a moment in a header. Moments before 1677 and after 2262, which 64 bits do not hold, are
  /// the first and the last that they do.
  package static func nanoseconds(of text: String) -> Int64? {
    seconds(of: text).map(nanoseconds)
  }

  /// The same of a moment as XML and JSON write it.
  package static func nanoseconds(ofISO8601 text: String) -> Int64? {
    seconds(ofISO8601: text).map(nanoseconds)
  }

  private static func nanoseconds(ofSeconds seconds: Int) -> Int64 {
    let (nanoseconds, overflows) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    return overflows ? (seconds < 0 ? .min : .max) : nanoseconds
  }

  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]

  /// A moment in the form that is preferred, `Sun, 06 Nov 1994 08:49:37 GMT`.
  package static func text(secondsSince1970 seconds: Int64) -> String {
    // `2026-05-31T12:00:00Z`
    let parts = Clock.text(secondsSince1970: Int(seconds)).split { "-T:Z".contains($0) }
    let day = Int((seconds < 0 ? seconds - 86_399 : seconds) / 86_400)
    guard parts.count == 6, let month = Int(parts[1]), (1...12).contains(month) else { return "" }
    let weekday = weekdays[((day % 7) + 7) % 7]
    return "\(weekday), \(parts[2]) \(months[month - 1].capitalizedFirst) \(parts[0]) "
      + "\(parts[3]):\(parts[4]):\(parts[5]) GMT"
  }

  private static func year(_ text: String, now: Int) -> Int? {
    guard let year = number(text, 0...9_999) else { return nil }
    guard text.count == 2 else { return text.count == 4 ? year : nil }
    let present = 1_970 + now / 31_556_952
    let guess = present / 100 * 100 + year
    return guess > present + 50 ? guess - 100 : guess
  }

  private static func time(_ text: String) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, let hour = number(parts[0], 0...23),
      let minute = number(parts[1], 0...59), let second = number(parts[2], 0...60)
    else { return nil }
    return hour * 3_600 + minute * 60 + second
  }

  private static func number(_ text: String, _ range: ClosedRange<Int>) -> Int? {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(text) else {
      return nil
    }
    return range.contains(value) ? value : nil
  }

  /// Days since 1970-01-01 in the Gregorian calendar, counting years from March.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = year / 400
    let ofEra = year - era * 400
    let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
