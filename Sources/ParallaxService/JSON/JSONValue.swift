internal import ParallaxCore
private import ParallaxServer
private import ParallaxText

/// JSON as a tree, with the members of objects in their order.
package indirect enum JSONValue: Sendable, Hashable {
  package struct Member: Sendable, Hashable {
    package var name: String
    package var value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  case null
  case boolean(Bool)
  case integer(Int64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// Objects and arrays within one another that are read.
  private static let deepest = 16
  /// Values that a body has at most: no request needs a tenth of them.
  private static let most = 10_000

  /// - Throws: `bad-request` for what is no JSON, is too deep or too large, or names a member twice.
  package init(parsing bytes: [UInt8]) throws {
    var scanner = JSONScanner(bytes)
    do {
      var left = Self.most
      self = try Self.value(&scanner, depth: 0, &left)
      guard scanner.isAtEnd else { throw JSONScanner.Malformed() }
    } catch is JSONScanner.Malformed {
      throw ParallaxError(
        .badRequest, "the body is no JSON from byte \(min(scanner.position, bytes.count)) on")
    }
  }

  private static func value(
    _ scanner: inout JSONScanner, depth: Int, _ left: inout Int
  ) throws -> JSONValue {
    left -= 1
    guard left >= 0 else {
      throw ParallaxError(.badRequest, "the body has more than \(most) values")
    }
    guard depth < deepest else {
      throw ParallaxError(.badRequest, "the body is nested more than \(deepest) deep")
    }
    switch scanner.next {
    case UInt8(ascii: "{"):
      var members: [Member] = []
      var names: Set<String> = []
      try scanner.members { name, scanner in
        guard names.insert(name).inserted else {
          throw ParallaxError(.badRequest, "'\(name)' is given twice")
        }
        members.append(Member(name, try value(&scanner, depth: depth + 1, &left)))
      }
      return .object(members)
    case UInt8(ascii: "["):
      var elements: [JSONValue] = []
      try scanner.elements { elements.append(try value(&$0, depth: depth + 1, &left)) }
      return .array(elements)
    case UInt8(ascii: "\""): return .string(try scanner.string())
    case _ where scanner.isAtNumber:
      var whole = scanner
      if let integer: Int64 = try? whole.integer() {
        scanner = whole
        return .integer(integer)
      }
      return .number(try scanner.double())
    default:
      let word = try scanner.word()
      return word == "null" ? .null : .boolean(word == "true")
    }
  }

  /// On one line, ended.
  package var text: String {
    var text = ""
    write(to: &text)
    return text + "\n"
  }

  private func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    // JSON has no word for those that are not finite.
    case .number(let value): text += value.isFinite ? String(value) : "null"
    case .string(let value): text += JSON.string(value)
    case .array(let elements):
      text += "["
      for (place, element) in elements.enumerated() {
        if place > 0 { text += "," }
        element.write(to: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (place, member) in members.enumerated() {
        if place > 0 { text += "," }
        text += JSON.string(member.name) + ":"
        member.value.write(to: &text)
      }
      text += "}"
    }
  }

  /// The member of an object; `nil` where there is none.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }
}

extension JSONValue {
  package var string: String? { if case .string(let value) = self { value } else { nil } }

  package var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }

  package var integer: Int? {
    switch self {
    case .integer(let value): Int(exactly: value)
    // As JSON Schema has it, 2.0 is a whole number.
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  package var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  package var elements: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

  /// A cell of metadata with its kind; a date as a text.
  init(_ value: Value) {
    switch value {
    case .null: self = .null
    case .boolean(let value): self = .boolean(value)
    case .integer(let value): self = .integer(value)
    case .real(let value): self = .number(value)
    case .date(let text), .text(let text): self = .string(text)
    // What did not fit its field is there as it was written.
    case .written(let text, .null): self = .string(text)
    case .written(_, let value): self = JSONValue(value)
    case .list(let values): self = .array(values.map { JSONValue($0) })
    }
  }

  /// A null for what is not there.
  init(_ text: String?) { self = text.map(JSONValue.string) ?? .null }

  init(_ number: Int) { self = .integer(Int64(number)) }

  /// An object without the members that are not there.
  static func members(_ pairs: KeyValuePairs<String, JSONValue?>) -> JSONValue {
    .object(pairs.compactMap { name, value in value.map { Member(name, $0) } })
  }
}
