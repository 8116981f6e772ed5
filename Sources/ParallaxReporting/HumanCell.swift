internal import ParallaxCore

extension Value {
  /// The form people read: fixed decimals for reals, control characters escaped.
  func humanText(_ column: Table.Column, _ style: TableStyle) -> String {
    switch self {
    case .real(let number):
      Wording.fixed(number, digits: column.fractionDigits ?? style.fractionDigits)
    case .text(let text): TerminalText.escaped(text)
    default: plainText
    }
  }
}

extension ValueKind {
  var isNumeric: Bool { self == .integer || self == .real }
}
