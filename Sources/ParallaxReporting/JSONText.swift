internal import ParallaxCore
private import ParallaxText

/// The values of tables as JSON.
enum JSONText {
  static func value(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .boolean, .integer: value.plainText
    // JSON has no word for these.
    case .real(let number): number.isFinite ? value.plainText : "null"
    case .date(let text), .text(let text): JSON.string(text)
    case .list(let values): "[\(values.map { self.value($0) }.joined(separator: ", "))]"
    case .written(let text, let value): written(text, value)
    }
  }

  /// Numbers as their table wrote them where JSON writes them so as well; what has no value, and
  /// dates, as texts.
  private static func written(_ text: String, _ value: Value) -> String {
    switch value {
    case .integer, .real: JSON.isNumber(text) ? text : self.value(value)
    case .boolean: self.value(value)
    case .null, .date, .text, .list, .written: JSON.string(text)
    }
  }

  static func object(_ columns: [Table.Column], _ row: [Value]) -> String {
    let members = zip(columns, row).map { "\(JSON.string($0.name)): \(value($1))" }
    return "{\(members.joined(separator: ", "))}"
  }
}
