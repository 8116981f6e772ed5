import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// What `dedupe` and `cluster` show.
@MainActor @Suite struct DuplicateCommandTests {
  /// The three pictures of `c@base`, a copy of one of them, and one without a vector.
  private static func copied(_ body: (Bench) async throws -> Void) async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      try bench.pictures(["a2.jpg": "mug-001"])
      await bench.succeed("ingest c \(bench.folder)/in ; embed c --as base")
      try bench.pictures(["late.jpg": "shoe-001"])
      await bench.succeed("ingest c \(bench.folder)/in")
      try await body(bench)
    }
  }

  @Test func `copies are duplicates whatever their vectors, and nothing is deleted`() async throws {
    try await Self.copied { bench in
      let outcome = await bench.succeed(
        "set mode csv ; dups = dedupe c@base --min-score 0.999 --keep path")
      let rows = outcome.output.split(separator: "\n").map(String.init)
      #expect(
        rows[0] == "group,id,action,score,copy,same_pixels,least,width,height,bytes,path",
        "\(outcome.output)")
      let cells = rows.dropFirst().map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
      #expect(
        cells.map { $0[0...4].joined(separator: ",") } == [
          "1,a,keep,,true", "1,a2,would go,,true", "2,b,keep,,true", "2,late,would go,,true",
        ])
      #expect(
        outcome.notes.contains("1 of 5 images have no vector in 'c@base'"), "\(outcome.notes)")
      let whole = await bench.rows("list collections")
      #expect(whole.contains { $0.contains(",5") })
      #expect(TestFiles.exists("\(bench.folder)/in/a2.jpg"))
    }
  }

  @Test func `groups hold what their linkage says`() async throws {
    try await Self.copied { bench in
      // Every picture is similar to every other at -1.
      for method in ["complete", "star", "components"] {
        let rows = await bench.rows("cluster c@base --min-score -1 --method \(method)")
        #expect(rows.count == 5 && rows.allSatisfy { $0.hasPrefix("1,") }, "\(method), \(rows)")
        #expect(rows.count { $0.contains(",true,,") } == 1, "one representative")
      }
      #expect(await bench.rows("cluster c@base --min-score 0.999 --min-size 3").isEmpty)
      let twice = await bench.rows("dedupe c@base --min-score 0.9")
      #expect(await bench.rows("dedupe c@base --min-score 0.9") == twice)
    }
  }

  @Test func `a score is the number that query shows`() async throws {
    try await Self.copied { bench in
      let asked = await bench.rows("query c@base --like a --top 5 --columns id,score")
      let grouped = await bench.rows("dedupe c@base --min-score -1 --keep path").map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
      #expect(grouped[0][1...2] == ["a", "keep"])
      // Without a vector of its own 'late' is no answer.
      let scores = grouped.filter { !$0[3].isEmpty && $0[1] != "late" }.map { "\($0[1]),\($0[3])" }
      #expect(scores.count == 2 && scores.allSatisfy(asked.contains), "\(scores) of \(asked)")
    }
  }

  @Test func `a score beyond a cosine's is refused`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      for line in ["dedupe c@base --min-score 1.2", "cluster c@base --min-score -2"] {
        #expect(await bench.run(line).code == 2)
      }
      #expect(await bench.run("dedupe c@other").code != 0)
    }
  }
}
