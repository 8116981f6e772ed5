import ParallaxCore
import Testing

@testable import CommandLanguage

@Suite struct ArgumentsTests {
  private func arguments(
    _ text: String, style: InputStyle = .script, variables: [String: String] = [:]
  ) throws -> Arguments {
    let statements = try Parser(Sample.registry, style: style)
      .parse(text, source: "a.plx", known: KnownNames())
    return try #require(statements.last?.pipeline.last).bound { variables[$0] }
  }

  private func part(_ location: ParallaxError.Location) -> String {
    String(decoding: Array(location.text.utf8)[location.range], as: UTF8.self)
  }

  @Test func `options have their values by name`() throws {
    let query = try arguments(
      "query photos@base --top 7 --min-score -0.25 --columns rank,id --columns score")
    #expect(query.string("top") == "7")
    #expect(query.string("min-score") == "-0.25")
    #expect(query.list("columns") == ["rank", "id", "score"])
    #expect(query.object("COLLECTION@SPACE") == "photos@base")
    #expect(query.given("top") && !query.given("where"))
    #expect(query.string("where") == nil && query.list("metric").isEmpty)
  }

  @Test func `flags are on, off or absent`() throws {
    #expect(try arguments("show red --images").flagIfGiven("images") == true)
    #expect(try arguments("show red --no-images").flagIfGiven("images") == false)
    #expect(try arguments("show red").flagIfGiven("images") == nil)
  }

  @Test(arguments: [
    (#""at night"^0.7"#, "at night", 0.7), ("noise^-0.3", "noise", -0.3), ("'a^b'", "a^b", 1),
    (#""my photo^2.jpg"^0.5"#, "my photo^2.jpg", 0.5), (#""a^2""#, "a^2", 1), (#"a\^2"#, "a^2", 1),
    ("'a^2'^0.5", "a^2", 0.5), ("$q^0.5", "x^9", 0.5), ("$q", "x^9", 1), ("a^1e1", "a", 10),
    ("a^+.5", "a", 0.5), ("a^0", "a", 0), ("'a^'", "a^", 1), ("''^2", "", 2), ("a^1e6", "a", 1e6),
    ("'a'b'c^2'^3", "abc^2", 3),
  ])
  func `a weight follows the first caret outside quotes`(
    word: String, value: String, weight: Double
  ) throws {
    let query = try arguments("query photos --text \(word)", variables: ["q": "x^9"])
    let term = try #require(query.weighted("text").first)
    #expect(term.value == value)
    #expect(term.weight == weight)
  }

  @Test(arguments: [
    ("a,b", ["a", "b"]), ("'a,b',c", ["a,b", "c"]), (#"a\,b"#, ["a,b"]), (#"\,"#, [","]),
    ("$list", ["x", "y z"]), (#""$list""#, ["x", "y z"]), ("a,$list", ["a", "x", "y z"]),
    ("a$list", ["ax", "y z"]), (#""a, b ,c d""#, ["a", "b", "c d"]), ("'a,b'", ["a", "b"]),
    (#""a,$list""#, ["a", "x", "y z"]), (#""a\tb,c""#, ["a\tb", "c"]), ("' a'", [" a"]),
    ("'a,'b", ["a,b"]), ("'a''b,c'", ["ab,c"]),
  ])
  func `a list is cut at commas, unless quotes hold a part of it`(word: String, elements: [String])
    throws
  {
    let query = try arguments("query photos --columns \(word)", variables: ["list": "x,y z"])
    #expect(query.list("columns") == elements)
  }

  @Test func `objects take their places`() throws {
    let gate = try arguments("gate photos@base a.jpg b.jpg")
    #expect(gate.object("COLLECTION@SPACE") == "photos@base")
    #expect(gate.objects("PATH") == ["a.jpg", "b.jpg"])
    let byHand = try arguments("gate a.jpg", style: .interactive)
    #expect(byHand.object("COLLECTION@SPACE") == nil)
    #expect(byHand.objects("PATH") == ["a.jpg"])
    let run = try arguments("run night.plx k=20 out='a b=c'")
    #expect(run.objects("NAME=VALUE") == ["k=20", "out=a b=c"])
    let odd = try arguments("check a.md --update -- -odd.md --update")
    #expect(odd.objects("FILE") == ["a.md", "-odd.md", "--update"])
  }

  @Test func `a pipe takes the place of the result`() throws {
    let shown = try arguments("query photos | show --rows 2")
    #expect(shown.isPiped)
    #expect(shown.object("RESULT") == nil)
    #expect(try arguments("show settings").object("RESULT") == "settings")
  }

  @Test func `an object left out by hand can be written in`() throws {
    let statement = try #require(
      try Parser(Sample.registry, style: .interactive).parse("gate a.jpg", source: "input 1").first)
    let filled = statement.pipeline[0].filling("COLLECTION@SPACE", with: "photos@base")
    #expect(filled.canonical == "gate photos@base a.jpg")
    #expect(filled.filling("COLLECTION@SPACE", with: "other").canonical == filled.canonical)
    let bound = try filled.bound { _ in nil }
    #expect(bound.object("COLLECTION@SPACE") == "photos@base" && bound.objects("PATH") == ["a.jpg"])
  }

  @Test func `errors point at values, parts of values and the verb`() throws {
    let text = #"quit ; query photos --where "year > 1 and \"yaer x\" = '猫'" --text a --text b^2"#
    let query = try arguments(text)
    let expression = try #require(query.string("where"))
    #expect(expression == #"year > 1 and "yaer x" = '猫'"#)
    #expect(part(query.location(ofOption: "where", part: 0..<4)) == "year")
    #expect(part(query.location(ofOption: "where", part: 14..<18)) == "yaer")
    #expect(part(query.location(ofOption: "where", part: 13..<21)) == #"\"yaer x\""#)
    #expect(part(query.location(ofOption: "where", part: 25..<28)) == "猫")
    let end = expression.utf8.count
    #expect(query.location(ofOption: "where", part: end..<end).range.isEmpty)
    #expect(part(query.location(ofOption: "text", index: 1)) == "b")
    #expect(part(query.location(ofObject: "COLLECTION@SPACE")) == "photos")
    #expect(part(query.location(ofOption: "top")) == "query")
    #expect(query.error(.usage, "odd", usage: true).usage == query.signature.usage)
  }

  @Test func `a value with a variable is checked when it is bound`() throws {
    let error = try #require(throws: ParallaxError.self) {
      try arguments("query photos --top \"$k\"", variables: ["k": "many"])
    }
    #expect(error.code == .badValue)
    #expect(error.message == "'top' takes a whole number from 1 to 10000; got 'many'")
    #expect(error.location.map(part) == "\"$k\"")
    let condition = "query photos --where \"year > $k and ok\""
    #expect(try arguments(condition, variables: ["k": "5"]).string("where") == "year > 5 and ok")
    let bad = try #require(throws: ParallaxError.self) {
      try arguments(condition, variables: ["k": "5x"])
    }
    #expect(bad.code.name == "where-syntax")
    #expect(bad.location.map(part) == "$k")
    let unknown = try #require(throws: ParallaxError.self) { try arguments("show red --rows $n") }
    #expect(unknown.code == .unknownVariable)
  }

  @Test func `statements know their text, line and name`() throws {
    let script = "# note\nred = query photos --text a |\n  filter --min-score 1 # why\nquit\n"
    let statements = try Parser(Sample.registry, style: .script).parse(script, source: "a.plx")
    #expect(statements.map(\.line) == [2, 4])
    #expect(statements[0].name == "red")
    #expect(statements[0].text == "red = query photos --text a |\n  filter --min-score 1")
    #expect(
      statements[0].canonical == "red = query photos --text a | filter --min-score 1")
  }

  @Test(arguments: [
    ("  ", InputLine.empty), ("# red  cars ", .comment("red  cars")),
    ("!ls | wc", .shell("ls | wc")),
    ("show red # x", .commands), ("'", .commands), ("#", .comment("")), ("\n", .empty),
  ])
  func `a typed line is told apart`(text: String, line: InputLine) {
    #expect(InputLine(text) == line)
  }

  @Test(
    arguments: [
      ("columns", 1, nil, "id"), ("columns", 9, nil, "--columns"), ("where", 0, 0..<4, "year"),
      ("COLLECTION@SPACE", 0, nil, "photos"), ("COLLECTION@SPACE", 0, 0..<2, "ph"),
      ("top", 0, nil, "query"), ("nothing", 0, nil, "query"),
    ] as [(String, Int, Range<Int>?, String)])
  func `a parameter is an option that was written, else an object, else the verb`(
    name: String, index: Int, range: Range<Int>?, place: String
  ) throws {
    let query = try arguments("query photos --columns rank,id --where 'year > 3'")
    let parameter = ParallaxError.Parameter(name: name, index: index, part: range)
    #expect(part(query.location(of: parameter)) == place)
    let error = ParallaxError(.invalidValue, "bad").about(parameter)
    #expect(try part(#require(query.located(error).location)) == place)
  }

  @Test func `an error keeps its place, and is at the only value it quotes without one`() throws {
    let query = try arguments("query photos --columns rank,id --where 'year > 3'")
    let quoting = ParallaxError(.invalidValue, "no column 'rank'")
    #expect(try part(#require(query.located(quoting).location)) == "rank")
    let placed = quoting.located(at: query.location(ofOption: "where"))
    #expect(query.located(placed).location == placed.location)
  }
}
