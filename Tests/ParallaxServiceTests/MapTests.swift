import ParallaxCore
import ParallaxServer
import ParallaxStorage
import ParallaxTestSupport
import ParallaxWorkbench
import Testing

@testable import ParallaxService

/// The map, as programs get it and as people see it.
@Suite struct MapTests {
  /// Around everything.
  private static let whole = "-99,-99%2099,-99%2099,99%20-99,99"

  /// Asks until it is there.
  private static func make(_ served: ServedBench) async throws {
    let space = try served.service.space(nil)
    while case .underWay = try served.service.map(of: space) {
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  @Test func `it is made when it is first asked for, and is that of the prompt`() async throws {
    try await ServedBench.inNewFolder { served in
      let first = try await served.json("GET", "/v1/map")
      #expect(first["made"]?.boolean != nil)
      try Shape.planeMap.check(first)
      try await Self.make(served)
      let map = try await served.json("GET", "/v1/map?colour=year")
      try Shape.planeMap.check(map)
      #expect(map["made"]?.boolean == true)
      #expect(map["ids"]?.elements?.compactMap(\.string) == ["a", "b", "c"])
      #expect(map["x"]?.elements?.count == 3 && map["y"]?.elements?.count == 3)
      #expect(map["values"]?.elements?.compactMap(\.integer) == [2019, 2021, 2022])
      #expect(map["kind"]?.string == "integer")
      #expect(map["neighbours_kept"]?.number == 1)
      let method = try #require(map["method"]?.string)
      let flag = method == "umap" ? "" : " --method pca"
      #expect(map["command"]?.string == "map c@base\(flag)")
      let inside = try await served.json("GET", "/v1/map?inside=\(Self.whole)")
      #expect(inside["ids"] == map["ids"])
      #expect(
        inside["command"]?.string
          == "map c@base\(flag) --inside \"-99,-99 99,-99 99,99 -99,99\"")
      let none = try await served.json("GET", "/v1/map?inside=98,98%2099,98%2099,99")
      #expect(none["ids"]?.elements?.isEmpty == true)
    }
  }

  @Test func `what is asked wrongly is refused`() async throws {
    try await ServedBench.inNewFolder { served in
      try await Self.make(served)
      for (query, code, parameter) in [
        ("inside=1,1", "invalid-value", "inside"),
        ("inside=1,1%202,2%20x", "invalid-value", "inside"),
        ("colour=none", "unknown-field", "colour"), ("spcae=c@base", "unknown-member", "spcae"),
        ("space=c@none", "unknown-name", "space"),
      ] {
        let refusal = try await served.refusal("GET", "/v1/map?\(query)")
        #expect(refusal.code == code && refusal.parameter == parameter, "\(query): \(refusal)")
      }
      let page = await PageTests.page(served, "/map?inside=1,1", status: 400)
      #expect(page.contains("a part of a map takes 3 to 200 corners"))
      let name = await PageTests.page(
        served, "/map?inside=\(Self.whole)&name=2%3B%20drop", status: 400)
      #expect(name.contains("is no name of a result: a name is a letter followed by"))
    }
  }

  @Test func `a map that fails says so, and is tried again`() async throws {
    try await ServedBench.inNewFolder { served in
      let collection = try served.service.collection("c")
      try served.bench.workspace.apply([.remove(ItemID("a"))], to: collection)
      served.bench.spaces.unload(collection)
      let error = try await #require(throws: ParallaxError.self) { try await Self.make(served) }
      #expect(error.code == .unsupported && error.code.status == 400)
      let next = try await served.json("GET", "/v1/map")
      #expect(next["made"]?.boolean == false)
    }
  }

  @Test func `the page shows how far it is, then the map, and what lies inside a line`()
    async throws
  {
    try await ServedBench.inNewFolder { served in
      let first = await PageTests.page(served, "/map")
      #expect(first.contains(#"<div id="map" class="map" data-source="/v1/map?space=c%40base""#))
      try await Self.make(served)
      let text = await PageTests.page(served, "/map?colour=year")
      #expect(text.contains("3 images · "))
      #expect(text.contains("2 nearest kept: 100.0 %"))
      #expect(
        text.contains("data-source=\"/v1/map?space=c%40base&amp;colour=year\" data-made=\"\""))
      #expect(text.contains(#"<option value="year" selected="">year</option>"#))
      #expect(!text.contains("inside the line"))
      let inside = await PageTests.page(served, "/map?inside=\(Self.whole)&name=few")
      #expect(inside.contains("3 images inside the line"))
      #expect(inside.contains("<code>few = map c@base"))
      #expect(inside.contains("--inside &quot;-99,-99 99,-99 99,99 -99,99&quot;</code>"))
      #expect(inside.contains("/v1/items/c/b/thumbnail"))
      #expect(inside.contains(#"href="/v1/map?space=c%40base&amp;inside=-99%2C-99%20"#))
      let start = await PageTests.page(served, "/")
      #expect(start.contains(#"<a href="/map?space=c%40base">Map</a>"#))
    }
  }

  @Test func `ids of somebody else's are text, whatever they hold`() async throws {
    try await ServedBench.inNewFolder { served in
      try served.makeHostile()
      try await Self.make(served)
      let text = await PageTests.page(served, "/map?colour=caption&inside=\(Self.whole)")
      #expect(!text.contains("<script>alert"))
      let map = try await served.json("GET", "/v1/map?colour=caption")
      #expect(map["ids"]?.elements?.contains(.string(ServedBench.hostile)) == true)
    }
  }
}
