@testable import ParallaxConditions
import ParallaxCore

/// The expressions of `--where` and `--relevant-if`.
enum ConditionTarget: FuzzTarget {
  static let name = "conditions"
  static let repeats: [Repetition] = [
    ("", "(", ""), ("", "not ", "a"), ("", "a = 1 and ", "a = 1"), ("", "a or ", "a"),
    ("a in (", "1,", "1)"), ("'", "''", "'"), ("\"", "\"\"", "\" = 1"), ("", "-", ""),
    ("a = ", "9", ""), ("", "a.", " = 1"), ("", "’", ""), ("", "(a) or ", "a"),
    ("a like '", "%", "'"),
  ]

  private static let kinds: [String: WhereField] = [
    "year": WhereField(kind: .integer, isList: false),
    "score": WhereField(kind: .real, isList: false),
    "city": WhereField(kind: .text, isList: false),
    "tags": WhereField(kind: .text, isList: true),
    "shot at": WhereField(kind: .date, isList: false),
    "used": WhereField(kind: .boolean, isList: false),
  ]
  private static let values: [String: Value] = [
    "class": .text("it's"), "id": .integer(7), "when": .date("2024-05-31"), "none": .null,
    "tags": .list([.text("a"), .text("b")]),
  ]

  static func run(_ bytes: [UInt8]) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    for form in [WhereExpression.Form.filter, .relevance] {
      guard
        let expression = try ErrorPromise.reading({ try WhereExpression(parsing: text, as: form) })
      else { continue }
      try checkPlaces(in: expression)
      try checkSpelling(of: expression)
      _ = try ErrorPromise.reading { try expression.checked(against: field) }
      _ = try ErrorPromise.reading {
        try expression.checked(binding: values, against: field)
      }
    }
    let tail = WhereTail(text)
    try expect(0 <= tail.start && tail.start <= text.utf8.count, "what is begun starts outside")
  }

  private static func field(_ name: String) throws -> WhereField {
    guard let kind = kinds[name] else {
      throw ParallaxError(.unknownName, "unknown field '\(name)'")
    }
    return kind
  }

  private static func checkPlaces(in expression: WhereExpression) throws {
    for name in expression.fieldNames + expression.parameterNames {
      try expect(
        0 <= name.range.lowerBound && name.range.upperBound <= expression.text.utf8.count,
        "'\(name.name)' stands outside of the expression")
    }
  }

  /// What was read, written anew, is read again.
  private static func checkSpelling(of expression: WhereExpression) throws {
    let text = spelled(expression.root)
    do {
      let again = try WhereExpression(parsing: text, as: expression.form)
      try expect(spelled(again.root) == text, "'\(text)' becomes '\(spelled(again.root))'")
      // Parentheses around parts that need none may nest deeper than is read.
    } catch let error as ParallaxError where !error.message.contains("deep") {
      throw Fault("'\(text)' is refused: \(error)")
    } catch is ParallaxError {}
  }

  private static func spelled(_ node: WhereNode) -> String {
    func joined(_ nodes: [WhereNode], _ word: String) -> String {
      "(\(nodes.map(spelled).joined(separator: " \(word) ")))"
    }
    func not(_ isNegated: Bool) -> String { isNegated ? "not " : "" }
    return switch node {
    case .all(let nodes): joined(nodes, "and")
    case .any(let nodes): joined(nodes, "or")
    case .not(let node): "not \(spelled(node))"
    case .comparison(let left, let comparison, let right):
      "\(spelled(left)) \(comparison.rawValue) \(spelled(right))"
    case .membership(let operand, let values, let isNegated):
      "\(spelled(operand)) \(not(isNegated))in (\(values.map(spelled).joined(separator: ", ")))"
    case .between(let operand, let low, let high, let isNegated):
      "\(spelled(operand)) \(not(isNegated))between \(spelled(low)) and \(spelled(high))"
    case .like(let operand, let pattern, let isNegated):
      "\(spelled(operand)) \(not(isNegated))like \(spelled(pattern))"
    case .null(let operand, let isNegated): "\(spelled(operand)) is \(not(isNegated))null"
    case .truth(let operand): spelled(operand)
    }
  }

  private static func spelled(_ operand: WhereOperand) -> String {
    switch operand.content {
    case .field(let name): WhereExpression.spelling(ofField: name)
    case .number(.integer(let number)): String(number)
    case .number(.real(let number)): String(number)
    case .text(let text): WhereExpression.spelling(ofText: text)
    case .boolean(let value): String(value)
    case .parameter(let name):
      ":" + (name == "" ? "\"\"" : WhereExpression.quotedSpelling(ofField: name))
    case .missing: "null"
    }
  }
}
