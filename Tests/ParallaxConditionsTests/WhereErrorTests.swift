import ParallaxCore
import ParallaxStorage
import ParallaxTestSupport
import Testing

/// What is wrong with an expression; the part at fault stands between the marks « and ».
struct WhereErrorCase: Sendable, CustomTestStringConvertible {
  let marked: String
  let message: String
  let hint: String?

  init(_ marked: String, _ message: String, hint: String? = nil) {
    self.marked = marked
    self.message = message
    self.hint = hint
  }

  var testDescription: String { marked }

  var expression: String { String(marked.filter { $0 != "«" && $0 != "»" }) }

  var range: Range<Int> {
    let start = marked.prefix { $0 != "«" }.utf8.count
    let rest = marked.drop { $0 != "«" }.dropFirst()
    return start..<(start + rest.prefix { $0 != "»" }.utf8.count)
  }

  static let syntax: [WhereErrorCase] = [
    .init("«»", "--where takes an expression such as \"year >= 2020\"; got nothing"),
    .init("year >=«»", "expected a value after '>=' in --where; got the end"),
    .init("year «2020»", "expected a comparison in --where; got a number"),
    .init("year «=>» 2020", "'=>' has no meaning in --where", hint: "write '>='"),
    .init("year «==» 2020", "'==' has no meaning in --where", hint: "write '='"),
    .init("year > 1 «&&» published", "'&&' has no meaning in --where", hint: "write 'and'"),
    .init("year > 1 «||» published", "'||' has no meaning in --where", hint: "write 'or'"),
    .init("«!»published", "'!' has no meaning in --where", hint: "write 'not'"),
    .init("year > 1 «;» drop", "';' has no meaning in --where"),
    .init(
      "city = «'Paris»", "a text in --where ends with '", hint: "write '' for ' inside it"),
    .init(
      "«\"taken at > 1»", "a quoted field in --where ends with \"",
      hint: "write \"\" for \" inside it"),
    .init(
      "city = «“»Paris”", "'“' has no meaning in --where", hint: "put a text in single quotes"),
    .init(
      "year > «20x»", "a number in --where looks like 12, -0.5 or 1e6",
      hint: "put a text in single quotes"),
    .init(
      "year > «1e999»", "a number in --where looks like 12, -0.5 or 1e6",
      hint: "put a text in single quotes"),
    .init("year > 1 «year» < 3", "expected 'and', 'or' or the end in --where; got 'year'"),
    .init(
      "city = dark «red»", "expected 'and', 'or' or the end in --where; got 'red'",
      hint: "put a text in single quotes"),
    .init("(year > 1«»", "expected ')' in --where; got the end"),
    .init("year > 1«)»", "expected 'and', 'or' or the end in --where; got ')'"),
    .init("year in «2020»", "expected '(' after 'in' in --where; got a number"),
    .init("year in («)»", "expected a value in --where; got ')'"),
    .init("year in (1 «2»)", "expected ',' or ')' in --where; got a number"),
    .init(
      "city in («Paris»)", "'in' takes numbers, texts, true and false",
      hint: "put a text in single quotes"),
    .init("year between 1 «or» 2", "expected 'and' of 'between' in --where; got 'or'"),
    .init("year not «=» 1", "expected 'in', 'between' or 'like' after 'not' in --where; got '='"),
    .init("year is «2020»", "expected 'null' or 'not null' in --where; got a number"),
    .init("year is not «2020»", "expected 'null' in --where; got a number"),
    .init(
      "year = «null»", "nothing compares with null in --where",
      hint: "write 'is null' or 'is not null'"),
    .init("year > 1 and«»", "expected a field or a value in --where; got the end"),
    .init("«and» year > 1", "expected a field or a value in --where; got 'and'"),
    .init("year «-» 1 > 3", "expected a comparison in --where; got '-'"),
  ]

  static let meaning: [WhereErrorCase] = [
    .init("«yaer» > 2000", "unknown field 'yaer' in --where", hint: "did you mean 'year'?"),
    .init("«Year» > 2000", "unknown field 'Year' in --where", hint: "did you mean 'year'?"),
    .init(
      "published and «zzzzzzzz» is null", "unknown field 'zzzzzzzz' in --where",
      hint: """
        fields: city, published, score, taken at, year, id, path, width, height, format, size, text
        """),
    .init(
      "city = «\"Paris\"»", "unknown field 'Paris' in --where",
      hint: """
        a text stands in single quotes: "city = 'Paris'"; fields: city, published, score, \
        taken at, year, id, path, width, height, format, size, text
        """),
    .init(
      "city = «Rome» and year > 1", "unknown field 'Rome' in --where",
      hint: """
        a text stands in single quotes: "city = 'Rome' and year > 1"; fields: city, published, \
        score, taken at, year, id, path, width, height, format, size, text
        """),
    .init("«ctiy» = 'Rome'", "unknown field 'ctiy' in --where", hint: "did you mean 'city'?"),
    .init(
      "city like «paris»", "unknown field 'paris' in --where",
      hint: """
        a text stands in single quotes: "city like 'paris'"; fields: city, published, score, \
        taken at, year, id, path, width, height, format, size, text
        """),
    .init(
      "city = «2020»", "'city' holds texts, a number is given; they do not compare",
      hint: "compare it with a text in single quotes"),
    .init(
      "«'2020'» = year", "a text is given, 'year' holds numbers; they do not compare",
      hint: "compare it with a number, without quotes"),
    .init(
      "year in (2019, «'2020'»)", "'year' holds numbers, a text is given; they do not compare",
      hint: "compare it with a number, without quotes"),
    .init(
      "year between 1 and «true»",
      "'year' holds numbers, true or false is given; they do not compare",
      hint: "compare it with a number, without quotes"),
    .init("«year = city»", "'year' holds numbers, 'city' holds texts; they do not compare"),
    .init("«1 = 'a'»", "a number is given, a text is given; they do not compare"),
    .init(
      "published = «1»", "'published' holds true or false, a number is given; they do not compare",
      hint: "compare it with true or false"),
    .init(
      "published < «true»", "true and false have no order", hint: "compare them with '=' or '!='"),
    .init(
      "\"taken at\" > «2020»", "'taken at' holds dates, a number is given; they do not compare",
      hint: "compare it with a date such as '2024-05-31'"),
    .init(
      "\"taken at\" > «'31.5.2024'»", "a date looks like '2024-05-31' or '2024-05-31T12:00:00'"),
    .init(
      "\"taken at\" <= «'2020'»", "a year or month stands for a date only after '>=' and '<'",
      hint: "write a whole date such as '2024-05-31'"),
    .init(
      "«year» like '20%'", "'like' takes a text; 'year' holds numbers", hint: "compare it with '='"),
    .init(
      "city like «20»", "'like' takes a text; a number is given",
      hint: "put the pattern in single quotes"),
    .init(
      "year > 1 and «city»", "'city' holds texts and is no condition by itself",
      hint: "compare it with a text in single quotes"),
  ]
}

@Suite struct WhereErrorTests {
  @Test(arguments: WhereErrorCase.syntax)
  func `what is no expression is refused where it goes wrong`(_ example: WhereErrorCase) throws {
    let error = parallaxError { try WhereExpression(parsing: example.expression) }
    check(error, example, code: [.whereSyntax])
  }

  @Test(arguments: WhereErrorCase.meaning)
  func `what means nothing here is refused where it stands`(_ example: WhereErrorCase) async throws
  {
    let expression = try WhereExpression(parsing: example.expression)
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply(Photo.all.map { .insert($0.item) }, to: photos)
      let error = parallaxError { try workspace.rows(in: photos, matching: expression) }
      check(error, example, code: [.unknownField, .typeMismatch])
    }
  }

  private func check(
    _ error: ParallaxError?, _ example: WhereErrorCase, code: [ParallaxError.Code]
  ) {
    #expect(error?.message == example.message)
    #expect(error?.hint == example.hint)
    #expect(error.map { code.contains($0.code) } == true)
    #expect(error?.code.exitCode == (error?.code == .whereSyntax ? 2 : 1))
    #expect(
      error?.location
        == ParallaxError.Location(
          source: "where", text: example.expression, line: nil, range: example.range))
  }
}
