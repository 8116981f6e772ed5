import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

/// What Tab asks of a workspace.
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
}
