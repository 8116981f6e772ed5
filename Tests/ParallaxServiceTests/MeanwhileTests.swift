import ParallaxCore
import ParallaxStorage
import ParallaxTestSupport
import ParallaxText
import ParallaxWorkbench
import Testing

@testable import ParallaxService

/// What another session does to a collection while it is served.
@Suite struct MeanwhileTests {
  @Test func `items that were removed are left out, and that is said`() async throws {
    try await ServedBench.inNewFolder { served in
      let before = try await served.json("POST", "/v1/search", #"{"item": "a"}"#)
      #expect(before.ids.count == 3 && before["warnings"]?.elements?.isEmpty == true)
      _ = await PageTests.page(served, "/")
      try served.bench.workspace.apply(
        [.remove(ItemID("b"))], to: try served.service.collection("c"))
      let answer = try await served.json("POST", "/v1/search", #"{"item": "a"}"#)
      #expect(answer.ids == before.ids.filter { $0 != "b" })
      let warnings = answer["warnings"]?.elements?.compactMap(\.string) ?? []
      #expect(warnings.count == 1 && warnings[0].hasPrefix("1 item of this list was removed"))
      for target in ["/", "/?like=a", "/item/c/a"] {
        let text = await PageTests.page(served, target)
        #expect(text.contains("1 item of this list was removed"), "\(target)")
        #expect(!text.contains("/v1/items/c/b/thumbnail"), "\(target)")
      }
      #expect(Service.warnings(ofRemoved: 0).isEmpty)
      #expect(Service.warnings(ofRemoved: 2)[0].hasPrefix("2 items of this list were removed"))
    }
  }

  @Test func `a collection that is gone is no search without hits`() async throws {
    try await ServedBench.inNewFolder { served in
      _ = try await served.json("POST", "/v1/search", #"{"text": "a shoe"}"#)
      try served.bench.workspace.dropCollection(named: "c")
      for _ in 0..<2 {
        let search = try await served.refusal("POST", "/v1/search", #"{"text": "a shoe"}"#)
        #expect(search.status == 409 && search.code == "collection-gone")
        let gate = try await served.refusal(
          "POST", "/v1/gate", #"{"image": "bm8gcGljdHVyZQ==", "max_score": 0.9}"#)
        #expect(gate.code == "collection-gone")
        for path in ["/v1/items/c/a", "/v1/items/c/a/neighbours", "/v1/collections/c/fields"] {
          let refusal = try await served.refusal("GET", path)
          #expect(refusal.status == 409, "\(path)")
        }
        for target in ["/", "/?text=a+shoe", "/item/c/a"] {
          let text = await PageTests.page(served, target, status: 409)
          #expect(text.contains("'c' was removed or renamed"), "\(target)")
        }
        // Another of the same name is not what is served.
        if (try? served.bench.workspace.collection(named: "c")) == nil {
          _ = try served.bench.workspace.createCollection(named: "c")
        }
      }
    }
  }

  @Test func `the gate decides without an item that was removed`() async throws {
    try await ServedBench.inNewFolder { served in
      let bytes = try TestFiles.bytes(of: served.folder + "/in/b.jpg")
      let body = "{\"image\": \"\(Base64.text(of: bytes))\", \"max_score\": 0.9}"
      let before = try await served.json("POST", "/v1/gate", body)
      #expect(before["decision"]?.string == "reject" && before["notes"]?.elements != nil)
      try served.bench.workspace.apply(
        [.remove(ItemID("b"))], to: try served.service.collection("c"))
      let after = try await served.json("POST", "/v1/gate", body)
      #expect(after["decision"]?.string == "pass" && after["warnings"]?.elements != nil)
      let matches = after["matches"]?.elements?.compactMap { $0["id"]?.string } ?? []
      #expect(!matches.isEmpty && !matches.contains("b"))
    }
  }

  @Test func `a space that is gone is not searched, and what is gone is not listed`() async throws {
    try await ServedBench.inNewFolder { served in
      let text = #"{"text": "a shoe", "space": "c@turned"}"#
      _ = try await served.json("POST", "/v1/search", text)
      try served.bench.workspace.dropSpace(
        named: "turned", in: try served.service.collection("c"))
      let search = try await served.refusal("POST", "/v1/search", text)
      #expect(search.status == 409 && search.code == "space-gone")
      _ = await PageTests.page(served, "/?space=c%40turned&text=a+shoe", status: 409)
      #expect(try await Self.listed(served) == [["c@base"]])
      try served.bench.workspace.dropCollection(named: "c")
      #expect(try await Self.listed(served).isEmpty)
    }
  }

  /// The spaces of each collection that is listed.
  private static func listed(_ served: ServedBench) async throws -> [[String]] {
    try await served.json("GET", "/v1/collections")["collections"]?.elements?.map {
      $0["spaces"]?.elements?.compactMap { $0["reference"]?.string } ?? []
    } ?? []
  }

  @Test func `an item is shown where only what is near it, or why it was found, fails`()
    async throws
  {
    try await ServedBench.inNewFolder { served in
      let why = await PageTests.page(served, "/item/c/a?upload=none")
      #expect(why.contains("there is no upload 'none'") && why.contains("a red mug"))
      #expect(why.contains("query c@base --like a --exclude-self --top 12"))
      // An item that joined after the space was embedded has no vector to be near to.
      let collection = try served.service.collection("c")
      try TestFiles.copy(
        "\(TestData.packageRoot)/datasets/tiles/images/mug-002.jpg", to: served.folder + "/in/d.jpg"
      )
      _ = try await served.bench.ingest(
        IngestOptions(path: served.folder + "/in"), into: collection
      ) { _ in }
      let near = await PageTests.page(served, "/item/c/d")
      #expect(near.contains("/v1/items/c/d/original") && near.contains(#"class="problem""#))
    }
  }
}
