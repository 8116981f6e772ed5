internal import ParallaxCore

/// A condition as SQL with its values as parameters; no value stands in the text.
struct PostgresFilter {
  private(set) var sql = ""
  private(set) var parameters: [PostgresParameter]
  private let columns: PostgresColumns

  /// - Parameter parameters: those that the statement has already.
  init(_ filter: EngineFilter, _ columns: PostgresColumns, after parameters: [PostgresParameter]) {
    self.parameters = parameters
    self.columns = columns
    sql = text(of: filter)
  }

  private mutating func text(of filter: EngineFilter) -> String {
    switch filter {
    case .always(let flag): return flag ? "true" : "false"
    case .all(let parts): return joined(parts, "AND", ifEmpty: "true")
    case .any(let parts): return joined(parts, "OR", ifEmpty: "false")
    case .known(let field):
      return "\(columns.name(of: field)) IS NOT NULL"
    case .unknown(let field): return "\(columns.name(of: field)) IS NULL"
    case .holds(let field, let test):
      let column = columns.name(of: field)
      guard field.isList else { return self.test(test, column, field) }
      return
        "EXISTS (SELECT 1 FROM unnest(\(column)) AS e(v) WHERE \(self.test(test, element, field)))"
    case .fails(let field, let test):
      let column = columns.name(of: field)
      let inner =
        field.isList
        ? "EXISTS (SELECT 1 FROM unnest(\(column)) AS e(v) WHERE \(self.test(test, element, field)))"
        : self.test(test, column, field)
      return "(\(column) IS NOT NULL AND NOT \(inner))"
    case .compared(let field, let comparison, let other):
      return compared(field, comparison, other)
    }
  }

  private var element: String { "e.v" }

  private mutating func joined(
    _ parts: [EngineFilter], _ word: String, ifEmpty: String
  ) -> String {
    let texts = parts.map { text(of: $0) }
    return texts.isEmpty ? ifEmpty : "(\(texts.joined(separator: " \(word) ")))"
  }

  private mutating func test(_ test: EngineTest, _ column: String, _ field: EngineField) -> String {
    switch test {
    case .among(let values) where values.count == 1:
      return "(\(column) = \(parameter(PostgresParameter(values[0], field.kind))))"
    case .among(let values):
      return "(\(column) = ANY (\(parameter(PostgresParameter(values, field.kind)))))"
    case .range(let lower, let upper):
      var parts: [String] = []
      for (bound, sign) in [(lower, ">"), (upper, "<")] {
        guard let bound else { continue }
        let value = parameter(PostgresParameter(bound.value, field.kind))
        parts.append("\(column) \(sign)\(bound.isIncluded ? "=" : "") \(value)")
      }
      return parts.isEmpty ? "(\(column) IS NOT NULL)" : "(\(parts.joined(separator: " AND ")))"
    case .like(let pattern):
      // In the collation "C" only ASCII letters have another case.
      let lowered = String(
        decoding: pattern.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
      return
        "(lower(\(column) COLLATE \"C\") LIKE \(parameter(PostgresParameter(lowered))) ESCAPE '')"
    }
  }

  /// Whole numbers and others are compared as exactly as here, which no common type of both does.
  private func compared(
    _ field: EngineField, _ comparison: EngineFilter.Comparison, _ other: EngineField
  ) -> String {
    let (left, right) = (columns.name(of: field), columns.name(of: other))
    switch (field.kind, other.kind) {
    case (.integer, .real): return "(\(Self.order(left, right)) \(comparison.rawValue) 0)"
    case (.real, .integer): return "(-(\(Self.order(right, left))) \(comparison.rawValue) 0)"
    default: return "(\(left) \(comparison.rawValue) \(right))"
    }
  }

  /// Below, at or above zero, as by subtraction; null where either is.
  private static func order(_ integer: String, _ real: String) -> String {
    """
    (CASE WHEN \(integer) IS NULL OR \(real) IS NULL THEN NULL \
    WHEN \(real) >= 9223372036854775808 THEN -1 WHEN \(real) < -9223372036854775808 THEN 1 \
    WHEN \(integer) < trunc(\(real))::bigint THEN -1 WHEN \(integer) > trunc(\(real))::bigint THEN 1 \
    WHEN \(real) > trunc(\(real)) THEN -1 WHEN \(real) < trunc(\(real)) THEN 1 ELSE 0 END)
    """
  }

  private mutating func parameter(_ value: PostgresParameter) -> String {
    parameters.append(value)
    return "$\(parameters.count)"
  }
}
