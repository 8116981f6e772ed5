internal import ParallaxCore
internal import ParallaxText

/// A condition as Qdrant's filter in JSON.
struct QdrantFilter {
  /// Qdrant compares numbers of a range as 64-bit floating point: whole ones beyond this are not exact.
  private static let largestWhole = Int64(1) << 53

  private(set) var json = ""
  private let keys: QdrantKeys

  /// - Throws: `unsupported` for what Qdrant has no filter for.
  init(_ filter: EngineFilter, _ keys: QdrantKeys) throws {
    self.keys = keys
    json = try text(of: filter)
  }

  private func text(of filter: EngineFilter) throws -> String {
    switch filter {
    case .always(true): return "{\"must\":[]}"
    case .always(false): return "{\"must\":[{\"has_id\":[]}]}"
    case .all(let parts):
      return "{\"must\":[\(try parts.map { try text(of: $0) }.joined(separator: ","))]}"
    case .any(let parts):
      if parts.isEmpty { return try text(of: .always(false)) }
      return "{\"should\":[\(try parts.map { try text(of: $0) }.joined(separator: ","))]}"
    case .known(let field): return "{\"must_not\":[\(isEmpty(field))]}"
    case .unknown(let field): return "{\"must\":[\(isEmpty(field))]}"
    case .holds(let field, let test): return try self.test(test, field)
    case .fails(let field, let test):
      return "{\"must_not\":[\(isEmpty(field)),\(try self.test(test, field))]}"
    case .compared:
      throw EngineFilter.inexpressible("to compare two fields", by: QdrantEngine.id)
    }
  }

  private func isEmpty(_ field: EngineField) -> String {
    "{\"is_empty\":{\"key\":\(JSON.string(keys.name(of: field)))}}"
  }

  private func test(_ test: EngineTest, _ field: EngineField) throws -> String {
    let key = JSON.string(keys.name(of: field))
    switch test {
    case .among(let values):
      if field.kind == .real || field.kind == .boolean {
        let parts = values.map { value in
          field.kind == .real
            ? range([("gte", value.json), ("lte", value.json)], key)
            : "{\"key\":\(key),\"match\":{\"value\":\(value.json)}}"
        }
        return "{\"should\":[\(parts.joined(separator: ","))]}"
      }
      return
        "{\"must\":[{\"key\":\(key),\"match\":{\"any\":[\(values.map(\.json).joined(separator: ","))]}}]}"
    case .range(let lower, let upper):
      guard field.kind != .text else {
        throw EngineFilter.inexpressible(
          "for texts in an order ('\(field.name)')", by: QdrantEngine.id)
      }
      let bounds = [(lower, "gt"), (upper, "lt")]
      let parts = try bounds.compactMap { bound, name -> (String, String)? in
        guard let bound else { return nil }
        return (bound.isIncluded ? name + "e" : name, try number(bound.value, field))
      }
      let name = field.kind == .date ? JSON.string(keys.order(of: field)) : key
      return "{\"must\":[\(range(parts, name))]}"
    case .like:
      throw EngineFilter.inexpressible("'like' ('\(field.name)')", by: QdrantEngine.id)
    }
  }

  private func range(_ bounds: [(String, String)], _ key: String) -> String {
    let parts = bounds.map { "\"\($0)\":\($1)" }.joined(separator: ",")
    return "{\"key\":\(key),\"range\":{\(parts)}}"
  }

  private func number(_ value: Value, _ field: EngineField) throws -> String {
    if case .date(let text) = value { return String(DateOrder.number(of: text)) }
    if case .integer(let number) = value, number.magnitude >= Self.largestWhole.magnitude {
      throw EngineFilter.inexpressible(
        "for an order of whole numbers beyond 2^53 ('\(field.name)')", by: QdrantEngine.id)
    }
    return value.json
  }
}

/// Dates as numbers that order as their texts do.
enum DateOrder {
  /// Of a date, or of a year or month, which is before every date in it.
  static func number(of text: String) -> Int64 {
    guard let date = CalendarDate(text) else {
      let day = text.utf8.count == 4 ? "\(text)-01-01" : "\(text)-01"
      return (CalendarDate(day).map { Int64($0.secondsSince1970) * 4 } ?? 0) - 1
    }
    // `2024-05-31` is before `2024-05-31T00:00:00`, and that before the same with `Z`.
    let form: Int64 = date.text.hasSuffix("Z") ? 2 : date.text.contains("T") ? 1 : 0
    return Int64(date.secondsSince1970) * 4 + form
  }
}

/// The keys that fields have in a payload.
struct QdrantKeys {
  static let own = ["item_id", "checksum"]

  private let names: [EngineField: String]

  init(_ fields: [EngineField]) {
    var names = [EngineField.id: "item_id"]
    for field in fields where field != .id { names[field] = Self.key(field.name) }
    self.names = names
  }

  func name(of field: EngineField) -> String { names[field] ?? "" }

  /// Where the number is that orders dates; no field's name begins so.
  func order(of field: EngineField) -> String { "order_" + name(of: field) }

  /// Points, brackets and quotes have a meaning in Qdrant's paths: what is not a word is spelled by its bytes.
  private static func key(_ name: String) -> String {
    let isBuiltIn = name.hasPrefix(EngineField.builtInPrefix)
    let word = isBuiltIn ? String(name.dropFirst(EngineField.builtInPrefix.count)) : name
    let isWord =
      !word.isEmpty
      && word.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
          || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
      }
    let spelled =
      isWord
      ? word
      : word.utf8.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    return (isBuiltIn ? "item." : isWord ? "meta." : "hex.").replacing(".", with: "_") + spelled
  }
}

extension Value {
  /// As JSON; a list has no nulls.
  var json: String {
    switch self {
    case .null: "null"
    case .boolean(let flag): flag ? "true" : "false"
    case .integer(let number): String(number)
    case .real(let number): "\(number)"
    case .date(let text), .text(let text): JSON.string(text)
    case .written(_, let value): value.json
    case .list(let values):
      "[\(values.filter { $0.typed != .null }.map(\.json).joined(separator: ","))]"
    }
  }
}
