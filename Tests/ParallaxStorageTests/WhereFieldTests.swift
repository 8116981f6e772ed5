import ParallaxConditions
import ParallaxCore
import ParallaxStorage
import ParallaxTestSupport
import Testing

/// What a workspace says of a condition on fields that it does not have.
@Suite struct WhereFieldTests {
  @Test(arguments: unknown)
  func `an unknown field is refused where it stands`(_ example: MarkedErrorCase) async throws {
    let expression = try WhereExpression(parsing: example.text)
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply(Photo.all.map { .insert($0.item) }, to: photos)
      for error in [
        parallaxError { try workspace.rows(in: photos, matching: expression) },
        parallaxError { try workspace.check(expression, in: photos) },
      ] {
        #expect(error?.message == example.message)
        #expect(error?.hint == example.hint)
        #expect(error?.code == .unknownField)
        #expect(error?.code.exitCode == 1)
        #expect(error?.location == example.location(in: "where"))
      }
    }
  }

  static let unknown: [MarkedErrorCase] = [
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
        put a text in single quotes: "city = 'Paris'"; fields: city, published, score, \
        taken at, year, id, path, width, height, format, size, text
        """),
  ]
}
