/// Numbers as people read them in notes.
package enum Wording {
  /// As it would be typed: `0.9`, and `1` for a whole number.
  package static func number(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? String(describing: value)
  }

  /// To three digits after the point, without zeros at the end: `0.991`.
  package static func thousandths(_ value: Double) -> String {
    String(describing: (value * 1_000).rounded() / 1_000)
  }

  /// A share in hundredths: `12 %`; without a number of digits as many as it needs, at most four: `0.1 %`.
  package static func percent(_ share: Double, digits: Int? = nil) -> String {
    (digits.map { fixed(share * 100, digits: $0) } ?? number((share * 1e6).rounded() / 1e4)) + " %"
  }

  /// A small difference with as many digits as it needs, at least three, and a true minus: `−0.002`.
  package static func signed(_ value: Double) -> String {
    var (digits, least) = (3, 0.000_5)
    while digits < 8, value != 0, abs(value) < least { (digits, least) = (digits + 1, least / 10) }
    let text = fixed(abs(value), digits: digits)
    return value < 0 && text.contains { "123456789".contains($0) } ? "\u{2212}\(text)" : text
  }

  /// Groups of three digits, separated by blanks: `8 214`.
  package static func count(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(" ") }
      text.append(digit)
    }
    return text
  }

  /// `1 item`, `8 214 items`.
  ///
  /// - Parameter plural: the singular with `s` by default.
  package static func count(
    _ value: Int, _ singular: String, _ plural: String? = nil
  ) -> String {
    "\(count(value)) \(value == 1 ? singular : plural ?? singular + "s")"
  }

  /// Binary units: `512 B`, `3.2 MiB`.
  package static func bytes(_ value: Int) -> String {
    var amount = Double(value)
    for unit in ["B", "KiB", "MiB", "GiB"] {
      if amount < 1_024 {
        return unit == "B" ? "\(value) B" : "\(fixed(amount, digits: 1)) \(unit)"
      }
      amount /= 1_024
    }
    return "\(fixed(amount, digits: 1)) TiB"
  }

  /// `0.4 ms`, `41 ms`, `3.2 s`, `2 min 05 s`.
  package static func milliseconds(_ value: Double) -> String {
    if value < 10 { return "\(fixed(value, digits: 1)) ms" }
    if value < 1_000 { return "\(Int(value.rounded())) ms" }
    if value < 100_000 { return "\(fixed(value / 1_000, digits: 1)) s" }
    let seconds = Int((value / 1_000).rounded())
    let rest = seconds % 60
    return "\(seconds / 60) min \(rest < 10 ? "0" : "")\(rest) s"
  }

  /// `$1.20` of millionths of a US dollar; smaller sums with the digits they need.
  package static func dollars(_ micros: Int) -> String {
    let amount = Double(micros) / 1e6
    return "$" + fixed(amount, digits: micros % 10_000 == 0 || micros >= 1_000_000 ? 2 : 4)
  }

  /// Three digits after the point.
  package static func score(_ value: Float) -> String { fixed(Double(value), digits: 3) }

  /// A fixed number of digits after the point, half to even of the exact value; `nan` and `inf` as words.
  package static func fixed(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    return Decimal.fixed(value, digits: digits)
  }
}
