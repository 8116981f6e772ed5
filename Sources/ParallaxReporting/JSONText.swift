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
    }
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
