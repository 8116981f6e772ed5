internal import ParallaxCore

/// Parses tokens by recursive descent.
///
/// ```ebnf
/// either    = both { "or" both } ;
/// both      = negation { "and" negation } ;
/// negation  = "not" negation | "(" either ")" | predicate ;
/// predicate = operand [ comparator operand | [ "not" ] ( "in" "(" literal { "," literal } ")"
///           | "between" operand "and" operand | "like" operand ) | "is" [ "not" ] "null" ] ;
/// ```
struct WhereParser {
  /// Parentheses and `not` inside one another, so that no thread's stack is too small.
  static let maximumDepth = 30
  /// Fields and values.
  static let maximumOperands = 30_000

  private let text: String
  private let form: WhereExpression.Form
  private let tokens: [WhereToken]
  private var position = 0
  private var depth = 0
  private var operandCount = 0
  /// The field on the left of the predicate being read.
  private var comparedField: String?
  /// What would have been taken where the tokens end.
  private(set) var possible = WhereExpectation()

  init(text: String, tokens: [WhereToken], _ form: WhereExpression.Form = .filter) {
    self.text = text
    self.form = form
    self.tokens = tokens
  }

  mutating func parse() throws(ParallaxError) -> WhereNode {
    if token.kind == .end {
      possible.noteOperand(comparedWith: nil)
      for word in ["not", "("] { possible.note(word) }
      throw ParallaxError(
        .whereSyntax, "\(form.option) takes an expression such as \"\(form.example)\"; got nothing",
        location: .inWhere(text, token.range))
    }
    let node = try either()
    guard token.kind == .end else { throw expected("'and', 'or' or the end") }
    return node
  }

  private mutating func either() throws(ParallaxError) -> WhereNode {
    var nodes = [try both()]
    while take("or") { nodes.append(try both()) }
    return nodes.count == 1 ? nodes[0] : .any(nodes)
  }

  private mutating func both() throws(ParallaxError) -> WhereNode {
    var nodes = [try negation()]
    while take("and") { nodes.append(try negation()) }
    return nodes.count == 1 ? nodes[0] : .all(nodes)
  }

  private mutating func negation() throws(ParallaxError) -> WhereNode {
    guard depth < Self.maximumDepth else {
      throw ParallaxError(
        .whereSyntax, "\(form.option) nests at most \(Self.maximumDepth) deep",
        location: .inWhere(text, token.range))
    }
    depth += 1
    defer { depth -= 1 }
    if take("not") { return .not(try negation()) }
    guard take(symbol: "(") else { return try predicate() }
    let node = try either()
    guard take(symbol: ")") else { throw expected("')'") }
    return node
  }

  private mutating func predicate() throws(ParallaxError) -> WhereNode {
    comparedField = nil
    let left = try operand("a field or a value")
    if case .field(let name) = left.content { comparedField = name }
    if let comparison = takeComparison() {
      return .comparison(left, comparison, try operand("a value after '\(previousText)'"))
    }
    if take("is") {
      let isNegated = take("not")
      guard take("null") else { throw expected(isNegated ? "'null'" : "'null' or 'not null'") }
      return .null(left, isNegated: isNegated)
    }
    let isNegated = take("not")
    if take("in") { return .membership(left, try values(), isNegated: isNegated) }
    if take("between") {
      let low = try operand("a value after 'between'")
      guard take("and") else { throw expected("'and' of 'between'") }
      let high = try operand("a value after 'and'")
      return .between(left, low, high, isNegated: isNegated)
    }
    if take("like") {
      return .like(left, try operand("a text after 'like'"), isNegated: isNegated)
    }
    guard !isNegated else { throw expected("'in', 'between' or 'like' after 'not'") }
    guard endsPredicate else { throw expected("a comparison") }
    return .truth(left)
  }

  private mutating func values() throws(ParallaxError) -> [WhereOperand] {
    guard take(symbol: "(") else { throw expected("'(' after 'in'") }
    var values: [WhereOperand] = []
    repeat {
      let value = try operand("a value")
      if case .field = value.content {
        throw ParallaxError(
          .whereSyntax, "'in' takes numbers, texts, true and false",
          hint: "put a text in single quotes", location: .inWhere(text, value.range))
      }
      values.append(value)
    } while take(symbol: ",")
    guard take(symbol: ")") else { throw expected("',' or ')'") }
    return values
  }

  private mutating func operand(_ wanted: String) throws(ParallaxError) -> WhereOperand {
    let content: WhereOperand.Content
    switch token.kind {
    case .quotedField(let name): content = .field(name)
    case .text(let value): content = .text(value)
    case .number(let value): content = .number(value)
    case .parameter(let name): content = .parameter(name)
    case .word(let word):
      switch word.lowercased() {
      case "true": content = .boolean(true)
      case "false": content = .boolean(false)
      case "null": throw comparedWithNull()
      case let keyword where Self.keywords.contains(keyword): throw expected(wanted)
      default: content = .field(word)
      }
    case .end:
      possible.noteOperand(comparedWith: comparedField)
      throw expected(wanted)
    case .symbol: throw expected(wanted)
    }
    operandCount += 1
    guard operandCount <= Self.maximumOperands else {
      throw ParallaxError(
        .whereSyntax, "\(form.option) takes at most \(Self.maximumOperands) fields and values",
        location: .inWhere(text, token.range))
    }
    defer { position += 1 }
    return WhereOperand(content: content, range: token.range)
  }

  // MARK: Tokens

  static let keywords: Set = [
    "and", "or", "not", "in", "between", "like", "is", "null", "true", "false",
  ]

  private static let comparisons = ["=", "!=", "<", "<=", ">", ">="]

  private var token: WhereToken { tokens[min(position, tokens.count - 1)] }

  private var previousText: String {
    guard position > 0, case .symbol(let symbol) = tokens[position - 1].kind else { return "" }
    return symbol
  }

  private var endsPredicate: Bool {
    switch token.kind {
    case .end, .symbol(")"): true
    case .word(let word): ["and", "or"].contains(word.lowercased())
    default: false
    }
  }

  private mutating func take(_ keyword: String) -> Bool {
    if token.kind == .end { possible.note(keyword) }
    guard case .word(let word) = token.kind, word.lowercased() == keyword else { return false }
    position += 1
    return true
  }

  private mutating func take(symbol: String) -> Bool {
    if token.kind == .end { possible.note(symbol) }
    guard token.kind == .symbol(symbol) else { return false }
    position += 1
    return true
  }

  private mutating func takeComparison() -> WhereNode.Comparison? {
    if token.kind == .end { for symbol in Self.comparisons { possible.note(symbol) } }
    guard case .symbol(let symbol) = token.kind,
      let comparison = WhereNode.Comparison(rawValue: symbol == "!=" ? "<>" : symbol)
    else { return nil }
    position += 1
    return comparison
  }

  private func expected(_ wanted: String) -> ParallaxError {
    ParallaxError(
      .whereSyntax, "expected \(wanted) in \(form.option); got \(token.description)",
      hint: followsName && token.isName ? "put a text in single quotes" : nil,
      location: .inWhere(text, token.range))
  }

  /// Whether two names stand side by side, as the words of a text without its quotes do.
  private var followsName: Bool { position > 0 && tokens[position - 1].isName }

  private func comparedWithNull() -> ParallaxError {
    ParallaxError(
      .whereSyntax, "nothing can be compared with null in \(form.option)",
      hint: "write 'is null' or 'is not null'", location: .inWhere(text, token.range))
  }
}

extension WhereToken {
  /// A word that is no keyword.
  var isName: Bool {
    if case .word(let word) = kind {
      !WhereParser.keywords.contains(word.lowercased())
    } else {
      false
    }
  }
}

extension WhereExpression.Form {
  fileprivate var example: String { self == .relevance ? "class = :class" : "year >= 2020" }
}
