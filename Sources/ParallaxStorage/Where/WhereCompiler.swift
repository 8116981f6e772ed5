internal import ParallaxCore

/// Turns an expression into SQL over `item AS i` whose values are all bound.
///
/// Placeholders and bindings are made together, from left to right. Long chains become balanced
/// trees, because SQLite limits the depth of an expression.
struct WhereCompiler {
  private let expression: WhereExpression
  private let types: WhereTypes
  private(set) var bindings: [SQLValue] = []

  init(_ expression: WhereExpression, catalog: FieldCatalog) {
    self.expression = expression
    types = WhereTypes(expression, catalog: catalog)
  }

  /// The condition; ``bindings`` holds its values afterwards.
  ///
  /// - Throws: `unknown-field`, `type-mismatch`, pointing into the expression.
  mutating func condition() throws -> String {
    bindings = []
    return try sql(expression.root)
  }

  private mutating func sql(_ node: WhereNode) throws -> String {
    switch node {
    case .all(let nodes): return try chain(nodes[...], "AND")
    case .any(let nodes): return try chain(nodes[...], "OR")
    case .not(let node): return "NOT (\(try sql(node)))"
    case .comparison(let left, let comparison, let right):
      try types.checkComparison(left, comparison, right)
      return "\(try sql(left)) \(comparison.rawValue) \(try sql(right))"
    case .membership(let operand, let values, let isNegated):
      for value in values { try types.checkComparison(operand, .equal, value) }
      let left = try sql(operand)
      let list = try values.map { try sql($0) }.joined(separator: ", ")
      return "\(left) \(isNegated ? "NOT IN" : "IN") (\(list))"
    case .between(let operand, let low, let high, let isNegated):
      try types.checkComparison(operand, .greaterOrEqual, low)
      try types.checkComparison(operand, .lessOrEqual, high)
      let word = isNegated ? "NOT BETWEEN" : "BETWEEN"
      return "\(try sql(operand)) \(word) \(try sql(low)) AND \(try sql(high))"
    case .like(let operand, let pattern, let isNegated):
      try types.checkLike(operand, pattern)
      return "\(try sql(operand)) \(isNegated ? "NOT LIKE" : "LIKE") \(try sql(pattern))"
    case .null(let operand, let isNegated):
      return "\(try sql(operand)) \(isNegated ? "IS NOT NULL" : "IS NULL")"
    case .truth(let operand):
      try types.checkTruth(operand)
      return try sql(operand)
    }
  }

  private mutating func chain(_ nodes: ArraySlice<WhereNode>, _ word: String) throws -> String {
    if nodes.count == 1 { return "(\(try sql(nodes[nodes.startIndex])))" }
    let middle = nodes.startIndex + nodes.count / 2
    let left = try chain(nodes[..<middle], word)
    return "(\(left) \(word) \(try chain(nodes[middle...], word)))"
  }

  private mutating func sql(_ operand: WhereOperand) throws -> String {
    switch operand.content {
    case .field(let name):
      let field = try types.field(name, operand)
      bindings += field.bindings
      return field.sql
    case .number(let value): bindings.append(value)
    case .text(let value): bindings.append(.text(value))
    case .boolean(let value): bindings.append(.integer(value ? 1 : 0))
    }
    return "?"
  }
}
