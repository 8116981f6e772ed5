internal import ParallaxCore
private import ParallaxText

extension Value {
  /// The form people read: fixed decimals for reals, control characters escaped.
  ///
  /// - Parameters:
  ///   - digits: decimals of the column.
  ///   - significant: decimals of a number that is written with an exponent.
  func humanText(_ column: Table.Column, digits: Int, _ significant: Int) -> String {
    switch self {
    case .real(let number): Self.text(of: number, column, digits, significant)
    case .text(""): "\"\""
    case .date(let text), .text(let text), .written(let text, as: _): TerminalText.escaped(text)
    case .list: TerminalText.escaped(plainText)
    default: plainText
    }
  }

  /// Fixed decimals; an exponent where those would be longer than a double's digits or show a value
  /// as nothing. A score is a sum, whose last digits are noise.
  private static func text(
    of number: Double, _ column: Table.Column, _ digits: Int, _ significant: Int
  ) -> String {
    let fixed = Wording.fixed(number, digits: digits)
    guard number.isFinite, number != 0 else { return fixed }
    let vanishes = !column.isKey && fixed.allSatisfy { "0.".contains($0) }
    return number.magnitude >= 1e15 || vanishes
      ? Decimal.scientific(number, digits: significant) : fixed
  }

  /// Digits after the point of the shortest decimal that is this real; `nil` where that has an exponent.
  var decimals: Int? {
    guard case .real(let number) = self, number.isFinite else { return 0 }
    let text = "\(number)"
    if text.contains("e") { return nil }
    return text.split(separator: ".").last.map(\.count)
  }
}

extension ValueKind {
  var isNumeric: Bool { self == .integer || self == .real }
}
