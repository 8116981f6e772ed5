import ParallaxConditions
import ParallaxCore
import Testing

/// `--relevant-if`: conditions with values of a question in them.
@Suite struct WhereParameterTests {
  private func rule(_ text: String) throws -> WhereExpression {
    try WhereExpression(parsing: text, as: .relevance)
  }

  @Test func `a parameter is named after a colon, in quotes where it is no plain word`() throws {
    let names = try rule("city = :place and year in (:a-b, 3) or \"taken at\" >= :\"shot at\"")
      .parameterNames
    #expect(names.map(\.name) == ["place", "a-b", "shot at"])
    #expect(names[0].range == 7..<13)
    #expect(try rule("city = 'a'").parameterNames.isEmpty)
  }

  @Test(arguments: [
    ("city = :", "':' in --relevant-if stands before a column of the questions"),
    ("city = :1", "':' in --relevant-if stands before a column of the questions"),
    ("city = :\"a", "a quoted column in --relevant-if ends with \""),
    ("city == :a", "'==' has no meaning in --relevant-if"),
    ("", "--relevant-if takes an expression such as \"class = :class\"; got nothing"),
    ("city = null", "nothing can be compared with null in --relevant-if"),
    ("city :a", "expected a comparison in --relevant-if; got ':a'"),
  ])
  func `a fault names the option`(text: String, message: String) throws {
    let error = try #require(throws: ParallaxError.self) { try rule(text) }
    #expect(error.message == message && error.code == .whereSyntax)
  }

  @Test func `a parameter in --where is refused with a hint`() throws {
    let error = try #require(throws: ParallaxError.self) {
      try WhereExpression(parsing: "city = :city")
    }
    #expect(error.message == "':' has no meaning in --where")
    #expect(error.hint?.hasSuffix("belong to --relevant-if") == true)
  }

  @Test func `a value has the kind of the field it is compared with, and is never text`() throws {
    func operand(_ text: String, _ value: Value) throws -> WhereOperand.Content {
      let node = try rule(text).checked(binding: ["v": value], against: Fields.field)
      guard case .comparison(_, _, let right) = node else { return .missing }
      return right.content
    }
    #expect(try operand("city = :v", .integer(7)) == .text("7"))
    #expect(try operand("city = :v", .written("007", as: .integer(7))) == .text("007"))
    #expect(try operand("year = :v", "007") == .number(.integer(7)))
    #expect(try operand("year = :v", .real(2.5)) == .number(.real(2.5)))
    #expect(try operand("\"taken at\" = :v", "2024-05-31 12:00") == .text("2024-05-31T12:00:00"))
    #expect(try operand("published = :v", "true") == .boolean(true))
    #expect(try operand("city = :v", "x' or 1 = 1 --") == .text("x' or 1 = 1 --"))
    #expect(try operand("city = :other", "x") == .missing)
    #expect(try operand("1 = :v", .integer(1)) == .number(.integer(1)))
  }

  @Test(
    arguments: [
      ("year = :v", "blue"), ("year between 1 and :v", ""), ("published = :v", "perhaps"),
      ("published and :v", "blue"),
    ] as [(String, Value)])
  func `a value of another kind is refused where its parameter stands`(
    text: String, value: Value
  ) throws {
    let error = try #require(throws: ParallaxError.self) {
      try rule(text).checked(binding: ["v": value], against: Fields.field)
    }
    #expect(error.code == .typeMismatch && !error.message.contains("blue"))
    #expect(error.location?.range == (text.utf8.count - 2)..<text.utf8.count)
  }

  @Test func `a field that is not there is refused whatever the values are`() throws {
    #expect(throws: ParallaxError.self) {
      try rule("nothing = :v").checked(binding: [:], against: Fields.field)
    }
    // Without values, every kind agrees.
    _ = try rule("year = :v and city like :v and published = :v or :v is null")
      .checked(against: Fields.field)
  }
}
