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

  /// The kind, or `nil` for null.
  package var kind: ValueKind? {
    switch self {
    case .null: nil
    case .boolean: .boolean
    case .integer: .integer
    case .real: .real
    case .date: .date
    case .text: .text
    }
  }

  /// The machine form: numbers in shortest round-trip form, null as the empty string.
  package var plainText: String {
    switch self {
    case .null: ""
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .real(let value): String(value)
    case .date(let value), .text(let value): value
    }
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
