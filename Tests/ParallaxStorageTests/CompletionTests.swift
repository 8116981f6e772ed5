import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

/// What Tab asks of a workspace and of an unfinished condition.
@Suite struct CompletionTests {
  @Test func `values are those that begin as typed, of any kind`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      let items = (0..<700).map { index in
        item(
          "\(index)",
          ["n": .integer(Int64(index)), "third": .text("t\(index % 7)"), "real": .real(0.5)])
      }
      try workspace.apply(items.map(ItemChange.insert), to: photos)
      func values(_ field: String, _ prefix: String) throws -> SomeTexts {
        try workspace.values(ofField: field, startingWith: prefix, in: photos)
      }
      #expect(try values("third", "t").texts == (0..<7).map { "t\($0)" })
      #expect(try values("third", "t3") == SomeTexts(texts: ["t3"], isPartial: false))
      #expect(try values("third", "%") == .none)
      #expect(try values("none", "") == .none)
      #expect(try values("n", "69").texts == ["69"] + (690..<700).map(String.init))
      #expect(try values("real", "").texts == ["0.5"])
      #expect(try values("format", "") == SomeTexts(texts: ["jpeg"], isPartial: false))
      let all = try values("n", "")
      #expect(all.texts.count == 200 && all.isPartial)
    }
  }

  @Test func `a large field is looked at in part, and says so`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      let items = (0..<5_001).map { item("\($0)", ["same": .text("one")]) }
      try workspace.apply(items.map(ItemChange.insert), to: photos)
      let some = try workspace.values(ofField: "same", startingWith: "", in: photos)
      #expect(some == SomeTexts(texts: ["one"], isPartial: true))
    }
  }

  @Test func `names of items come by the beginning`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      let others = try workspace.createCollection(named: "others")
      for name in ["a", "ab", "abc", "b", "é", "éa"] {
        try workspace.apply([.insert(item(name, [:]))], to: photos)
      }
      try workspace.apply([.insert(item("abz", [:]))], to: others)
      func names(_ prefix: String) throws -> [String] {
        try workspace.itemNames(startingWith: prefix, in: photos).texts
      }
      #expect(try names("ab") == ["ab", "abc"])
      #expect(try names("é") == ["é", "éa"])
      #expect(try names("") == ["a", "ab", "abc", "b", "é", "éa"])
      #expect(try names("%") == [])
      #expect(try workspace.names().collections == ["others", "photos"])
      #expect(try workspace.names().spaces == [])
    }
  }

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
}
