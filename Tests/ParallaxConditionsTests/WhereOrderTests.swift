import ParallaxConditions
import ParallaxCore
import Testing

@Suite struct WhereOrderTests {
  @Test(arguments: [
    ("year", "year", false), ("year asc", "year", true), ("year DESC", "year", false),
    ("\"taken at\"  Asc", "taken at", true), ("published", "published", false),
    ("asc", "asc", false),
    ("asc asc", "asc", true),
  ])
  func `a field orders, from its largest value or its smallest`(
    text: String, field: String, isAscending: Bool
  ) throws {
    let order = try WhereOrder(parsing: text)
    #expect(order.field?.name == field && order.isAscending == isAscending)
    #expect(order.text == text)
  }

  @Test(arguments: [
    "year > 2000", "not published", "published and year = 1", "not asc", "year is null",
  ])
  func `anything else is a condition`(text: String) throws {
    let order = try WhereOrder(parsing: text)
    #expect(order.field == nil && !order.isAscending)
  }

  @Test(arguments: [
    "", "year asc desc", "year city", "1 asc", "'x'", "year >", "asc desc asc", "(year) asc",
  ])
  func `what orders nothing is refused, by the option's name`(text: String) throws {
    let error = try #require(throws: ParallaxError.self) {
      _ = try WhereOrder(parsing: text).checked(against: Fields.field)
    }
    #expect(error.message.contains("--keep") || error.code == .typeMismatch, "\(error)")
    #expect(error.location != nil)
  }

  @Test func `fields are checked before anything is ordered`() throws {
    for text in ["year", "score asc", "city", "\"taken at\"", "published"] {
      #expect(try WhereOrder(parsing: text).checked(against: Fields.field) == nil)
    }
    #expect(try WhereOrder(parsing: "year > 2000").checked(against: Fields.field) != nil)
    for (text, message) in [
      ("tags", "'tags' holds several values of an item, which have no order"),
      ("nothing", "unknown field 'nothing'"),
      ("year = 'x'", "'year' holds numbers, a text is given; they cannot be compared"),
    ] {
      let order = try WhereOrder(parsing: text)
      let error = try #require(throws: ParallaxError.self) {
        try order.checked(against: Fields.field)
      }
      #expect(error.message == message && error.location?.text == text, "\(error)")
    }
  }
}
