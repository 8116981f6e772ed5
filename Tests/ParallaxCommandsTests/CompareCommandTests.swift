import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// compare, and what is asked of its results: explain and power.
@MainActor
@Suite struct CompareCommandTests {
  private static let count = 40

  /// Runs that have the relevant item `r` at some rank of five, with 40 judged questions.
  private func inFolder(
    _ ranks: [String: @Sendable (Int) -> Int], _ body: (Bench) async throws -> Void
  ) async throws {
    try await Bench.inNewFolder { bench in
      var qrels = ""
      for number in 0..<Self.count { qrels += "q\(number) 0 r 1\nq\(number) 0 n1 0\n" }
      try TestFiles.write(qrels, to: bench.folder + "/j.qrels")
      for (name, rank) in ranks {
        var lines = ""
        for number in 0..<Self.count {
          for place in 1...5 {
            let item = place == rank(number) ? "r" : "n\(place)"
            lines += "q\(number) Q0 \(item) \(place) \(1 / Double(place)) \(name)\n"
          }
        }
        try TestFiles.write(lines, to: "\(bench.folder)/\(name).run")
        await bench.succeed("\(name) = import-run \(bench.folder)/\(name).run")
      }
      try await body(bench)
    }
  }

  private static let columns = [
    "system", "metric", "value", "low", "high", "difference", "diff_low", "diff_high", "p",
    "p_holm",
    "verdict", "wins", "ties", "losses", "ceiling", "questions", "dimension", "bytes_per_vector",
    "index_bytes", "embed_ms", "search_ms", "rerank_ms", "cost", "tie_low", "tie_high", "effect",
    "p_t",
  ]

  @Test func `the table has the columns that were agreed, and a sentence says what it means`()
    async throws
  {
    try await inFolder(["base": { $0 % 5 + 1 }, "better": { max(1, $0 % 5) }]) { bench in
      let outcome = await bench.succeed(
        "set mode csv ; cmp = compare base better --qrels \(bench.folder)/j.qrels --metric mrr,success@1"
      )
      let rows = outcome.output.csv
      #expect(rows[0] == Self.columns)
      #expect(rows.map { $0[0] } == ["system", "base", "better", "base", "better"])
      #expect(rows[1][5...14].allSatisfy { $0.isEmpty || $0 == "1.0" })
      let better = Dictionary(uniqueKeysWithValues: zip(rows[0], rows[2]))
      #expect(better["verdict"] == "better" && better["questions"] == "40")
      #expect(better["wins"] == "32" && better["ties"] == "8" && better["losses"] == "0")
      #expect(better["dimension"]?.isEmpty == true)
      #expect(outcome.notes.contains("one family of 2 tests (Holm)"))
      #expect(
        outcome.notes.contains("'better' is better than 'base': mrr is higher by 0.160 ["),
        "\(outcome.notes)")
    }
  }

  @Test func `what is not shown is not called equal, and the questions needed are said`()
    async throws
  {
    try await inFolder(["base": { $0 % 5 + 1 }, "other": { ($0 * 7) % 5 + 1 }]) { bench in
      let judged = "--qrels \(bench.folder)/j.qrels --metric mrr"
      let outcome = await bench.succeed("cmp = compare base other \(judged)")
      #expect(
        outcome.notes.contains("'other' is not distinguishable from 'base' with 40 questions"))
      #expect(outcome.notes.contains("that does not mean equal"))
      #expect(outcome.notes.contains("with 40 questions you can detect"))
      let margin = await bench.succeed("compare base other \(judged) --margin 0.5")
      #expect(margin.notes.contains("'other' is not worse than 'base' by more than 0.5"))
      let exploratory = await bench.succeed("compare base other \(judged) --exploratory")
      #expect(exploratory.notes.contains("exploratory: p not corrected for 1 test"))
      #expect(exploratory.output.contains("not distinguishable (exploratory)"))
    }
  }

  @Test func `lists of different lengths are warned of where a metric sees it`() async throws {
    try await inFolder(["base": { $0 % 5 + 1 }]) { bench in
      await bench.succeed("short = filter base --top 2")
      let judged = "--qrels \(bench.folder)/j.qrels"
      let outcome = await bench.succeed("compare short base \(judged) --metric success@1,ap,ndcg@5")
      #expect(
        outcome.notes.contains(
          "warning: ap, ndcg@5 look at lists of different lengths: 'short' has at most 2, 'base' 5"),
        "\(outcome.notes)")
      #expect(outcome.notes.contains("such as ap@2"))
      let fine = await bench.succeed("compare short base \(judged) --metric success@1,ap@2")
      #expect(!fine.notes.contains("warning"))
      let strict = await bench.run("set strict on ; compare short base \(judged) --metric ap")
      #expect(strict.code == 1)
    }
  }

  @Test func `where nothing was found, nothing is concluded`() async throws {
    try await inFolder(["base": { _ in 9 }, "other": { _ in 9 }]) { bench in
      let outcome = await bench.succeed(
        "compare base other --qrels \(bench.folder)/j.qrels --metric mrr --margin 0.1")
      #expect(outcome.notes.contains("mrr is 0 for all systems"))
      #expect(!outcome.notes.contains("not worse than 'base'"))
    }
  }

  @Test func `in the place of a p that cannot be, its reason stands`() async throws {
    try await inFolder(["base": { _ in 1 }, "near": { $0 < 4 ? 2 : 1 }]) { bench in
      let outcome = await bench.succeed(
        "set mode csv ; compare base near --qrels \(bench.folder)/j.qrels --metric mrr")
      let row = Dictionary(uniqueKeysWithValues: zip(Self.columns, outcome.output.csv[2]))
      #expect(row["verdict"] == "too few questions" && row["p"] == "" && row["p_holm"] == "")
      #expect(outcome.notes.contains("'near', mrr: cannot reach .05 with 4 differences"))
    }
  }

  @Test func `questions are sorted by what they differ, and one is shown side by side`()
    async throws
  {
    try await inFolder([
      "base": { $0 % 5 + 1 }, "other": { $0 == 7 ? 5 : $0 == 9 ? 1 : $0 % 5 + 1 },
    ]) { bench in
      let judged = "--qrels \(bench.folder)/j.qrels --metric mrr"
      let rows = await bench.rows("cmp = compare base other \(judged) --per-query")
      #expect(rows.count == 40)
      #expect(rows[0] == "q9,,0.2,1.0,0.8")
      #expect(rows[1].hasPrefix("q7,,0.333333"))
      #expect(rows[2] == "q0,,1.0,1.0,0.0")
      let sides = await bench.succeed("set mode csv ; explain cmp q9 --top 3")
      #expect(
        sides.output.csv == [
          ["change", "id", "grade", "base rank", "base score", "other rank", "other score"],
          ["entered", "r", "1", "5", "0.2", "1", "1.0"],
          ["kept", "n2", "", "2", "0.5", "2", "0.5"],
          ["kept", "n3", "", "3", "0.3333333333333333", "3", "0.3333333333333333"],
          ["left", "n1", "0", "1", "1.0", "", ""],
        ])
      #expect(sides.notes.contains("from 'base' to 'other': 1 entered, 1 left, 2 stayed"))
      let alone = await bench.succeed(
        "set mode csv ; ev = eval base \(judged) ; explain ev q9")
      #expect(alone.output.contains("id,grade,base rank,base score\nn1,0,1,1.0\n"))
      for (line, message) in [
        ("explain cmp", "'explain' of 'cmp' needs the id of a question"),
        ("explain cmp q99", "there are no judgements of a question 'q99'"),
        ("explain cmp q9 othr", "did you mean 'other'?"),
        ("explain base q9 other", "a system goes with a result of 'eval' or 'compare'"),
      ] {
        let refused = await bench.run(line)
        #expect(refused.code != 0 && refused.notes.contains(message), "\(refused.notes)")
      }
    }
  }

  @Test func `power says how many questions a difference needs`() async throws {
    try await inFolder(["base": { $0 % 5 + 1 }, "other": { ($0 * 7 + 1) % 5 + 1 }]) { bench in
      let known = await bench.succeed(
        "set mode csv ; power --sd 0.135 --difference 0.02 --questions 40")
      #expect(known.notes == "with 40 questions you can detect 0.061; 0.020 would need 360\n")
      let row = known.output.csv[1]
      #expect(row[0] == "0.135" && row[1] == "40" && row[4] == "360" && row[5] == "0.8")
      let alone = await bench.succeed("power --sd 0.135 --difference -0.02")
      #expect(alone.notes == "0.020 would need 360 questions\n")
      await bench.succeed(
        "cmp = compare base other --qrels \(bench.folder)/j.qrels --metric mrr,success@1,micro-ap")
      let all = await bench.rows("power --from cmp")
      #expect(all.map { $0.split(separator: ",")[1] } == ["mrr", "success@1"])
      let one = await bench.rows("power --from cmp --metric success@1 --difference 0.1 --power 0.9")
      #expect(one.count == 1 && one[0].contains(",0.1,"))
      for (line, code, message) in [
        ("power", 2, "'power' needs --sd or --from"),
        ("power --sd 0.1", 2, "'power' needs --difference, --questions or both"),
        ("power --sd 0 --difference 1", 2, "'sd' takes a number above 0; got '0'"),
        ("power --sd 0.1 --difference 0", 2, "'difference' takes a number other than 0"),
        ("power --sd 0.1 --from cmp", 2, "not from both"),
        ("power --from base", 1, "'base' is no result of 'compare'"),
        ("power --from cmp --metric ap", 1, "it has mrr, success@1, micro-ap"),
        ("power --from cmp --metric micro-ap", 1, "do not vary from question to question"),
      ] as [(String, Int32, String)] {
        let refused = await bench.run(line)
        #expect(refused.code == code && refused.notes.contains(message), "\(refused.notes)")
      }
    }
  }

  @Test func `what a space is asked varies, the whole vector first`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      var file = "id,text,wanted\n"
      for number in 0..<12 {
        file +=
          "q\(number),a \(["mug", "shoe", "brick"][number % 3]),\(["a", "b", "c"][number % 3])\n"
      }
      try TestFiles.write(file, to: bench.folder + "/q.csv")
      let asked = "--queries \(bench.folder)/q.csv --relevant-if 'id = :wanted' --metric mrr"
      let dims = await bench.succeed(
        "set mode csv ; d = compare c@base \(asked) --dims 64,128 --margin 0.9")
      let rows = dims.output.csv
      #expect(rows[0] == Self.columns)
      #expect(
        rows.dropFirst().map { $0[0] } == ["c@base dim 256", "c@base dim 128", "c@base dim 64"])
      #expect(rows.dropFirst().map { $0[16] } == ["256", "128", "64"])
      #expect(rows.dropFirst().map { $0[17] } == ["1024", "512", "256"])
      #expect(
        dims.notes.contains("64 numbers are enough: mrr differs from 256 by"), "\(dims.notes)")
      let sides = await bench.rows("explain d q1 'c@base dim 64'")
      #expect(sides.count == 3)
      let codes = await bench.succeed("compare c@base \(asked) --codes none,int8")
      #expect(
        codes.notes.contains(
          "'c@base codes int8' has the same mrr as 'c@base codes none' for each of"))
      let tasks = await bench.rows("compare c@base \(asked) --tasks RETRIEVAL_QUERY")
      #expect(tasks.count == 2 && tasks[1].hasPrefix("c@base task RETRIEVAL_QUERY,mrr,"))
      let grid = await bench.succeed("compare c@base \(asked) --codes none,int8 --dims 64 --grid")
      #expect(grid.notes.contains("comparing 3 combinations of dims and codes; 1 more"))
      let dry = await bench.succeed("set mode csv ; compare c@base \(asked) --tasks all --dry-run")
      #expect(dry.output.contains("different texts,12\n"), "\(dry.output)")
      #expect(dry.notes.contains("nothing was embedded"))
      let named = await bench.run("compare c@base c --dry-run \(asked)")
      #expect(
        named.code == 2 && named.notes.contains("--dry-run goes with --rerank and what varies"))
      for (line, code, message) in [
        (
          "compare c@base --dims x \(asked)", 2,
          "'dims' takes numbers from 1, or a range of them; got 'x'"
        ),
        ("compare c@base --dims 512 \(asked)", 1, "'c@base' has 256 dimensions; got 512"),
        ("compare c@base --dims 64 --codes none,int8 \(asked)", 2, "one thing varies at a time"),
        ("compare c@base --dims 64 --grid \(asked)", 2, "--grid goes with several of"),
        ("compare c@base --index exact,hnsw \(asked)", 1, "'c@base' has no index"),
        ("compare c@base c --dims 64 \(asked)", 2, "varies what one space is asked; got several"),
        ("compare d --dims 64 \(asked)", 1, "'d' is a result, but not a run"),
        (
          "r = query c --queries \(bench.folder)/q.csv ; compare r --dims 64 \(asked)", 1,
          "'r' is no space"
        ),
        (
          "compare c@base --dims 64 --relevant-if 'id = :wanted'", 2,
          "--queries FILE says what to ask it"
        ),
        ("compare c@base --tasks prefix:X \(asked)", 2, "no words are known for task type 'X'"),
      ] as [(String, Int32, String)] {
        let refused = await bench.run(line)
        #expect(
          refused.code == code && refused.notes.contains(message),
          "\(refused.code) \(refused.notes)")
      }
    }
  }

  @Test func `a cut text is said once for each task, with its name`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let words = Array(repeating: "mug", count: 60).joined(separator: " ")
      try TestFiles.write(
        "id,text,wanted\nq1,\(words),a\nq2,a shoe,b\n", to: bench.folder + "/q.csv")
      let asked = "--queries \(bench.folder)/q.csv --relevant-if 'id = :wanted' --metric mrr"
      let tasks = await bench.succeed("compare c@base \(asked) --tasks RETRIEVAL_QUERY")
      for task in ["", " (task RETRIEVAL_QUERY)"] {
        let warning = "1 text of the questions\(task) was cut after 32 tokens"
        #expect(tasks.notes.ranges(of: warning).count == 1, "\(tasks.notes)")
      }
      _ = await bench.succeed("project c@base --dim 32")
      let twice = await bench.succeed("diff c@base c@base-32 --queries \(bench.folder)/q.csv")
      #expect(twice.notes.ranges(of: "was cut after 32").count == 1)
    }
  }

  @Test(arguments: [
    ("compare base --qrels j.qrels", 2, "'compare' needs 2 systems; got 1"),
    (
      "compare base other --qrels j.qrels --margin 0", 2, "'margin' takes a number above 0; got '0'"
    ),
    ("compare base other --qrels j.qrels --metric unjudged@5", 2, "says nothing of how good"),
    ("compare base other --qrels j.qrels --by x --per-query", 2, "--by makes slices"),
  ])
  func `refusals name the thing and the rule`(
    command: String, code: Int32, message: String
  ) async throws {
    try await inFolder(["base": { _ in 1 }, "other": { _ in 2 }]) { bench in
      let outcome = await bench.run(
        command.replacing("j.qrels", with: "\(bench.folder)/j.qrels"))
      #expect(outcome.code == code && outcome.notes.contains(message), "\(outcome.notes)")
    }
  }
}
