import ParallaxConditions
import ParallaxCore
import ParallaxStorage
import ParallaxTestSupport
import Testing

/// Conditions with parameters, for several bindings at once.
@Suite struct WhereBindingTests {
  private func matches(
    _ text: String, _ bindings: [[String: Value]]
  ) async throws -> [[String]] {
    let rule = try WhereExpression(parsing: text, as: .relevance)
    var matches: [[String]] = []
    try await withWorkspace { workspace in
      let collection = try workspace.createCollection(named: "photos")
      try workspace.apply(Photo.all.map { .insert($0.item) }, to: collection)
      let found = try workspace.items(in: collection, matching: rule, binding: bindings)
      #expect(found.ids.count == Photo.all.count)
      matches = found.matches.map { rows in
        found.ids.indices.filter { rows.contains($0) }.map { found.ids[$0].rawValue }
      }
    }
    return matches
  }

  @Test func `each binding has the items for which it is true`() async throws {
    let bindings: [[String: Value]] = [["v": "Paris"], ["v": "Rome"], ["v": .null], [:]]
    #expect(try await matches("city = :v", bindings) == [["a"], ["b"], [], []])
    #expect(try await matches("id = :v", [["v": "c"], ["v": "zz"]]) == [["c"], []])
    #expect(
      try await matches("year = :v", [["v": "2020"], ["v": .integer(2021)]]) == [
        ["b", "f"], ["d"],
      ])
    #expect(try await matches("city = 'Paris'", [[:], ["v": 1]]) == [["a"], ["a"]])
  }

  @Test func `what is missing is unknown, as in SQL`() async throws {
    let nothing: [[String: Value]] = [[:]]
    #expect(try await matches("city = 'Paris' or year = :v", nothing) == [["a"]])
    #expect(try await matches("year = 2019 or year = :v", nothing) == [["a"]])
    #expect(try await matches("year != 2019 and year != :v", nothing) == [[]])
    #expect(try await matches("not city = :v", nothing) == [[]])
    #expect(try await matches("city in ('Paris', :v)", nothing) == [["a"]])
    #expect(try await matches("city not in ('Paris', :v)", nothing) == [[]])
    #expect(try await matches("city in (:v)", nothing) == [[]])
    #expect(try await matches("city like :v or city = 'Rome'", nothing) == [["b"]])
    #expect(try await matches(":v is null and city = 'Rome'", nothing) == [["b"]])
    #expect(try await matches("year between :v and 3000", nothing) == [[]])
  }

  @Test func `an error says which binding it is about`() async throws {
    let rule = try WhereExpression(parsing: "year = :v", as: .relevance)
    try await withWorkspace { workspace in
      let collection = try workspace.createCollection(named: "photos")
      try workspace.apply(Photo.all.map { .insert($0.item) }, to: collection)
      let failure = try #require(throws: Workspace.BindingFailure.self) {
        try workspace.items(
          in: collection, matching: rule, binding: [["v": 1], ["v": "red"], ["v": "blue"]])
      }
      #expect(failure.binding == 1)
      #expect((failure.error as? ParallaxError)?.code == .typeMismatch)
    }
  }
}
