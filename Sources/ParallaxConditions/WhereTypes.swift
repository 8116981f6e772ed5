package import ParallaxCore

/// What a condition must know of a field.
package struct WhereField: Sendable, Hashable {
  package let kind: ValueKind
  /// Whether an item may have several values.
  package let isList: Bool

  package init(kind: ValueKind, isList: Bool) {
    self.kind = kind
    self.isList = isList
  }
}

extension WhereExpression {
  /// Checks, from left to right, that the fields exist and that each comparison has an order.
  ///
  /// - Parameter field: looks a field up by its exact name; throws when there is none.
  /// - Returns: the condition to evaluate: a date in it is in the form in which dates are kept
  ///   (``CalendarDate``), unless it is a year or a month.
  /// - Throws: `type-mismatch`, and what `field` throws; both point into the expression.
  package func checked(
    against field: @escaping (String) throws -> WhereField
  ) throws -> WhereNode {
    try checked(root, against: field)
  }

  /// The same of another tree over the same text.
  func checked(
    _ node: WhereNode, against field: @escaping (String) throws -> WhereField
  ) throws -> WhereNode {
    try WhereTypes(expression: self, lookUp: field).checked(node)
  }
}

/// Checks that an expression compares only what has an order in common.
private struct WhereTypes {
  let expression: WhereExpression
  let lookUp: (String) throws -> WhereField

  /// What a value is for comparing.
  private enum Class {
    case number, text, date, boolean

    init(_ kind: ValueKind) {
      switch kind {
      case .integer, .real: self = .number
      case .text: self = .text
      case .date: self = .date
      case .boolean: self = .boolean
      }
    }

    var plural: String {
      switch self {
      case .number: "numbers"
      case .text: "texts"
      case .date: "dates"
      case .boolean: "true or false"
      }
    }

    /// How to write a value of the class.
    var remedy: String {
      switch self {
      case .number: "compare it with a number, without quotes"
      case .text: "compare it with a text in single quotes"
      case .date: "compare it with a date such as '2024-05-31'"
      case .boolean: "compare it with true or false"
      }
    }
  }

  func checked(_ node: WhereNode) throws -> WhereNode {
    switch node {
    case .all(let nodes): return .all(try nodes.map(checked))
    case .any(let nodes): return .any(try nodes.map(checked))
    case .not(let node): return .not(try checked(node))
    case .comparison(let left, let comparison, let right):
      let sides = try comparable(left, comparison, right)
      try checkLists([left, right])
      return .comparison(sides.left, comparison, sides.right)
    case .membership(let operand, let values, let isNegated):
      return .membership(
        operand, try values.map { try comparable(operand, .equal, $0).right }, isNegated: isNegated)
    case .between(let operand, let low, let high, let isNegated):
      let lower = try comparable(operand, .greaterOrEqual, low)
      let upper = try comparable(lower.left, .lessOrEqual, high)
      try checkLists([operand, low, high])
      return .between(upper.left, lower.right, upper.right, isNegated: isNegated)
    case .like(let operand, let pattern, _):
      try checkLike(operand, pattern)
      try checkLists([operand, pattern])
    case .null(let operand, _): _ = try classOf(operand, comparedWith: nil)
    case .truth(let operand): try checkTruth(operand)
    }
    return node
  }

  /// - Parameter other: what the operand is compared with, if it is.
  /// - Throws: what the look-up throws, pointing at the operand.
  private func field(
    _ name: String, _ operand: WhereOperand, comparedWith other: WhereOperand?
  ) throws -> WhereField {
    do {
      return try lookUp(name)
    } catch var error as ParallaxError {
      if isMeantAsText(operand, beside: other) {
        error.hint = [
          "put a text in single quotes: \(quoting(name, at: operand.range))", error.hint,
        ].compactMap(\.self).joined(separator: "; ")
      }
      throw error.located(at: .inWhere(expression.text, operand.range))
    }
  }

  /// `red` of `colour = red`, or `"red"` on either side.
  private func isMeantAsText(_ operand: WhereOperand, beside other: WhereOperand?) -> Bool {
    guard let other, isField(other) else { return false }
    let start = expression.text.utf8.index(
      expression.text.startIndex, offsetBy: operand.range.lowerBound)
    return other.range.lowerBound < operand.range.lowerBound || expression.text[start] == "\""
  }

  /// The expression with a name in it made a text, or the text alone where that would be long.
  private func quoting(_ name: String, at range: Range<Int>) -> String {
    let text = WhereExpression.spelling(ofText: name)
    let bytes = Array(expression.text.utf8)
    guard bytes.count <= 60 else { return text }
    let before = String(decoding: bytes[..<range.lowerBound], as: UTF8.self)
    return "\"\(before)\(text)\(String(decoding: bytes[range.upperBound...], as: UTF8.self))\""
  }

  /// A comparison holds for a list when it holds for any element, which says nothing of two lists.
  private func checkLists(_ operands: [WhereOperand]) throws {
    var first: String?
    for operand in operands {
      guard case .field(let name) = operand.content,
        try field(name, operand, comparedWith: nil).isList
      else { continue }
      guard let other = first, other != name else {
        first = name
        continue
      }
      throw mismatch(
        "'\(other)' and '\(name)' hold several values each; they cannot be compared", nil, operand)
    }
  }

  /// The operands as they are compared.
  private func comparable(
    _ left: WhereOperand, _ comparison: WhereNode.Comparison, _ right: WhereOperand
  ) throws -> (left: WhereOperand, right: WhereOperand) {
    let leftClass = try classOf(left, comparedWith: right)
    let rightClass = try classOf(right, comparedWith: left)
    guard let leftClass, let rightClass else { return (left, right) }
    switch (leftClass, rightClass) {
    case (.date, .text): return (left, try date(right, after: comparison))
    case (.text, .date): return (try date(left, after: comparison.mirrored), right)
    case (.boolean, .boolean):
      guard comparison == .equal || comparison == .unequal else {
        throw mismatch("true and false have no order", "compare them with '=' or '!='", right)
      }
    default:
      guard leftClass == rightClass else { throw mismatch(left, leftClass, right, rightClass) }
    }
    return (left, right)
  }

  private func checkLike(_ operand: WhereOperand, _ pattern: WhereOperand) throws {
    guard let subject = try classOf(operand, comparedWith: nil) else { return }
    guard subject == .text || subject == .date else {
      throw mismatch(
        "'like' takes a text; \(name(operand, subject))", "compare it with '='", operand)
    }
    guard let wanted = try classOf(pattern, comparedWith: operand) else { return }
    guard wanted == .text else {
      throw mismatch(
        "'like' takes a text; \(name(pattern, wanted))", "put the pattern in single quotes", pattern
      )
    }
    guard pattern.range.count <= Self.maximumPattern else {
      throw mismatch(
        "a pattern of 'like' has at most \(Self.maximumPattern) bytes", "shorten it", pattern)
    }
  }

  /// - Throws: unless the operand is a boolean.
  private func checkTruth(_ operand: WhereOperand) throws {
    guard let found = try classOf(operand, comparedWith: nil), found != .boolean else { return }
    throw mismatch(
      "\(name(operand, found)) and is not a condition by itself", found.remedy, operand)
  }

  /// Matching takes at most as long as a pattern and a text are long together, multiplied.
  private static let maximumPattern = 10_000

  /// - Returns: `nil` for a missing value, which is compared with anything.
  private func classOf(
    _ operand: WhereOperand, comparedWith other: WhereOperand?
  ) throws -> Class? {
    switch operand.content {
    case .field(let name): Class(try field(name, operand, comparedWith: other).kind)
    case .number: .number
    case .text: .text
    case .boolean: .boolean
    case .parameter, .missing: nil
    }
  }

  /// A date cut after the year or month sorts before every date in it: `>=` and `<` mean what they
  /// say, the other comparisons would leave out or let in what nobody means.
  private func date(
    _ operand: WhereOperand, after comparison: WhereNode.Comparison
  ) throws -> WhereOperand {
    guard case .text(let text) = operand.content else { return operand }
    if let date = CalendarDate(text) {
      return WhereOperand(content: .text(date.text), range: operand.range)
    }
    guard CalendarDate.isYearOrMonth(text) else {
      throw mismatch(
        "a date looks like '2024-05-31' or '2024-05-31T12:00:00', and exists in the calendar", nil,
        operand)
    }
    guard comparison == .less || comparison == .greaterOrEqual else {
      throw mismatch(
        "a year or month can be used as a date only after '>=' and '<'",
        "write a whole date such as '2024-05-31'", operand)
    }
    return operand
  }

  private func mismatch(
    _ left: WhereOperand, _ leftClass: Class, _ right: WhereOperand, _ rightClass: Class
  ) -> ParallaxError {
    let text = "\(name(left, leftClass)), \(name(right, rightClass)); they cannot be compared"
    switch (isField(left), isField(right)) {
    case (true, false): return error(text, leftClass.remedy, right.range)
    case (false, true): return error(text, rightClass.remedy, left.range)
    default: return error(text, nil, left.range.lowerBound..<right.range.upperBound)
    }
  }

  private func isField(_ operand: WhereOperand) -> Bool {
    if case .field = operand.content { true } else { false }
  }

  /// What an operand holds; a value is not shown.
  private func name(_ operand: WhereOperand, _ found: Class) -> String {
    switch operand.content {
    case .field(let name): "'\(name)' holds \(found.plural)"
    case .number: "a number is given"
    case .text: "a text is given"
    case .boolean: "true or false is given"
    case .parameter(let name): "':\(name)' is given"
    case .missing: "nothing is given"
    }
  }

  private func mismatch(_ text: String, _ hint: String?, _ at: WhereOperand) -> ParallaxError {
    error(text, hint, at.range)
  }

  private func error(_ text: String, _ hint: String?, _ range: Range<Int>) -> ParallaxError {
    ParallaxError(
      .typeMismatch, text, hint: hint, location: .inWhere(expression.text, range))
  }
}

extension WhereNode.Comparison {
  /// The comparison with its sides exchanged.
  package var mirrored: Self {
    switch self {
    case .equal, .unequal: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}
