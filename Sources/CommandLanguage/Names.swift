/// The spelling of names.
package enum Names {
  /// How a result or variable is spelt, for messages.
  package static let rule = "a name is a letter followed by letters, digits and '_'"

  /// `[A-Za-z][A-Za-z0-9_]*`: results and variables.
  package static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLetter(first) else { return false }
    return text.utf8.allSatisfy(isContinuation)
  }

  /// `_` or `_7`: a result without a name.
  static func isUnnamedResult(_ text: String) -> Bool {
    text.first == "_" && text.utf8.dropFirst().allSatisfy(isDigit)
  }

  static func isContinuation(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_")
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
  }
}

/// Numbers as the language writes them: decimal digits, no `nan`, no hexadecimal.
enum Numbers {
  static func integer(_ text: String) -> Int? { Int(text) }

  static func decimal(_ text: String) -> Double? {
    guard isDecimal(text), let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// Whether a text is spelt like a number, however large.
  static func isDecimal(_ text: String) -> Bool {
    text.utf8.allSatisfy { Names.isDigit($0) || "+-.eE".utf8.contains($0) }
      && text.utf8.contains(where: Names.isDigit) && Double(text) != nil
  }

  /// The shortest text that reads back as `value`, without `.0`.
  static func text(_ value: Double) -> String {
    let text = String(value)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
