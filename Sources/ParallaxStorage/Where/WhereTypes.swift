internal import ParallaxCore

/// Checks that an expression compares only what has an order in common.
struct WhereTypes {
  private let expression: WhereExpression
  private let catalog: FieldCatalog

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

  init(_ expression: WhereExpression, catalog: FieldCatalog) {
    self.expression = expression
    self.catalog = catalog
  }

  /// - Throws: `unknown-field` pointing at the operand.
  func field(_ name: String, _ operand: WhereOperand) throws -> FieldCatalog.Resolved {
    do {
      return try catalog.required(name, in: "--where")
    } catch var error as ParallaxError {
      let isQuoted = operand.range.count > name.utf8.count
      if isQuoted, let hint = error.hint {
        error.hint = "\(hint); a text stands in single quotes"
      }
      throw error.located(at: .inWhere(expression.text, operand.range))
    }
  }

  /// - Throws: `unknown-field`, `type-mismatch`.
  func checkComparison(
    _ left: WhereOperand, _ comparison: WhereNode.Comparison, _ right: WhereOperand
  ) throws {
    let (leftClass, rightClass) = (try classOf(left), try classOf(right))
    switch (leftClass, rightClass) {
    case (.date, .text): try checkDate(right, after: comparison)
    case (.text, .date): try checkDate(left, after: comparison.mirrored)
    case (.boolean, .boolean):
      guard comparison == .equal || comparison == .unequal else {
        throw mismatch("true and false have no order", "compare them with '=' or '!='", right)
      }
    default:
      guard leftClass != rightClass else { return }
      throw mismatch(left, leftClass, right, rightClass)
    }
  }

  /// - Throws: `unknown-field`, `type-mismatch`.
  func checkLike(_ operand: WhereOperand, _ pattern: WhereOperand) throws {
    let subject = try classOf(operand)
    guard subject == .text || subject == .date else {
      throw mismatch(
        "'like' takes a text; \(name(operand, subject))", "compare it with '='", operand)
    }
    let wanted = try classOf(pattern)
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

  /// - Throws: `unknown-field`, `type-mismatch` unless the operand is a boolean.
  func checkTruth(_ operand: WhereOperand) throws {
    let found = try classOf(operand)
    guard found != .boolean else { return }
    throw mismatch("\(name(operand, found)) and is no condition by itself", found.remedy, operand)
  }

  /// Below the limit of SQLite.
  private static let maximumPattern = 10_000

  private func classOf(_ operand: WhereOperand) throws -> Class {
    switch operand.content {
    case .field(let name): Class(try field(name, operand).kind)
    case .number: .number
    case .text: .text
    case .boolean: .boolean
    }
  }

  /// A date cut after the year or month sorts before every date in it: `>=` and `<` mean what they
  /// say, the other comparisons would leave out or let in what nobody means.
  private func checkDate(
    _ operand: WhereOperand, after comparison: WhereNode.Comparison
  ) throws {
    guard case .text(let text) = operand.content else { return }
    switch ISODate(text) {
    case .whole: return
    case .prefix:
      guard comparison != .less, comparison != .greaterOrEqual else { return }
      throw mismatch(
        "a year or month stands for a date only after '>=' and '<'",
        "write a whole date such as '2024-05-31'", operand)
    case nil:
      throw mismatch("a date looks like '2024-05-31' or '2024-05-31T12:00:00'", nil, operand)
    }
  }

  private func mismatch(
    _ left: WhereOperand, _ leftClass: Class, _ right: WhereOperand, _ rightClass: Class
  ) -> ParallaxError {
    let text = "\(name(left, leftClass)), \(name(right, rightClass)); they do not compare"
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
  fileprivate var mirrored: Self {
    switch self {
    case .equal, .unequal: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}
