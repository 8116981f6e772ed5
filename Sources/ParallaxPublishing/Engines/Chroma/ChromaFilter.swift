internal import ParallaxCore
internal import ParallaxText

/// A condition as Chroma's `where` in JSON.
///
/// Chroma has no condition for what is missing, and its `$ne`, `$nin` and `$not_contains` hold for it: each record
/// says of every field whether it has a value.
struct ChromaFilter {
  /// Holds of no record, and of every one.
  private static let (nothing, everything) = (
    "{\"checksum\":{\"$eq\":\"\"}}", "{\"checksum\":{\"$ne\":\"\"}}"
  )

  private(set) var json = ""
  private let keys: PayloadKeys

  /// - Throws: `unsupported` for what Chroma has no condition for.
  init(_ filter: EngineFilter, _ keys: PayloadKeys) throws {
    self.keys = keys
    json = try text(of: filter)
  }

  private func text(of filter: EngineFilter) throws -> String {
    switch filter {
    case .always(let holds): return holds ? Self.everything : Self.nothing
    case .all(let parts):
      return Self.joined(try parts.map { try text(of: $0) }, "$and", orElse: Self.everything)
    case .any(let parts):
      return Self.joined(try parts.map { try text(of: $0) }, "$or", orElse: Self.nothing)
    case .known(let field): return known(field, true)
    case .unknown(let field): return known(field, false)
    case .holds(let field, let test): return try self.test(test, field, holds: true)
    case .fails(let field, let test): return try self.test(test, field, holds: false)
    case .compared:
      throw EngineFilter.inexpressible("to compare two fields", by: ChromaEngine.id)
    }
  }

  private static func joined(
    _ parts: [String], _ word: String, orElse other: String
  ) -> String {
    guard parts.count > 1 else { return parts.first ?? other }
    return "{\"\(word)\":[\(parts.joined(separator: ","))]}"
  }

  private func known(_ field: EngineField, _ isKnown: Bool) -> String {
    if field == .id { return isKnown ? Self.everything : Self.nothing }
    return "{\(JSON.string(keys.known(field))):{\"$eq\":\(isKnown)}}"
  }

  private func clause(_ field: String, _ word: String, _ value: String) -> String {
    "{\(JSON.string(field)):{\"\(word)\":\(value)}}"
  }

  /// That a test holds, or that there is a value for which it does not.
  private func test(
    _ test: EngineTest, _ field: EngineField, holds: Bool
  ) throws -> String {
    let key = keys.name(of: field)
    switch test {
    case .among(let values):
      let word =
        field.isList ? holds ? "$contains" : "$not_contains" : holds ? "$in" : "$nin"
      let parts =
        field.isList
        ? values.map { clause(key, word, $0.json) }
        : values.isEmpty ? [] : [clause(key, word, list(values))]
      return holds
        ? Self.joined(parts, "$or", orElse: Self.nothing)
        : Self.joined([known(field, true)] + parts, "$and", orElse: Self.nothing)
    case .range(let lower, let upper):
      // Outside a range is beyond either end, and an end that belongs to it does not.
      let parts = try bounds(lower, upper, field).map { bound in
        let isBelow = bound.isUpper == holds
        let word = (isBelow ? "$lt" : "$gt") + (bound.isIncluded == holds ? "e" : "")
        return clause(bound.key, word, bound.value)
      }
      return holds
        ? Self.joined(parts, "$and", orElse: known(field, true))
        : Self.joined(parts, "$or", orElse: Self.nothing)
    case .like:
      throw EngineFilter.inexpressible("'like' ('\(field.name)')", by: ChromaEngine.id)
    }
  }

  private func list(_ values: [Value]) -> String {
    "[\(values.map(\.json).joined(separator: ","))]"
  }

  /// The ends of a range as numbers, with the key that is compared.
  private func bounds(
    _ lower: EngineTest.Bound?, _ upper: EngineTest.Bound?, _ field: EngineField
  ) throws -> [(key: String, value: String, isUpper: Bool, isIncluded: Bool)] {
    if field.isList {
      throw EngineFilter.inexpressible(
        "for an order of several values ('\(field.name)')", by: ChromaEngine.id)
    }
    guard field.kind != .text else {
      throw EngineFilter.inexpressible(
        "for texts in an order ('\(field.name)')", by: ChromaEngine.id)
    }
    return [(lower, false), (upper, true)].compactMap { bound, isUpper in
      guard let bound else { return nil }
      if case .date(let text) = bound.value {
        return (
          keys.order(of: field), String(DateOrder.number(of: text)), isUpper, bound.isIncluded
        )
      }
      return (keys.name(of: field), bound.value.json, isUpper, bound.isIncluded)
    }
  }
}
