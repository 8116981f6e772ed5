internal import ParallaxCore

extension Value {
  /// The form people read: fixed decimals for reals, control characters escaped.
  func humanText(_ column: Table.Column, _ style: TableStyle) -> String {
    switch self {
    case .real(let number): Self.text(of: number, column, style)
    case .text(""): "\"\""
    case .date(let text), .text(let text), .written(let text, as: _): TerminalText.escaped(text)
    case .list: TerminalText.escaped(plainText)
    default: plainText
    }
  }
}

extension Value {
  /// Fixed decimals; an exponent where those would be longer than a double's digits or show a value
  /// as nothing. A score is a sum, whose last digits are noise.
  private static func text(
    of number: Double, _ column: Table.Column, _ style: TableStyle
  ) -> String {
    let digits = column.fractionDigits ?? style.fractionDigits
    let fixed = Wording.fixed(number, digits: digits)
    guard number.isFinite, number != 0 else { return fixed }
    let vanishes = !column.isKey && fixed.allSatisfy { "0.".contains($0) }
    return number.magnitude >= 1e15 || vanishes
      ? Decimal.scientific(number, digits: style.fractionDigits) : fixed
  }
}

extension Table {
  /// The table with as many decimals in each column of reals as its values need, up to the style's;
  /// scores and other keys have the style's.
  func withFittedDecimals(_ style: TableStyle) -> Table {
    let fitted = columns.enumerated().map { index, column in
      var column = column
      if column.kind == .real, !column.isKey, column.fractionDigits == nil {
        let needed = rows.lazy.map { $0[index].decimals ?? style.fractionDigits }.max() ?? 0
        column.fractionDigits = min(needed, style.fractionDigits)
      }
      return column
    }
    return Table(columns: fitted, rows: rows)
  }
}

extension Value {
  /// Digits after the point of the shortest decimal that is this real; `nil` where that has an exponent.
  fileprivate var decimals: Int? {
    guard case .real(let number) = self, number.isFinite else { return 0 }
    let text = "\(number)"
    if text.contains("e") { return nil }
    return text.split(separator: ".").last.map(\.count)
  }
}

extension ValueKind {
  var isNumeric: Bool { self == .integer || self == .real }
}
