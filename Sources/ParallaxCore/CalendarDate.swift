/// A date, or a date and time to the second, of ISO 8601.
package struct CalendarDate: Sendable, Hashable {
  /// The canonical text, which orders as the dates do: `2024-05-31`, `2024-05-31T12:00:00`, or with
  /// `Z` when a zone was given.
  package let text: String

  /// - Returns: `nil` unless `source` is a valid date with a year from 0000 to 9999, alone or with a
  ///   time (`T` or a blank between, seconds optional) and a zone (`Z`, `+02:00`, `+0200`, `+02`).
  package init?(_ source: String) {
    var reader = DigitReader(Array(source.utf8))
    guard let year = reader.number(4), reader.take("-"), let month = reader.number(2),
      reader.take("-"), let day = reader.number(2), (1...12).contains(month),
      day >= 1, day <= Self.days(inMonth: month, of: year)
    else { return nil }
    let date = "\(pad(year, 4))-\(pad(month))-\(pad(day))"
    if reader.isAtEnd {
      text = date
      return
    }
    guard reader.take("T") || reader.take(" ") || reader.take("t"), let time = Self.time(&reader)
    else { return nil }
    if reader.isAtEnd {
      text = "\(date)T\(Self.clock(time))"
      return
    }
    guard let offset = Self.offset(&reader), reader.isAtEnd else { return nil }
    let seconds = Self.dayNumber(year, month, day) * 86_400 + time - offset
    let utcDay = (seconds - Self.modulo(seconds, 86_400)) / 86_400
    let utc = Self.civil(utcDay)
    guard (0...9999).contains(utc.year) else { return nil }
    text =
      "\(pad(utc.year, 4))-\(pad(utc.month))-\(pad(utc.day))"
      + "T\(Self.clock(Self.modulo(seconds, 86_400)))Z"
  }

  /// Its beginning; a date without a zone counts as one of UTC.
  package var secondsSince1970: Int {
    var reader = DigitReader(Array(text.utf8))
    let year = reader.number(4) ?? 0
    _ = reader.take("-")
    let month = reader.number(2) ?? 1
    _ = reader.take("-")
    let day = Self.dayNumber(year, month, reader.number(2) ?? 1) * 86_400
    return reader.take("T") ? day + (Self.time(&reader) ?? 0) : day
  }

  /// Whether `source` is a year from 0000 to 9999 or a month of one: `2024`, `2024-05`. As a text it
  /// is before every date in it.
  package static func isYearOrMonth(_ source: String) -> Bool {
    var reader = DigitReader(Array(source.utf8))
    guard reader.number(4) != nil else { return false }
    if reader.isAtEnd { return true }
    guard reader.take("-"), let month = reader.number(2) else { return false }
    return (1...12).contains(month) && reader.isAtEnd
  }

  /// Seconds of the day.
  private static func time(_ reader: inout DigitReader) -> Int? {
    guard let hour = reader.number(2), hour < 24, reader.take(":"), let minute = reader.number(2),
      minute < 60
    else { return nil }
    guard reader.take(":") else { return hour * 3600 + minute * 60 }
    guard let second = reader.number(2), second < 60 else { return nil }
    return hour * 3600 + minute * 60 + second
  }

  /// Seconds east of UTC.
  private static func offset(_ reader: inout DigitReader) -> Int? {
    if reader.take("Z") || reader.take("z") { return 0 }
    let isEast = reader.take("+")
    guard isEast || reader.take("-"), let hour = reader.number(2), hour < 24 else { return nil }
    var minute = 0
    if !reader.isAtEnd {
      _ = reader.take(":")
      guard let number = reader.number(2), number < 60 else { return nil }
      minute = number
    }
    return (isEast ? 1 : -1) * (hour * 3600 + minute * 60)
  }

  private static func clock(_ seconds: Int) -> String {
    "\(pad(seconds / 3600)):\(pad(seconds / 60 % 60)):\(pad(seconds % 60))"
  }

  private static func days(inMonth month: Int, of year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  private static func modulo(_ number: Int, _ divisor: Int) -> Int {
    (number % divisor + divisor) % divisor
  }

  /// Days since 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms").
  private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted - modulo(shifted, 400)) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// The inverse of `dayNumber`, from the same source.
  private static func civil(_ number: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = number + 719_468
    let dayOfEra = modulo(shifted, 146_097)
    let era = (shifted - dayOfEra) / 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}

private func pad(_ number: Int, _ width: Int = 2) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// Reads numbers of a fixed width.
private struct DigitReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func number(_ width: Int) -> Int? {
    guard position + width <= bytes.count else { return nil }
    var value = 0
    for byte in bytes[position..<(position + width)] {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    position += width
    return value
  }
}
