internal import ParallaxCore

/// A condition as an expression of Milvus
/// (https://milvus.io/docs/boolean.md).
///
/// Parameters of expressions are not in every version: values are written as literals, by the rules of the
/// expression's grammar. `not` stands nowhere but before `like` and `array_contains_any`, behind a test that there is a
/// value: versions differ on what it makes of one that is missing.
struct MilvusFilter {
  /// Holds of every row, and of none.
  private static let (everything, nothing) = (
    "\(MilvusColumns.id) >= \"\"", "\(MilvusColumns.id) < \"\""
  )

  private(set) var text = ""
  private let columns: MilvusColumns

  /// - Throws: `unsupported` for what Milvus has no expression for.
  init(_ filter: EngineFilter, _ columns: MilvusColumns) throws(ParallaxError) {
    self.columns = columns
    text = try text(of: filter)
  }

  private func text(of filter: EngineFilter) throws(ParallaxError) -> String {
    switch filter {
    case .always(let holds): return holds ? Self.everything : Self.nothing
    case .all(let parts): return try joined(parts, "and", orElse: Self.everything)
    case .any(let parts): return try joined(parts, "or", orElse: Self.nothing)
    case .known(let field): return known(field)
    case .unknown(let field):
      return field == .id ? Self.nothing : "\(columns.name(of: field)) is null"
    case .holds(let field, let test): return try self.test(test, field, holds: true)
    case .fails(let field, let test):
      return "(\(known(field)) and \(try self.test(test, field, holds: false)))"
    case .compared(let field, let comparison, let other):
      return try compared(field, comparison, other)
    }
  }

  private func joined(
    _ parts: [EngineFilter], _ word: String, orElse other: String
  ) throws(ParallaxError) -> String {
    var texts: [String] = []
    for part in parts { texts.append(try text(of: part)) }
    return texts.isEmpty ? other : "(\(texts.joined(separator: " \(word) ")))"
  }

  private func known(_ field: EngineField) -> String {
    field == .id ? Self.everything : "\(columns.name(of: field)) is not null"
  }

  /// That a test holds, or that it does not hold for a value that is there.
  private func test(
    _ test: EngineTest, _ field: EngineField, holds: Bool
  ) throws(ParallaxError) -> String {
    let name = columns.name(of: field)
    switch test {
    case .among(let values):
      guard !values.isEmpty else { return holds ? Self.nothing : Self.everything }
      var literals: [String] = []
      for value in values { literals.append(try literal(value)) }
      if field.isList {
        return
          "\(holds ? "" : "not ")array_contains_any(\(name), [\(literals.joined(separator: ", "))])"
      }
      // Of true and false there is no list.
      if field.kind == .boolean || literals.count == 1 {
        let parts = literals.map { "\(name) \(holds ? "==" : "!=") \($0)" }
        return "(\(parts.joined(separator: holds ? " or " : " and ")))"
      }
      return "\(name) \(holds ? "in" : "not in") [\(literals.joined(separator: ", "))]"
    case .range(let lower, let upper):
      if field.isList {
        throw EngineFilter.inexpressible(
          "for an order of several values ('\(field.name)')", by: MilvusEngine.id)
      }
      // Outside a range is beyond either end, and an end that belongs to it does not.
      var parts: [String] = []
      for (bound, isUpper) in [(lower, false), (upper, true)] {
        guard let bound else { continue }
        let sign = isUpper == holds ? "<" : ">"
        parts.append(
          "\(name) \(sign)\(bound.isIncluded == holds ? "=" : "") \(try literal(bound.value))")
      }
      guard !parts.isEmpty else { return holds ? known(field) : Self.nothing }
      return "(\(parts.joined(separator: holds ? " and " : " or ")))"
    case .like(let pattern): return (holds ? "" : "not ") + (try like(pattern, field))
    }
  }

  /// `%` means the same in every version; the others do not.
  private func like(_ pattern: String, _ field: EngineField) throws(ParallaxError) -> String {
    guard let folded = columns.folded(field) else {
      throw EngineFilter.inexpressible("'like' ('\(field.name)')", by: MilvusEngine.id)
    }
    if let other = pattern.first(where: { $0 == "_" || $0 == "\\" }) {
      throw EngineFilter.inexpressible(
        "'like' with '\(other)', which stands for different things in different versions",
        by: MilvusEngine.id)
    }
    return "(\(folded) like \(Self.quoted(MilvusColumns.folded(pattern))))"
  }

  private func compared(
    _ field: EngineField, _ comparison: EngineFilter.Comparison, _ other: EngineField
  ) throws(ParallaxError) -> String {
    guard field.kind == other.kind else {
      throw EngineFilter.inexpressible(
        "to compare fields of different kinds ('\(field.name)', '\(other.name)')",
        by: MilvusEngine.id)
    }
    let word =
      switch comparison {
      case .equal: "=="
      case .unequal: "!="
      case .less, .lessOrEqual, .greater, .greaterOrEqual: comparison.rawValue
      }
    return
      "(\(known(field)) and \(known(other)) and \(columns.name(of: field)) \(word) \(columns.name(of: other)))"
  }

  // MARK: Literals

  private func literal(_ value: Value) throws(ParallaxError) -> String {
    switch value {
    case .boolean(let flag): return flag ? "true" : "false"
    case .integer(let number):
      // Its digits alone are more than a whole number holds.
      guard number != .min else {
        throw EngineFilter.inexpressible("for \(number)", by: MilvusEngine.id)
      }
      return String(number)
    case .real(let number): return "\(number)"
    case .date(let text), .text(let text): return Self.quoted(text)
    case .written(_, let value): return try literal(value)
    case .null, .list:
      throw EngineFilter.inexpressible("for what is no single value", by: MilvusEngine.id)
    }
  }

  /// A text in quotes, with what would end it or the line escaped.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
