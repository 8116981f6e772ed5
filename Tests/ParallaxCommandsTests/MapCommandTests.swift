import ParallaxLayout
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// What `map` shows, and what it refuses.
@MainActor @Suite struct MapCommandTests {
  @Test func `principal components need no library, and a part is what lies inside`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let rows = await bench.rows("map c@base --method pca")
      #expect(rows.count == 3 && rows[0].hasPrefix("a,"), "\(rows)")
      let again = await bench.succeed("set mode csv ; map c@base --method pca --columns path")
      #expect(again.output.hasPrefix("id,x,y,path\na,"), "\(again.output)")
      #expect(again.notes.contains("2 nearest kept: 100.0 %"), "\(again.notes)")
      #expect(again.notes.contains("variance: x "), "\(again.notes)")
      let all = await bench.rows("map c@base --method pca --inside \"-2,-2 2,-2 2,2 -2,2\"")
      #expect(all == rows)
      let none = await bench.rows("map c@base --method pca --inside \"2,2 3,2 3,3\"")
      #expect(none.isEmpty)
      let described = await bench.succeed("describe _")
      #expect(described.output.contains("seed,1"), "\(described.output)")
    }
  }

  @Test func `a result of it is drawn, filtered and exported`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      await bench.succeed(
        "m = map c@base --method pca ; plot m --x x --y y --kind points --to \(bench.folder)/m.svg")
      #expect(TestFiles.text(of: bench.folder + "/m.svg")?.contains("<svg") == true)
      let few = await bench.rows("filter m --where \"x > -9 and path like '%a.jpg'\"")
      #expect(few.count == 1, "\(few)")
    }
  }

  @Test(arguments: [
    ("map c@base --inside 1,2", "a part of a map takes 3 to 200 corners"),
    ("map c@base --inside \"0,0 1,1 a,b\"", "got 'a,b'"),
    ("map c@base --method pca --epochs 5", "--epochs is about --method umap"),
    ("map c@base --method pca --columns nothing", "unknown column 'nothing'"),
    ("map c@base --method pca --sample 2", "--sample"),
    ("map c@base --method pca --where \"path like '%a.jpg'\"", "at least 3 images"),
    ("map c@none --method pca", "no space 'none'"),
  ])
  func `what makes no map is refused`(command: String, message: String) async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let outcome = await bench.run(command)
      #expect(outcome.code != 0)
      #expect(outcome.notes.contains(message), "\(outcome.notes)")
    }
  }

  @Test(.enabled(if: UmapLibrary.isAvailable, "needs umappp: run scripts/setup --map"))
  func `umap says what it keeps, and what components keep`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let outcome = await bench.succeed("map c@base --epochs 20")
      #expect(
        outcome.notes.contains("2 nearest kept: 100.0 % (by pca 100.0 %)"), "\(outcome.notes)")
    }
  }
}
