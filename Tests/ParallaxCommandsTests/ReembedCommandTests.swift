import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// reembed, as it is typed and shown.
@MainActor @Suite struct ReembedCommandTests {
  /// A collection `c` of 24 pictures whose space `base` is of an earlier version of the model.
  private func withEarlierSpace(_ body: (Bench) async throws -> Void) async throws {
    try await Bench.inNewFolder { bench in
      let numbers = (1...12).map { $0 < 10 ? "00\($0)" : "0\($0)" }
      let names = ["mug", "shoe"].flatMap { kind in numbers.map { "\(kind)-\($0)" } }
      try bench.pictures(
        Dictionary(
          uniqueKeysWithValues: names.filter { $0 != "mug-012" && $0 != "shoe-012" }
            .map { ("\($0).jpg", $0) }))
      await bench.succeed(
        "create collection c ; ingest c \(bench.folder)/in ; "
          + "embed c --as base --model mini@2 --task RETRIEVAL_DOCUMENT --dim 128")
      try await body(bench)
    }
  }

  @Test func `a new space is made beside the old one, by the newest version`() async throws {
    try await withEarlierSpace { bench in
      let before = await bench.rows("query c@base --text \"a red shoe\" --columns id,score")
      let planned = await bench.rows("reembed c@base --as v2 --dry-run")
      #expect(planned.contains("version,3+a859f574b24f") && planned.contains("dimension,128"))
      #expect(planned.contains("different contents to embed,22"))
      #expect(await bench.rows("list spaces").count == 1)
      let made = await bench.succeed("reembed c --as v2")
      #expect(
        made.notes
          == """
          c@v2: 22 embedded · mini, 128 dimensions · TIME
          c@v2 takes over from c@base: model mini, task RETRIEVAL_DOCUMENT, 128 dimensions
          c@v2 has another identity: version 3+a859f574b24f, not 2+271af212525f

          """.replacing("TIME", with: Self.time(in: made.notes)))
      #expect(
        await bench.rows("query c@base --text \"a red shoe\" --columns id,score") == before)
      #expect(await bench.rows("query c@v2 --text \"a red shoe\" --columns id,score") != before)
      let again = await bench.succeed("reembed c --as v2 --resume")
      #expect(again.notes.hasPrefix("c@v2: 0 embedded · 22 as before"), "\(again.notes)")
    }
  }

  /// The end of the first line, which nobody knows before.
  private static func time(in notes: String) -> String {
    let line = notes.prefix { $0 != "\n" }
    return line.split(separator: " · ").dropFirst(2).joined(separator: " · ")
  }

  @Test func `a sample is shown with its interval and what the rest takes`() async throws {
    try await withEarlierSpace { bench in
      let planned = await bench.rows("reembed c --as v2 --model mini --sample 20 --dry-run")
      #expect(planned.contains("items of the sample,20"))
      #expect(planned.contains("cost of the sample,0.00 (local model)"))
      let outcome = await bench.succeed(
        "set mode csv ; s = reembed c --as v2 --task SEMANTIC_SIMILARITY --sample 20")
      let rows = outcome.output.split(separator: "\n").map(String.init)
      #expect(rows.first == "measure,value,low,high,meaning")
      // The image tower of both versions is the same.
      #expect(rows[1].hasPrefix("overlap@10,1.0,1.0,1.0,"), "\(rows)")
      #expect(rows[2].hasPrefix("same nearest,1.0,1.0,1.0,"))
      #expect(rows[3].hasPrefix("contents left,2,,,"))
      #expect(rows[4].hasPrefix("dollars left,0.0,,,"))
      #expect(
        outcome.notes.contains("every image of the sample has the same vector in both spaces"))
      #expect(outcome.notes.contains("; left to embed: 2 images, about "), "\(outcome.notes)")
      #expect(await bench.rows("describe s").contains("seed,1"))
      #expect(
        await bench.rows("list spaces").contains { $0.contains("c@v2,") && $0.contains(",20,22,") })
      let partial = await bench.succeed("promote c@v2 ; demote c")
      #expect(partial.notes.contains("2 items have no vector in c@v2"))
      let rest = await bench.succeed("reembed c@base --as v2 --task SEMANTIC_SIMILARITY")
      #expect(rest.notes.hasPrefix("c@v2: 2 embedded · 20 as before"), "\(rest.notes)")
    }
  }

  @Test func `items that fail are listed, of a sample counted`() async throws {
    try await withEarlierSpace { bench in
      try TestFiles.write("no picture any more", to: bench.folder + "/in/mug-001.jpg")
      let sample = await bench.succeed("reembed c --as v2 --sample 22")
      #expect(sample.notes.contains("1 image has no vector in c@v2"), "\(sample.notes)")
      let all = await bench.run("reembed c --as v2")
      #expect(all.output.contains("mug-001") && all.notes.contains("(list: show _)"))
      let strict = await bench.run("set strict on ; reembed c --as v2")
      #expect(strict.code == 1)
    }
  }

  @Test(arguments: [
    ("reembed c", "'reembed' needs '--as SPACE'"),
    ("reembed c --as v2 --model mnii", "did you mean 'mini'?"),
    ("reembed d --as v2", "there is no collection 'd'"),
    ("reembed c@bsae --as v2", "did you mean 'base'?"),
    ("reembed c --as v2 --sample 5", "'sample' takes a whole number from 20 to 10000; got '5'"),
    ("reembed c --as v2 ; query c@v3 --like mug-001", "'c' has no space 'v3'"),
  ])
  func `a mistake is found before anything runs`(line: String, message: String) async throws {
    try await withEarlierSpace { bench in
      let outcome = await bench.run("create collection first ; \(line)")
      #expect(outcome.code == 2 && outcome.notes.contains(message), "\(outcome.notes)")
      #expect(await bench.rows("list spaces").count == 1)
    }
  }

  @Test(arguments: [
    ("reembed c --as base", "'c@base' is the space to be embedded again"),
    ("reembed c --as v2 --model mini@2", "'c@base' has this identity already"),
    ("reembed c --as v2 --dim 100", "dimensions; got 100"),
    ("reembed c --as v2 --task RETREIVAL_QUERY", "got 'RETREIVAL_QUERY'"),
    ("reembed c --as v2 --content joint", "gives no joint vector"),
    ("reembed c --as v2 --resume", "there is no space 'c@v2' to go on with"),
  ])
  func `a refusal leaves everything as it was`(line: String, message: String) async throws {
    try await withEarlierSpace { bench in
      let outcome = await bench.run(line)
      #expect(outcome.code == 1 && outcome.notes.contains(message), "\(outcome.notes)")
      #expect(await bench.rows("list spaces").count == 1)
    }
  }
}
