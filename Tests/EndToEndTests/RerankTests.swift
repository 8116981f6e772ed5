import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Looking again at the first hits, through the built program.
@Suite(.fewAtOnce) struct RerankTests {
  private static let prepare =
    "create collection t ; ingest t \(Shell.tiles)/images --meta \(Shell.tiles)/metadata.csv "
    + "--key filename ; embed t --as base --model mini"
  private static let queries = "\(Shell.tiles)/queries.csv"
  /// A network that adds up numbers of words, which the fixture's script made.
  private static let texts =
    TestData.packageRoot + "/Tests/ParallaxInferenceTests/Fixtures/pairs/texts"
  private static let stages = "--columns rank,id,score,stage1_rank,stage1_score"

  @Test func `the head is reordered, the tail stays, and both stages stay in view`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(Self.prepare)
      let first = try await shell.rows(
        "query t@base --text 'red mug' --top 30 --columns rank,id,score")
      let query = "query t@base --text 'red mug' --top 30 | rerank --model mini-cross"
      let rows = try await shell.rows("\(query) --depth 10 \(Self.stages)")
      #expect(rows.count == 30 && rows.map { $0[0] } == (1...30).map(String.init))
      for row in rows {
        let before = try #require(first.first { $0[1] == row[1] })
        #expect([row[3], row[4]] == [before[0], before[2]], "\(row)")
      }
      #expect(rows[10...].map { $0[1] } == first[10...].map { $0[1] })
      #expect(rows[10...].allSatisfy { $0[2].isEmpty })
      let scores = rows[..<10].compactMap { Double($0[2]) }
      #expect(scores.count == 10 && scores == scores.sorted(by: >))
      #expect(rows[..<10].map { $0[1] } != first[..<10].map { $0[1] })

      // A deeper pass gives every score of a shallower one.
      let deep = try await shell.rows("\(query) --depth 30 \(Self.stages)")
      for row in rows[..<10] { #expect(deep.contains { $0[1] == row[1] && $0[2] == row[2] }) }
      let least = scores[4]
      let above = try await shell.rows(
        "\(query) --depth 10 --min-score \(least) \(Self.stages)")
      #expect(above.map { $0[1] } == rows[..<5].map { $0[1] })
      let top = try await shell.rows("\(query) --depth 10 --top 3 \(Self.stages)")
      #expect(top == Array(rows[..<3]))
      let floor = first[4][2]
      let near = try await shell.rows(
        "\(query) --depth 10 --min-stage1-score \(floor) \(Self.stages)")
      #expect(Set(near.map { $0[1] }) == Set(first[..<5].map { $0[1] }))
      // Its score is not that of the first stage.
      let filtered = try await shell.rows(
        "\(query) --depth 10 \(Self.stages) | filter --min-score \(least)")
      #expect(filtered.map { $0[1] } == rows[..<5].map { $0[1] })
      let explained = try await shell.rows(
        "\(query) --depth 10 | explain \(rows[0][1])")
      #expect(explained.map { $0[2] } == ["1", "2"])
      #expect(explained.map { $0[3] } == [rows[0][3], "1"])
      #expect(explained[1][6] == rows[0][2])
    }
  }

  @Test func `a run is what each question alone gives, and is written in its new order`()
    async throws
  {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(Self.prepare)
      let words = try #require(TestFiles.text(of: Self.queries)).split(separator: "\n")
        .filter { $0.hasSuffix(",") }.joined(separator: "\n")
      try TestFiles.write("qid,text,image\n\(words)\n", to: "\(shell.folder)/words.csv")
      let rerank = "rerank --model mini-cross --depth 12"
      let made = try await shell.run(
        """
        q = query t@base --queries words.csv --top 20
        r = q | \(rerank)
        export r --to r.run ; export r --to r.csv ; export q --to q.csv
        compare q r --qrels \(Shell.tiles)/qrels.tsv --metric mrr
        """, options: ["--mode", "csv"])
      #expect(made.code == 0, "\(made.errors)")
      let rows = (TestFiles.text(of: "\(shell.folder)/r.csv") ?? "").split(separator: "\n")
        .dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      #expect(rows.count == 20 * words.split(separator: "\n").count)
      let lines = (TestFiles.text(of: "\(shell.folder)/r.run") ?? "").split(separator: "\n")
        .map { $0.split(separator: " ") }
      #expect(lines.map { [$0[0], $0[2], $0[3]] } == rows.map { [$0[0], $0[2], $0[1]] })
      let alone = try await shell.rows(
        "query t@base --text 'red mug' --top 20 | \(rerank) \(Self.stages)")
      #expect(
        rows.filter { $0[0] == "q01" }.map { $0.dropFirst().map(String.init) } == alone)
      // An image is nothing that it reads.
      let unread = try await shell.run("query t@base --queries \(Self.queries) | \(rerank)")
      #expect(unread.code == 1)
      #expect(unread.errors.contains("'mini-cross' reads texts, and '"), "\(unread.errors)")
    }
  }

  @Test func `a candidate without a text keeps its place, and is counted`() async throws {
    try await Shell.inNewFolder { shell in
      let table = TestFiles.text(of: "\(Shell.tiles)/metadata.csv") ?? ""
      let names = table.split(separator: "\n").dropFirst().prefix(4).map {
        $0.split(separator: ",")[0]
      }
      let said = ["blue car", "", "red red red", "a dog"]
      try TestFiles.write(
        "filename,said\n" + zip(names, said).map { "\($0),\($1)\n" }.joined(),
        to: "\(shell.folder)/m.csv")
      try await shell.succeed(
        "create collection t ; ingest t \(Shell.tiles)/images --glob 'ball-00[1-4]*' --meta m.csv "
          + "--key filename ; embed t --as base --model mini")
      let query = "query t@base --text 'a red car' --top 4"
      let first = try await shell.rows("\(query) --columns id,said")
      let empty = try #require(first.firstIndex { $0[1].isEmpty })
      let rerank = "\(query) | rerank --model \(Self.texts) --text-field said"
      let outcome = try await shell.run(
        "\(rerank) --columns rank,id,score,said", options: ["--mode", "csv"])
      #expect(outcome.code == 0)
      #expect(
        outcome.errors.contains("1 of 4 candidates got no score and keeps its place"),
        "\(outcome.errors)")
      let rows = outcome.output.split(separator: "\n").dropFirst().map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
      #expect(rows[empty][3].isEmpty && rows[empty][2].isEmpty, "\(rows)")
      let strict = try await shell.run(rerank, options: ["--strict"])
      #expect(strict.code == 1 && strict.errors.contains("got no score"))
      let template = try await shell.rows(
        "\(query) | rerank --model \(Self.texts) --document 'a {said} .' --columns score")
      #expect(template.count == 4)
      for (options, message) in [
        ("--text-field sad", "did you mean 'said'?"), ("", "--text-field FIELD"),
        ("--document '{said'", "is not closed"), ("--document 'red'", "has no field"),
      ] {
        let wrong = try await shell.run("\(query) | rerank --model \(Self.texts) \(options)")
        #expect(wrong.code != 0 && wrong.errors.contains(message), "\(options): \(wrong.errors)")
      }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `a run that is killed goes on, and every depth needs no image any more`() async throws {
    try await Shell.inNewFolder { shell in
      TestFiles.makeFolder("\(shell.folder)/in")
      let copied = try await ProgramRun(
        "/bin/sh", ["-c", "cp \(Shell.tiles)/images/*.jpg \(shell.folder)/in/"]
      ).finish()
      #expect(copied.code == 0)
      try await shell.succeed(
        "create collection t ; ingest t in ; embed t --as base --model mini")
      let colours = ["red", "blue", "green", "black", "white", "yellow", "brown", "grey"]
      let things = ["mug", "chair", "ball", "teapot", "shoe", "car", "lamp", "book", "vase", "box"]
      let questions = colours.flatMap { colour in things.map { "\(colour) \($0)" } }
      try TestFiles.write(
        "id,text\n" + questions.enumerated().map { "q\($0),\($1)\n" }.joined(),
        to: "\(shell.folder)/q.csv")
      let query = "query t@base --queries q.csv --top 60"
      let rerank = "\(query) | rerank --model mini-cross --depth 60"
      func kept() async throws -> Int {
        let rows = try await shell.rows("\(rerank) --dry-run")
        return rows.first { $0[0] == "kept scores" }.flatMap {
          Int($0[1].filter(\.isNumber))
        } ?? -1
      }
      let calm = Shell(folder: "\(shell.folder)/calm", program: shell.program)
      let copy = try await ProgramRun(
        "/bin/sh", ["-c", "mkdir calm && cp work.parallax q.csv calm/"], folder: shell.folder
      ).finish()
      #expect(copy.code == 0)
      let undisturbed = try await calm.rows(rerank)
      var (before, kills) = (0, 0)
      for _ in 0..<6 {
        let run = try shell.start(["work.parallax", "-c", rerank])
        try await Task.sleep(for: .milliseconds(700))
        run.kill(SIGKILL)
        _ = await run.finish()
        kills += 1
        let now = try await kept()
        #expect(now >= before, "kill \(kills)")
        before = now
      }
      let whole = try await shell.rows(rerank)
      #expect(whole.count == 80 * 60)
      #expect(whole == undisturbed)
      #expect(try await kept() == 80 * 60)
      // The images are gone, and so is the need for them.
      let removed = try await ProgramRun(
        "/bin/sh", ["-c", "rm \(shell.folder)/in/*.jpg"]
      ).finish()
      #expect(removed.code == 0)
      #expect(try await shell.rows(rerank) == whole)
      let shallow = try await shell.rows("\(query) | rerank --model mini-cross --depth 10")
      for (place, row) in shallow.enumerated() where place % 60 < 10 {
        #expect(whole.contains { $0[0] == row[0] && $0[2] == row[2] && $0[3] == row[3] })
      }
    }
  }

  /// Vectors of images are the same wherever they come from: a space that is in memory, or the tower.
  @Test func `a space of the same model changes no score`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(
        "create collection t ; ingest t \(Shell.tiles)/images --glob 'mug-*' ; "
          + "embed t --as base --model mini ; embed t --as other --model mini@2 ; "
          + "embed t --as small --model mini --dim 64")
      let copied = try await ProgramRun(
        "/bin/sh", ["-c", "for n in a b c; do mkdir $n; cp work.parallax $n/; done"],
        folder: shell.folder
      ).finish()
      #expect(copied.code == 0)
      var scores: [[String]] = []
      for (folder, space) in [("a", "base"), ("b", "other"), ("c", "small")] {
        let own = Shell(folder: "\(shell.folder)/\(folder)", program: shell.program)
        let rows = try await own.rows(
          "query t@\(space) --text 'red mug' --top 100 | rerank --model mini-cross --columns id,score"
        )
        #expect(rows.count > 5)
        scores.append(rows.map { $0.joined(separator: " ") }.sorted())
      }
      #expect(scores[0] == scores[1] && scores[0] == scores[2])
    }
  }

  @Test func `what is asked can be said anew, and what is left out is told`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(Self.prepare)
      let like = "query t@base --like mug-001 --top 5 | rerank --model mini-cross"
      let unread = try await shell.run(like)
      #expect(unread.code == 1 && unread.errors.contains("--query \"…\" says it in words"))
      let anew = try await shell.rows("\(like) --query 'a red mug' --columns id,score")
      let asked = try await shell.rows(
        "query t@base --text 'a red mug' --top 369 | rerank --model mini-cross --depth 369 "
          + "--columns id,score")
      for row in anew { #expect(asked.contains(row), "\(row)") }
      let terms = try await shell.run(
        "query t@base --text mug^2 --text red --not-text blue --like mug-001 --top 5 | rerank "
          + "--model mini-cross")
      #expect(terms.code == 0)
      for part in [
        "what is subtracted is left out", "the weights of terms are left out",
        "the images are left out",
      ] { #expect(terms.errors.contains(part), "\(terms.errors)") }
      for (line, part) in [
        ("query t@base --text a | rerank --model mini-crss", "did you mean 'mini-cross'?"),
        ("query t@base --text a | rerank --model mini", "makes vectors, and does not rerank"),
        ("query t@base --text a | rerank --model mini-cross:k=1", "has no parameters"),
        ("query t@base --text a --dims 32,64 | rerank --model mini-cross", "each of 2 dimensions"),
        ("list spaces | rerank --model mini-cross", "is no list of hits"),
        (
          "query t@base --queries \(Self.queries) | rerank --model mini-cross --query a",
          "a run has questions of its own"
        ),
        ("query t@base --text a | rerank --model mini-cross --text-field kind", "looks at images"),
        ("query t@base --text a | rerank --model mmr --document '{kind}'", "looks at vectors"),
      ] {
        let wrong = try await shell.run(line)
        #expect(wrong.code != 0 && wrong.errors.contains(part), "\(line): \(wrong.errors)")
      }
    }
  }

  @Test func `a result that was reranked is reranked again, from its own order`() async throws {
    try await Shell.inNewFolder { shell in
      try await shell.succeed(Self.prepare)
      let once = "query t@base --text 'red mug' --top 20 | rerank --model mini-cross --depth 20"
      let first = try await shell.rows("\(once) --columns rank,id,score")
      let twice = try await shell.rows(
        "\(once) | rerank --model mmr:lambda=1 --depth 5 \(Self.stages)")
      #expect(twice.map { [$0[3], $0[1], $0[4]] } == first)
      let described = try await shell.rows(
        "r = \(once) | rerank --model mmr --depth 5 ; describe r")
      #expect(described.filter { $0[0] == "reranked" }.count == 2)
      let blended = try await shell.rows(
        "\(once) --blend 0.5 --columns score,stage1_score,stage2_score")
      let values = blended.map { $0.compactMap(Double.init) }
      for column in [0, 1, 2] { #expect(values.allSatisfy { $0.count > column }) }
      let (low, high) = (values.map { $0[1] }.min() ?? 0, values.map { $0[1] }.max() ?? 1)
      let (least, most) = (values.map { $0[2] }.min() ?? 0, values.map { $0[2] }.max() ?? 1)
      for row in values {
        let expected = 0.5 * (row[2] - least) / (most - least) + 0.5 * (row[1] - low) / (high - low)
        #expect(abs(row[0] - expected) < 1e-6)
      }
    }
  }
}
