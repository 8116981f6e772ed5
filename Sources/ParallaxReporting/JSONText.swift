internal import ParallaxCore

/// Values as JSON, RFC 8259.
package enum JSONText {
  static func value(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .boolean, .integer: value.plainText
    // JSON has no word for these.
    case .real(let number): number.isFinite ? value.plainText : "null"
    case .date(let text), .text(let text): string(text)
    case .list(let values): "[\(values.map { self.value($0) }.joined(separator: ", "))]"
    case .written(let text, let value): written(text, value)
    }
  }

  /// Numbers as their table wrote them where JSON writes them so as well; what has no value, and
  /// dates, as texts.
  private static func written(_ text: String, _ value: Value) -> String {
    switch value {
    case .integer, .real: isNumber(text) ? text : self.value(value)
    case .boolean: self.value(value)
    case .null, .date, .text, .list, .written: string(text)
    }
  }

  /// Whether a text is a number of RFC 8259.
  private static func isNumber(_ text: String) -> Bool {
    var rest = text.utf8[...]
    let takeDigits = { () -> Int in
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      rest = rest[digits.endIndex...]
      return digits.count
    }
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    let startsWithZero = rest.first == UInt8(ascii: "0")
    let whole = takeDigits()
    guard whole == 1 || whole > 1 && !startsWithZero else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      guard takeDigits() > 0 else { return false }
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
        rest = rest.dropFirst()
      }
      guard takeDigits() > 0 else { return false }
    }
    return rest.isEmpty
  }

  package static func string(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      // What may drive a terminal; line separators also break what reads JSON as JavaScript.
      case _ where TerminalText.needsEscape(scalar):
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  static func object(_ columns: [Table.Column], _ row: [Value]) -> String {
    let members = zip(columns, row).map { "\(string($0.name)): \(value($1))" }
    return "{\(members.joined(separator: ", "))}"
  }
}
