/// How much of an ISO 8601 date a text is; whether the day exists is not asked.
enum ISODate {
  /// At least year, month and day.
  case whole
  /// A year, or a year and month.
  case prefix

  init?(_ text: String) {
    let shape = String(text.map { $0.isASCII && $0.isNumber ? "0" : $0 })
    switch shape {
    case "0000", "0000-00": self = .prefix
    case "0000-00-00": self = .whole
    default:
      guard shape.hasPrefix("0000-00-00T"), Self.isTime(shape.dropFirst(11)) else { return nil }
      self = .whole
    }
  }

  /// `00:00`, with seconds, a fraction of them and `Z` or an offset as they come.
  private static func isTime(_ shape: Substring) -> Bool {
    guard shape.hasPrefix("00:00") else { return false }
    var rest = shape.dropFirst(5)
    if rest.hasPrefix(":00") { rest = rest.dropFirst(3) }
    if rest.hasPrefix(".0") { rest = rest.dropFirst().drop { $0 == "0" } }
    return ["", "Z", "+00:00", "-00:00"].contains(rest)
  }
}
