import ParallaxConditions
import ParallaxCore
import ParallaxTestSupport
import Testing

@Suite struct WhereErrorTests {
  @Test(arguments: syntax)
  func `what is no expression is refused where it goes wrong`(_ example: MarkedErrorCase) throws {
    let error = try #require(throws: ParallaxError.self) {
      try WhereExpression(parsing: example.text)
    }
    check(error, example)
    #expect(error.code == .whereSyntax)
    #expect(error.code.exitCode == 2)
  }

  @Test(arguments: meaning)
  func `what has no order is refused where it stands`(_ example: MarkedErrorCase) throws {
    let expression = try WhereExpression(parsing: example.text)
    let error = try #require(throws: ParallaxError.self) {
      try expression.checked(against: Fields.field)
    }
    check(error, example)
    #expect(error.code == .typeMismatch)
    #expect(error.code.exitCode == 1)
  }

  @Test(arguments: unknown)
  func `an unknown field is refused where it stands`(_ example: MarkedErrorCase) throws {
    let expression = try WhereExpression(parsing: example.text)
    let error = try #require(throws: ParallaxError.self) {
      try expression.checked(against: Fields.field)
    }
    check(error, example)
    #expect(error.code == .unknownName)
  }

  private func check(_ error: ParallaxError, _ example: MarkedErrorCase) {
    #expect(error.message == example.message)
    #expect(error.hint == example.hint)
    #expect(error.location == example.location(in: "where"))
  }

  static let syntax: [MarkedErrorCase] = [
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
      "year = «null»", "nothing can be compared with null in --where",
      hint: "write 'is null' or 'is not null'"),
    .init("year > 1 and«»", "expected a field or a value in --where; got the end"),
    .init("«and» year > 1", "expected a field or a value in --where; got 'and'"),
    .init("year «-» 1 > 3", "expected a comparison in --where; got '-'"),
  ]

  private static let dateRule =
    "a date looks like '2024-05-31' or '2024-05-31T12:00:00', and exists in the calendar"

  static let meaning: [MarkedErrorCase] = [
    .init(
      "city = «2020»", "'city' holds texts, a number is given; they cannot be compared",
      hint: "compare it with a text in single quotes"),
    .init(
      "«'2020'» = year", "a text is given, 'year' holds numbers; they cannot be compared",
      hint: "compare it with a number, without quotes"),
    .init(
      "year in (2019, «'2020'»)", "'year' holds numbers, a text is given; they cannot be compared",
      hint: "compare it with a number, without quotes"),
    .init(
      "year between 1 and «true»",
      "'year' holds numbers, true or false is given; they cannot be compared",
      hint: "compare it with a number, without quotes"),
    .init("«year = city»", "'year' holds numbers, 'city' holds texts; they cannot be compared"),
    .init("«1 = 'a'»", "a number is given, a text is given; they cannot be compared"),
    .init(
      "published = «1»",
      "'published' holds true or false, a number is given; they cannot be compared",
      hint: "compare it with true or false"),
    .init(
      "published < «true»", "true and false have no order", hint: "compare them with '=' or '!='"),
    .init(
      "\"taken at\" > «2020»", "'taken at' holds dates, a number is given; they cannot be compared",
      hint: "compare it with a date such as '2024-05-31'"),
    .init(
      "\"taken at\" > «'31.5.2024'»", dateRule),
    .init(
      "\"taken at\" <= «'2020'»", "a year or month can be used as a date only after '>=' and '<'",
      hint: "write a whole date such as '2024-05-31'"),
    .init(
      "«year» like '20%'", "'like' takes a text; 'year' holds numbers", hint: "compare it with '='"),
    .init(
      "city like «20»", "'like' takes a text; a number is given",
      hint: "put the pattern in single quotes"),
    .init(
      "year > 1 and «city»", "'city' holds texts and is not a condition by itself",
      hint: "compare it with a text in single quotes"),
    .init("\"taken at\" > «'2024-05-32'»", dateRule),
    .init("\"taken at\" >= «'2024-13'»", dateRule),
    .init("«'2024-02-30'» < \"taken at\"", dateRule),
    .init("\"taken at\" = «'2024-05-31T12:00:00.5'»", dateRule),
    .init(
      "\"taken at\" in ('2024-05-31', «'2024-05'»)",
      "a year or month can be used as a date only after '>=' and '<'",
      hint: "write a whole date such as '2024-05-31'"),
    .init("tags = «names»", "'tags' and 'names' hold several values each; they cannot be compared"),
    .init(
      "«year between tags» and 3",
      "'year' holds numbers, 'tags' holds texts; they cannot be compared"),
  ]

  static let unknown: [MarkedErrorCase] = [
    .init("«yaer» > 2000", "unknown field 'yaer'", hint: "look again"),
    .init("published and «zzzz» is null", "unknown field 'zzzz'", hint: "look again"),
    .init(
      "city = «\"Paris\"»", "unknown field 'Paris'",
      hint: "put a text in single quotes: \"city = 'Paris'\"; look again"),
    .init(
      "city = «Rome» and year > 1", "unknown field 'Rome'",
      hint: "put a text in single quotes: \"city = 'Rome' and year > 1\"; look again"),
    .init(
      "city = «\"O'Hara\"»", "unknown field 'O'Hara'",
      hint: "put a text in single quotes: \"city = 'O''Hara'\"; look again"),
    .init(
      "city = 'somewhere that has a long name' or city = «Rome»", "unknown field 'Rome'",
      hint: "put a text in single quotes: \"city = 'somewhere that has a long name' or city = "
        + "'Rome'\"; look again"),
    .init(
      "city = 'somewhere that has a longer name still' or city = «Rome»", "unknown field 'Rome'",
      hint: "put a text in single quotes: 'Rome'; look again"),
    .init("«ctiy» = 'Rome'", "unknown field 'ctiy'", hint: "look again"),
    .init(
      "city like «paris»", "unknown field 'paris'",
      hint: "put a text in single quotes: \"city like 'paris'\"; look again"),
  ]
}
