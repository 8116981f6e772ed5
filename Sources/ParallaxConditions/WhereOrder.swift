package import ParallaxCore

/// What orders items, such as `--keep`: a field, of which the largest value comes first (the smallest where `asc`
/// follows it), or a condition, for which those come first of which it is true.
///
/// Items without a value, or of which the condition is unknown, come last.
package struct WhereOrder: Sendable, Hashable {
  package let text: String
  /// What was read, without the direction.
  package let expression: WhereExpression
  /// `nil` for a condition.
  package let field: WhereExpression.FieldName?
  package let isAscending: Bool

  /// - Throws: `where-syntax` with a location whose source is `where`.
  package init(parsing text: String) throws(ParallaxError) {
    self.text = text
    let tokens = try WhereLexer.tokens(in: text, .keep)
    let direction =
      tokens.count == 3 && tokens[0].isFieldName ? Self.directions[tokens[1].keyword] : nil
    let read =
      direction == nil
      ? text : String(decoding: text.utf8.prefix(tokens[0].range.upperBound), as: UTF8.self)
    expression = try WhereExpression(parsing: read, as: .keep)
    isAscending = direction ?? false
    if case .truth(let operand) = expression.root, case .field(let name) = operand.content,
      tokens.count <= 3
    {
      field = .init(name: name, range: operand.range)
    } else {
      field = nil
    }
  }

  private static let directions = ["asc": true, "desc": false]

  /// Checks that the fields exist and give an order.
  ///
  /// - Parameter lookUp: looks a field up by its exact name; throws when there is none.
  /// - Returns: the condition to evaluate; `nil` for a field.
  /// - Throws: `type-mismatch`, and what `lookUp` throws; both point into the expression.
  package func checked(
    against lookUp: @escaping (String) throws -> WhereField
  ) throws -> WhereNode? {
    guard let field else { return try expression.checked(against: lookUp) }
    let found: WhereField
    do { found = try lookUp(field.name) } catch let error as ParallaxError {
      throw error.located(at: .inWhere(text, field.range))
    }
    guard !found.isList else {
      throw ParallaxError(
        .typeMismatch, "'\(field.name)' holds several values of an item, which have no order",
        hint: "write a condition, such as \"\(WhereExpression.spelling(ofField: field.name)) = …\"",
        location: .inWhere(text, field.range))
    }
    return nil
  }
}

extension WhereToken {
  /// A word that is no keyword, or one in double quotes.
  fileprivate var isFieldName: Bool {
    if case .quotedField = kind { true } else { isName }
  }

  /// An unquoted word without regard to case; empty for anything else.
  fileprivate var keyword: String {
    if case .word(let word) = kind { word.lowercased() } else { "" }
  }
}
