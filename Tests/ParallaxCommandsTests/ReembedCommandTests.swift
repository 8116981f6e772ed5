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
      #expect(planned.contains("version,4+cc6f9fc86120") && planned.contains("dimension,128"))
      #expect(planned.contains("different contents to embed,22"))
      #expect(await bench.rows("list spaces").count == 1)
      let made = await bench.succeed("reembed c --as v2")
      #expect(
        made.notes
          == """
          c@v2: 22 embedded · mini, 128 dimensions · TIME
          c@v2 takes over from c@base: model mini, task RETRIEVAL_DOCUMENT, 128 dimensions
          c@v2 has another identity: version 4+cc6f9fc86120, not 2+271af212525f; \
          preprocessing decode2/trimbars/exact192x192/bicubic, not decode2/exact128x128/bilinear

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
        "set mode csv ; s = reembed c --as v2 --model mini@3 --task SEMANTIC_SIMILARITY --sample 20"
      )
      let rows = outcome.output.split(separator: "\n").map(String.init)
      #expect(rows.first == "measure,value,low,high,meaning")
      // The image tower of versions 2 and 3 is the same.
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
      let rest = await bench.succeed(
        "reembed c@base --as v2 --model mini@3 --task SEMANTIC_SIMILARITY")
      #expect(rest.notes.hasPrefix("c@v2: 2 embedded · 20 as before"), "\(rest.notes)")
    }
  }

  /// The bundled pictures with the questions "a mug" and so on, and their space `t@base` of an earlier
  /// version.
  private func withQuestions(_ body: (Bench) async throws -> Void) async throws {
    try await Bench.inNewFolder { bench in
      let products = ["mug", "shoe", "vase", "teapot", "lamp", "clock", "chair", "stool", "bowl"]
      try TestFiles.write(
        "id,text,product\n" + products.map { "\($0),a \($0),\($0)\n" }.joined()
          + "unicorn,a unicorn,unicorn\n", to: bench.folder + "/queries.csv")
      await bench.succeed(
        "create collection t ; ingest t \(Bench.tiles)/images --meta \(Bench.tiles)/metadata.csv "
          + "--key filename ; embed t --as base --model mini@2 --dim 64")
      try await body(bench)
    }
  }

  @Test func `questions tell what a sample gains`() async throws {
    try await withQuestions { bench in
      let judged = "--queries \(bench.folder)/queries.csv --relevant-if \"product = :product\""
      let metrics = "--metric ndcg@10,success@1"
      let planned = await bench.rows("reembed t --as v2 --sample 40 \(judged) --dry-run")
      #expect(planned.contains("questions to ask both spaces,9"), "\(planned)")
      #expect(planned.contains("cost of the questions in t@v2,0.00 (local model)"))

      // Each question has some before one has more.
      let some = await bench.succeed("reembed t --as v2 --sample 40 \(judged) \(metrics)")
      #expect(some.notes.contains("9 judged questions"), "\(some.notes)")
      let all = await bench.rows("reembed t --as v2 --sample 1000 \(judged) \(metrics)")
      // All items are a sample, too: what is said of them is what 'compare' says.
      let compared = await bench.rows("compare t@base t@v2 \(judged) \(metrics) --drop-empty")
        .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
      for (row, name) in [(0, "ndcg@10"), (2, "success@1")] {
        for (offset, system) in ["t@base", "t@v2"].enumerated() {
          let numbers = compared[row + offset][2...4].joined(separator: ",")
          let start = "\"\(name), \(system)\",\(numbers),"
          #expect(all.contains { $0.hasPrefix(start) }, "\(start) in \(all)")
        }
        let difference = compared[row + 1][5...7].joined(separator: ",")
        #expect(all.contains { $0.hasPrefix("\"\(name), difference\",\(difference),") }, "\(all)")
      }
      let shown = await bench.rows("describe _")
      #expect(shown.contains { $0.hasPrefix("input,") && $0.contains("queries.csv: ") }, "\(shown)")
    }
  }

  @Test(arguments: [
    ("--queries FOLDER/queries.csv --qrels x", "--queries goes with --sample"),
    ("--sample 20 --qrels x", "it goes with --queries FILE"),
    ("--sample 20 --queries FOLDER/queries.csv", "needs judgements: --qrels FILE or"),
    ("--sample 20 --queries FOLDER/gone.csv --relevant-if \"product = 1\"", "gone.csv"),
    (
      "--sample 20 --queries FOLDER/queries.csv --relevant-if \"product = 1\" --metric ndgc@10",
      "did you mean 'ndcg"
    ),
  ])
  func `what a sample is judged by is checked before anything runs`(
    options: String, message: String
  ) async throws {
    try await withQuestions { bench in
      let line = "reembed t --as v2 \(options)".replacing("FOLDER", with: bench.folder)
      let outcome = await bench.run("create collection first ; \(line)")
      #expect(outcome.code == 2 && outcome.notes.contains(message), "\(outcome.notes)")
      #expect(await bench.rows("list spaces").count == 1)
    }
  }

  @Test func `questions without a relevant item are refused before anything is embedded`()
    async throws
  {
    try await withQuestions { bench in
      let outcome = await bench.run(
        "reembed t --as v2 --sample 20 --queries \(bench.folder)/queries.csv "
          + "--relevant-if \"colour = :product\"")
      #expect(outcome.code == 1 && outcome.notes.contains("no question has a relevant item among"))
      let clustered = await bench.run(
        "reembed t --as v2 --sample 20 --queries \(bench.folder)/queries.csv "
          + "--relevant-if \"product = :product\" --cluster-by prodcut")
      #expect(clustered.code == 1 && clustered.notes.contains("prodcut"), "\(clustered.notes)")
      #expect(await bench.rows("list spaces").count == 1)
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
