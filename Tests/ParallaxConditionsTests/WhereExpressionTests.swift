import ParallaxConditions
import ParallaxCore
import ParallaxTestSupport
import Testing

@Suite struct WhereExpressionTests {
  @Test func `the fields of an expression are known with their places`() throws {
    let text = "year > 1 and \"taken at\" is null or not (ürt in (1) and 2 < year)"
    let fields = try WhereExpression(parsing: text).fieldNames
    #expect(fields.map(\.name) == ["year", "taken at", "ürt", "year"])
    let bytes = Array(text.utf8)
    #expect(
      fields.map { String(decoding: bytes[$0.range], as: UTF8.self) }
        == ["year", "\"taken at\"", "ürt", "year"])
  }

  @Test func `a mark that combines belongs to the name it begins, not to the sign before it`()
    throws
  {
    let fields = try WhereExpression(parsing: "(\u{301}a =\u{301}b)").fieldNames
    #expect(fields.map(\.name) == ["\u{301}a", "\u{301}b"])
  }

  @Test func `random bytes never crash the parser`() {
    var random = SeededGenerator(seed: 11)
    let pieces = [
      "year", "city", "and", "or", "not", "in", "between", "like", "is", "null", "(", ")", ",", "=",
      "<", ">", "<=", "!", "'", "\"", "''", "1", "-", ".", "1e", "1e999", "é", "“", "\0", " ", "%",
    ]
    for _ in 0..<3_000 {
      let count = Int.random(in: 0..<12, using: &random)
      let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }
        .joined(separator: Bool.random(using: &random) ? " " : "")
      do {
        _ = try WhereExpression(parsing: text)
      } catch {
        #expect(error.code == .whereSyntax)
        let range = error.location?.range ?? -1..<0
        #expect(range.lowerBound >= 0 && range.upperBound <= text.utf8.count, "\(text)")
      }
    }
  }

  /// A condition, and the same with its dates as they are kept.
  @Test(arguments: [
    ("\"taken at\" = '2024-05-31 12:00'", "\"taken at\" = '2024-05-31T12:00:00'"),
    ("'2024-05-31T12:00+02:00' <= \"taken at\"", "'2024-05-31T10:00:00Z' <= \"taken at\""),
    (
      "\"taken at\" in ('2024-05-31', '2024-05-31t01:02:03z')",
      "\"taken at\" in ('2024-05-31', '2024-05-31T01:02:03Z')"
    ),
    (
      "not (\"taken at\" between '2024' and '2024-05-31 12:00' or published)",
      "not (\"taken at\" between '2024' and '2024-05-31T12:00:00' or published)"
    ),
    (
      "'2024-05-31 12:00' between \"taken at\" and \"taken at\"",
      "'2024-05-31T12:00:00' between \"taken at\" and \"taken at\""
    ),
    ("\"taken at\" like '2024-05-31 12:00'", "\"taken at\" like '2024-05-31 12:00'"),
    ("city = '2024-05-31 12:00'", "city = '2024-05-31 12:00'"),
  ])
  func `a date is compared in the form in which dates are kept`(
    text: String, kept: String
  ) throws {
    let checked = try WhereExpression(parsing: text).checked(against: Fields.field)
    #expect(literals(checked) == literals(try WhereExpression(parsing: kept).root))
  }

  private func literals(_ node: WhereNode) -> [WhereOperand.Content] {
    var contents: [WhereOperand.Content] = []
    node.forEachOperand { contents.append($0.content) }
    return contents
  }

  @Test func `equal texts are equal conditions`() throws {
    let conditions = try Set(
      ["year = 1", "year = 1", "year = 2"].map { try WhereExpression(parsing: $0) })
    #expect(conditions.count == 2)
  }
}
