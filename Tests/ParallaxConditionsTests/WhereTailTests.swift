import ParallaxConditions
import ParallaxCore
import Testing

/// What Tab asks of an unfinished condition.
@Suite struct WhereTailTests {
  /// An unfinished condition, what was begun at its end, the field compared there.
  static let tails: [(text: String, begun: WhereTail.Begun, start: Int, compared: String?)] = [
    ("", .nothing, 0, nil), ("ye", .word("ye"), 0, nil), ("\"a b", .field("a b"), 0, nil),
    ("a = ", .nothing, 4, "a"), ("a = 'x''y", .text("x'y"), 4, "a"),
    ("a = 12", .word("12"), 4, "a"),
    ("a in ('x', ", .nothing, 11, "a"), ("a between 1 and ", .nothing, 16, "a"),
    ("a = 1 and not (\"b c\" like 'x", .text("x"), 26, "b c"), ("a = b and c", .word("c"), 10, nil),
    ("1 < ", .nothing, 4, nil), ("a = 'x'", .nothing, 7, nil), ("a = 1 'x", .text("x"), 6, nil),
    ("猫 = 'ä", .text("ä"), 6, "猫"),
  ]

  @Test(arguments: tails)
  func `what was begun is known`(
    text: String, begun: WhereTail.Begun, start: Int, compared: String?
  ) {
    let tail = WhereTail(text)
    #expect(tail.begun == begun)
    #expect(tail.start == start)
    #expect(tail.comparedField == compared)
  }

  /// An unfinished condition and the words that may follow it.
  static let keywords: [(text: String, keywords: [String])] = [
    ("a = 1 ", ["and", "or"]), ("(a = 1 ", ["and", "or", ")"]), ("a is ", ["not", "null"]),
    ("a is not ", ["null"]), ("a not ", ["in", "between", "like"]), ("a in ", ["("]),
    ("a between 1 ", ["and"]), ("a in (1 ", [",", ")"]), ("", ["not", "("]),
    ("a = 1 or ", ["not", "("]), ("a ! ", []), ("a = 'x'", []), ("a b ", []),
  ]

  @Test(arguments: keywords)
  func `the words that may follow are those the parser takes`(text: String, keywords: [String]) {
    #expect(Set(WhereTail(text).keywords) == Set(keywords))
  }

  @Test func `operators follow a field`() {
    for text in ["year ", "a = 1 and \"my year\" "] {
      let tail = WhereTail(text)
      #expect(tail.precedingField == (text == "year " ? "year" : "my year"))
      let operators = ["=", "!=", "<", "<=", ">", ">=", "is", "not", "in", "between", "like"]
      #expect(Set(tail.keywords) == Set(operators + ["and", "or"]))
      #expect(!tail.expectsField)
    }
    #expect(WhereTail("year = 1 ").precedingField == nil)
  }

  @Test(arguments: ["year", "shot at", "and", "a\"b", "2020", "a-b.c", "猫", "it's"])
  func `a spelt field and text read back`(name: String) throws {
    let field = WhereExpression.spelling(ofField: name)
    let text = WhereExpression.spelling(ofText: name)
    let expression = try WhereExpression(parsing: "\(field) = \(text)")
    #expect(expression.fieldNames.map(\.name) == [name])
  }

  @Test(arguments: [
    (ValueKind.boolean, ["=", "!=", "is", "not", "in", "and", "or"]),
    (.integer, ["=", "!=", "<", "<=", ">", ">=", "is", "not", "in", "between"]),
    (.real, ["=", "!=", "<", "<=", ">", ">=", "is", "not", "in", "between"]),
    (.text, ["=", "!=", "<", "<=", ">", ">=", "is", "not", "in", "between", "like"]),
    (.date, ["=", "!=", "<", "<=", ">", ">=", "is", "not", "in", "between", "like"]),
  ])
  func `operators are those that the kind of the field knows`(kind: ValueKind, words: [String]) {
    #expect(WhereTail("(year ").keywords(after: kind).filter { $0 != ")" } == words)
  }
}
