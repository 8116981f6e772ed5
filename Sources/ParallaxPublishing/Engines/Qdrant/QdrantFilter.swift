internal import ParallaxCore
internal import ParallaxText

/// A condition as Qdrant's filter in JSON.
struct QdrantFilter {
  /// Qdrant compares numbers of a range as 64-bit floating point: whole ones beyond this are not exact.
  private static let largestWhole = Int64(1) << 53

  private(set) var json = ""
  private let keys: PayloadKeys

  /// - Throws: `unsupported` for what Qdrant has no filter for.
  init(_ filter: EngineFilter, _ keys: PayloadKeys) throws {
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
