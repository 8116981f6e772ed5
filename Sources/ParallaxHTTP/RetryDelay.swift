private import ParallaxSystem

/// How long a server asks to be left alone, in every way that servers say it.
package enum RetryDelay {
  /// Beyond any wait; keeps the arithmetic of durations away from its ends.
  private static let longest = 1e7

  private static let units: [(names: [String], seconds: Double)] = [
    (["ms", "msec", "msecs", "millisecond", "milliseconds"], 1e-3),
    (["us", "µs", "microsecond", "microseconds"], 1e-6),
    (["ns", "nanosecond", "nanoseconds"], 1e-9),
    (["s", "sec", "secs", "second", "seconds"], 1),
    (["m", "min", "mins", "minute", "minutes"], 60),
    (["h", "hr", "hrs", "hour", "hours"], 3_600),
    (["d", "day", "days"], 86_400),
  ]

  /// The length of `593.86ms`, `1m2.5s`, `0.59s`, `22 seconds`, or of a bare number of seconds.
  package static func duration(_ text: some StringProtocol) -> Duration? {
    var rest = Substring(text)
    guard let duration = takeDuration(&rest), rest.allSatisfy(\.isWhitespace) else { return nil }
    return duration
  }

  /// The wait that a sentence names, such as `Please retry in 593.86ms.`
  package static func duration(in sentence: String) -> Duration? {
    let lower = sentence.lowercased()
    for phrase in ["retry in ", "try again in ", "retry after ", "try again after "] {
      guard let range = lower.firstRange(of: phrase) else { continue }
      var rest = lower[range.upperBound...]
      if let duration = takeDuration(&rest) { return duration }
    }
    return nil
  }

  /// The wait of a number of seconds; `nil` for one that is none.
  package static func duration(seconds: Double) -> Duration? {
    seconds >= 0 && seconds < longest ? .seconds(seconds) : nil
  }

  /// Numbers with their units, as many as follow one another.
  private static func takeDuration(_ text: inout Substring) -> Duration? {
    var sum: Double?
    while let (number, afterNumber) = number(text.drop { $0.isWhitespace }) {
      let word = afterNumber.drop { $0 == " " }.prefix { $0.isLetter }
      let unit = units.first { $0.names.contains(word.lowercased()) }
      // A number without a unit is seconds where it stands alone, and else no part of the wait.
      if unit == nil, sum != nil { break }
      sum = (sum ?? 0) + number * (unit?.seconds ?? 1)
      text = unit == nil ? afterNumber : text[word.endIndex...]
      if unit == nil { break }
    }
    return sum.flatMap(duration(seconds:))
  }

  /// The decimal number at the front; a point counts when a digit follows.
  private static func number(_ text: Substring) -> (Double, rest: Substring)? {
    func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
    let whole = text.prefix(while: isDigit)
    var rest = text[whole.endIndex...]
    var digits = String(whole)
    if rest.first == ".", let next = rest.dropFirst().first, isDigit(next) {
      let fraction = rest.dropFirst().prefix(while: isDigit)
      digits += "." + fraction
      rest = rest[fraction.endIndex...]
    }
    guard !whole.isEmpty, let value = Double(digits) else { return nil }
    return (value, rest)
  }
}

extension HTTPResponse {
  /// The wait that the headers ask for: `Retry-After` as seconds or as a date, or `retry-after-ms`.
  ///
  /// A date is compared with the server's own clock where the reply tells it, since clocks differ.
  package var retryAfter: Duration? {
    if let text = header("retry-after-ms"), let value = Double(text) {
      return RetryDelay.duration(seconds: value / 1_000)
    }
    guard let text = header("Retry-After") else { return nil }
    if let duration = RetryDelay.duration(text) { return duration }
    let own = Clock.secondsSince1970()
    guard let date = HTTPDate.seconds(of: text, now: own) else { return nil }
    let now = header("Date").flatMap { HTTPDate.seconds(of: $0, now: own) } ?? own
    // A moment that is over asks for no wait of its own.
    return date > now ? RetryDelay.duration(seconds: Double(date - now)) : nil
  }
}
