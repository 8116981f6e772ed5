/// A cell of a table or a metadata field.
package enum Value: Sendable, Hashable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case real(Double)
  /// An ISO 8601 date (`2024-05-31`) or date and time (`2024-05-31T12:00:00`, optional `Z`),
  /// whose texts order as the dates do.
  case date(String)
  case text(String)
  /// A value as its table wrote it, where that is not the machine form: `1.50`, `TRUE`,
  /// `2024-05-31 12:00`. The value is null where the text does not fit its field's kind.
  indirect case written(String, as: Value)
  /// Several values of one item, in the order of the table; none of them is null or a list.
  case list([Value])

  /// `value` with the text it was read from; that alone where the machine form is the same.
  package init(_ value: Value, writtenAs text: String) {
    self = value.plainText == text ? value : .written(text, as: value)
  }

  /// What the value is for comparing, without how it was written.
  package var typed: Value {
    switch self {
    case .written(_, let value): value
    case .list(let values): .list(values.map(\.typed))
    default: self
    }
  }

  /// The kind, or `nil` for null; that of a list is its elements'.
  package var kind: ValueKind? {
    switch self {
    case .null: nil
    case .written(_, let value): value.kind
    case .list(let values): values.lazy.compactMap(\.kind).first
    case .boolean: .boolean
    case .integer: .integer
    case .real: .real
    case .date: .date
    case .text: .text
    }
  }

  /// The text of the table it came from, else the machine form: numbers in shortest round-trip form,
  /// null as the empty string.
  ///
  /// The elements of a list are joined by ` | `; inside them `|` is `\|` and `\` is `\\`.
  package var plainText: String {
    switch self {
    case .null: ""
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .real(let value): String(value)
    case .date(let value), .text(let value), .written(let value, as: _): value
    case .list(let values): values.map { Self.escaped($0.plainText) }.joined(separator: " | ")
    }
  }

  private static func escaped(_ element: String) -> String {
    element.replacing("\\", with: "\\\\").replacing("|", with: "\\|")
  }
}

/// The type of a metadata field or of a table's column.
package enum ValueKind: String, Sendable, Hashable, CaseIterable {
  case boolean, integer, real, date, text
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
  package init(stringLiteral value: String) { self = .text(value) }
  package init(integerLiteral value: Int64) { self = .integer(value) }
  package init(floatLiteral value: Double) { self = .real(value) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
  package init(nilLiteral: ()) { self = .null }

  package init(_ value: Int) { self = .integer(Int64(value)) }
  package init(_ value: String?) { self = value.map(Value.text) ?? .null }
}
