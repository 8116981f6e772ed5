import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// eval.
@MainActor
@Suite struct EvalCommandTests {
  /// A small example by hand, with the values of trec_eval 10.
  private static let qrels =
    "q1 0 a 2\nq1 0 b 0\nq1 0 c 1\nq1 0 d 3\nq1 0 e -1\nq2 0 a 1\nq2 0 x 1\nq3 0 a 0\nq4 0 z 1\n"
  private static let run =
    "q1 Q0 a 1 0.9 r\nq1 Q0 b 2 0.9 r\nq1 Q0 c 3 0.9 r\nq1 Q0 u 4 0.5 r\nq2 Q0 y 1 0.9 r\n"
    + "q2 Q0 a 2 0.8 r\nq3 Q0 a 1 0.9 r\nq9 Q0 a 1 0.9 r\n"

  private func inFolder(_ body: (Bench) async throws -> Void) async throws {
    try await Bench.inNewFolder { bench in
      try TestFiles.write(Self.qrels, to: bench.folder + "/j.qrels")
      try TestFiles.write(Self.run, to: bench.folder + "/r.run")
      try await body(bench)
    }
  }

  @Test func `values, intervals, ceilings and ties stand in a row for each metric`() async throws {
    try await inFolder { bench in
      let line =
        "ev = eval \(bench.folder)/r.run --qrels \(bench.folder)/j.qrels --metric ap,ndcg@10,unj@5"
      let outcome = await bench.succeed("set mode csv ; \(line)")
      let rows = outcome.output.csv
      #expect(
        rows[0] == [
          "system", "metric", "value", "low", "high", "ceiling", "tie_low", "tie_high", "questions",
        ])
      #expect(rows.map { $0[1] } == ["metric", "ap", "ndcg@10", "unjudged@5"])
      for (row, value) in zip(rows.dropFirst(), [0.2014, 0.2017, 0.1]) {
        #expect(isNear(Double(row[2]), value, 5e-5))
        #expect(row[8] == "4")
      }
      // The ends that the tie of q1 allows, and nothing for what has no ceiling or no tie.
      #expect(isNear(Double(rows[1][6]), (0.3889 + 0.25) / 4, 2e-5))
      #expect(isNear(Double(rows[1][7]), (0.6667 + 0.25) / 4, 2e-5))
      #expect(rows[1][5] == "0.75" && rows[3][5].isEmpty && rows[3][6].isEmpty)
      for part in [
        "4 judged questions", "1 without a relevant item (counts 0)", "1 unanswered (counts 0)",
        "1 not judged, not counted", "seed 1", "no relevant item: q3", "/r.run': q4", "q9",
      ] {
        #expect(outcome.notes.contains(part), "\(part) in \(outcome.notes)")
      }
      let facts = await bench.rows("describe ev")
      #expect(facts.contains { $0.hasPrefix("input,") && $0.contains("j.qrels: ") })
      #expect(facts.contains("seed,1"))
    }
  }

  @Test func `a row for each question, by metric and system`() async throws {
    try await inFolder { bench in
      try TestFiles.write("q1 Q0 d 1 1 s\n", to: bench.folder + "/s.run")
      let judged = "--qrels \(bench.folder)/j.qrels"
      let one = await bench.rows("eval \(bench.folder)/r.run \(judged) --per-query --metric mrr")
      #expect(one == ["q1,,1.0", "q2,,0.5", "q3,,0.0", "q4,,0.0"])
      let both = await bench.succeed(
        "set mode csv ; eval \(bench.folder)/r.run \(bench.folder)/s.run \(judged) --per-query "
          + "--metric mrr,success@1 --drop-empty")
      let rows = both.output.csv
      #expect(rows.count == 4 && rows[0].count == 6)
      #expect(rows[0].last == "\(bench.folder)/s.run success@1")
      #expect(rows[1].dropFirst(2) == ["1.0", "1.0", "1.0", "1.0"])
      #expect(both.notes.contains("1 without a relevant item left out"))
    }
  }

  @Test(arguments: [
    ("eval r.run", 2, "'eval' needs judgements: --qrels FILE or --relevant-if EXPR"),
    ("eval --qrels j.qrels", 2, "'eval' needs 'SYSTEM'"),
    ("eval r.run --qrels none.qrels", 2, "none.qrels"),
    ("eval none.run --qrels j.qrels", 2, "none.run"),
    ("eval nothing --qrels j.qrels", 2, "'nothing'"),
    ("eval r.run r.run --qrels j.qrels", 2, "the system 'r.run' is named twice"),
    ("eval r.run --qrels j.qrels --metric ndgc@10", 2, "did you mean 'ndcg'?"),
    ("eval r.run --qrels j.qrels --metric success", 2, "'success' needs a depth after '@'"),
    ("eval r.run --qrels j.qrels --metric mrr,recip_rank", 2, "the metric 'mrr' is named twice"),
    ("eval r.run --qrels j.qrels --by city", 1, "--by needs the columns of the questions"),
    ("eval r.run --qrels j.qrels --per-query --metric micro-ap", 1, "has no value for a question"),
    ("eval r.run --qrels j.qrels --relevant-if 'id = :id'", 2, "not from both"),
    ("eval r.run --relevant-if 'id = '", 2, "expected a value after '=' in --relevant-if"),
    ("eval r.run --relevant-if 'id = :id'", 1, "needs questions, and 'r.run' has none"),
    ("eval r.run --qrels other.qrels", 1, "none of the judged questions was answered"),
    ("eval r.run --qrels bad.qrels", 1, "'bad.qrels', line 2: a grade is a whole number"),
    ("eval r.run --qrels twice.qrels", 1, "'twice.qrels', line 2: 'a' is judged twice"),
    ("eval nan.run --qrels j.qrels", 1, "'nan.run', line 1: a score is a finite number; got 'nan'"),
    ("eval twice.run --qrels j.qrels", 1, "'twice.run', line 2: 'a' is listed twice"),
    ("eval r.run --qrels j.qrels --relevance-level 0", 2, "'relevance-level' takes"),
  ])
  func `refusals name the thing and the rule`(
    command: String, code: Int32, message: String
  ) async throws {
    try await inFolder { bench in
      for (name, text) in [
        ("other.qrels", "1 0 a 1\n"), ("bad.qrels", "q1 0 a 1\nq1 0 b 0.5\n"),
        ("twice.qrels", "q1 0 a 1\nq1 0 a 0\n"), ("nan.run", "q1 Q0 a 1 nan r\n"),
        ("twice.run", "q1 Q0 a 1 1 r\nq1 Q0 a 2 0.5 r\n"),
      ] {
        try TestFiles.write(text, to: "\(bench.folder)/\(name)")
      }
      let placed = command.split(separator: " ").map { word in
        word.hasSuffix(".run") || word.hasSuffix(".qrels")
          ? "\(bench.folder)/\(word)" : String(word)
      }.joined(separator: " ")
      let outcome = await bench.run(placed)
      let said = outcome.notes.replacing(bench.folder + "/", with: "")
      #expect(outcome.code == code, "\(said)")
      #expect(said.contains(message), "\(said)")
      #expect(outcome.output.isEmpty)
    }
  }

  @Test func `spaces are asked, and a rule says what is relevant`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      try TestFiles.write(
        "id,like,wanted,when\nq1,a,b,old\nq2,b,b,new\nc,c,a,new\n", to: bench.folder + "/q.csv")
      let asked = "--queries \(bench.folder)/q.csv"
      let found = await bench.succeed(
        "set mode csv ; eval c@base \(asked) --relevant-if 'id = :wanted' --metric recall@10,judged@2 "
          + "--by when")
      let rows = found.output.csv
      #expect(rows[0].prefix(4) == ["system", "when", "metric", "value"])
      #expect(rows.count == 1 + 3 * 2)
      // Of q2 the relevant item is the question itself, which leaves both sides.
      #expect(isNear(Double(rows[1][3]), 2 / 3.0) && rows[1][1] == "all questions")
      #expect(rows[2][3] == "1.0", "a rule judges every item")
      #expect(rows[3][1] == "new" && rows[3][3] == "0.5" && rows[3][4].isEmpty)
      #expect(found.notes.contains("3 hits left out: the question itself"))
      #expect(found.notes.contains("not tested: new, old"))
      let kept = await bench.rows(
        "query c --queries \(bench.folder)/q.csv --top 10 | eval --relevant-if 'id = :wanted' "
          + "--metric recall@10 --keep-self")
      #expect(kept.first?.split(separator: ",")[2] == "1.0")
      let refused = await bench.run(
        "eval c@base \(asked) --relevant-if 'id = :wantet' --metric recall@10")
      #expect(refused.code == 1 && refused.notes.contains("did you mean 'wanted'?"))
      let field = await bench.run("eval c@base \(asked) --relevant-if 'idd = :wanted'")
      #expect(field.notes.contains("unknown field 'idd' in --relevant-if"))
      // A script is refused before its first line runs.
      let script = await bench.run(
        "let x = 1 ; q = query c --queries \(bench.folder)/q.csv ; eval q --relevant-if 'idd = :wanted'"
      )
      #expect(script.code == 2 && script.notes.contains("unknown field 'idd' in --relevant-if"))
      #expect(script.output.isEmpty)
      let none = await bench.run("eval c@base --relevant-if 'id = :wanted'")
      #expect(none.code == 2 && none.notes.contains("--queries FILE says what to ask it"))
    }
  }

  @Test func `an audit draws at random among what a condition lets through`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let (all, some) = (
        await bench.rows(
          "query c --each ok | eval --relevant-if 'ok = :ok' --metric success@1 --audit"),
        await bench.rows(
          "query c --each ok --where ok | eval --relevant-if 'ok = :ok' --metric success@1 --audit")
      )
      #expect(all.contains { $0.contains("orders all 3 items at random") }, "\(all)")
      // Each question has one other item, which is right.
      let random = "random,,success@1,1.0,,,look,a system that orders all 2 items at random"
      #expect(some.contains { $0.hasPrefix(random) }, "\(some)")
    }
  }

  @Test func `an audit is a table of its own, and the evaluation stays`() async throws {
    try await inFolder { bench in
      let judged = "--qrels \(bench.folder)/j.qrels --metric ap"
      let outcome = await bench.succeed(
        "set mode csv ; au = eval \(bench.folder)/r.run \(judged) --audit")
      #expect(outcome.output.hasPrefix("check,system,metric,value,other,count,finding,meaning\n"))
      #expect(
        outcome.notes.hasPrefix("look at: ceiling, ties, empty, unanswered, unjudged, judged"))
      #expect(await bench.rows("explain au q2").count == 2)
      let both = await bench.run("eval \(bench.folder)/r.run \(judged) --audit --per-query")
      #expect(both.code == 2 && both.notes.contains("tables of their own"))
    }
  }

  @Test func `judgements and answers are exported as they counted`() async throws {
    try await inFolder { bench in
      let out = bench.folder + "/out.qrels"
      let outcome = await bench.succeed(
        "ev = eval \(bench.folder)/r.run --qrels \(bench.folder)/j.qrels ; export ev --to \(out) ; "
          + "export ev --to \(bench.folder)/out.run")
      #expect(TestFiles.text(of: out) == Self.qrels)
      #expect(outcome.notes.contains("wrote 9 judgements to"))
      #expect(TestFiles.exists(out + "-metadata.json") && !TestFiles.exists(out + ".ids.csv"))
      #expect(TestFiles.text(of: bench.folder + "/out.run")?.contains("q1 Q0 c 1 0.9 ev\n") == true)
      let again = await bench.run("export ev --to \(out)")
      #expect(again.code == 1 && again.notes.contains("--replace"))
      let none = await bench.run("list models ; export _ --to \(bench.folder)/x.qrels")
      #expect(none.code == 1 && none.notes.contains("has no judgements"))
    }
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      try TestFiles.write("id,like,wanted\nq 1,a,b\nq2,b,zz\n", to: bench.folder + "/q.csv")
      let outcome = await bench.succeed(
        "ev = eval c@base --queries \(bench.folder)/q.csv --relevant-if 'id = :wanted' ; "
          + "export ev --to \(bench.folder)/q.qrels")
      let lines = try TestFiles.lines(of: bench.folder + "/q.qrels")
      // A question without a relevant item has a line all the same.
      #expect(lines.count == 2 && lines[0] == "q!201 0 b 1" && lines[1].hasSuffix(" 0"))
      #expect(
        TestFiles.text(of: bench.folder + "/q.qrels.ids.csv") == "id,original\nq!201,q 1\n")
      #expect(outcome.notes.contains("bpref and judged@k"))
    }
  }

  @Test func `every metric has a page, and there is one about statistics`() async throws {
    try await Bench.inNewFolder { bench in
      for name in ["ndcg", "recall@P90", "map@10", "ap", "ndcg@10", "micro-ap", "Success"] {
        let page = await bench.succeed("help \(name)")
        for heading in ["formula", "range", "judging it", "source", "example"] {
          #expect(page.output.contains(heading), "\(name): \(page.output)")
        }
      }
      // The name of a verb, too: its page leads to the metric.
      #expect(await bench.succeed("help map").output.contains("'help ap'"))
      let list = await bench.succeed("help metrics")
      #expect(list.output.contains("ndcg[@k]") && list.output.contains("recall@P90"))
      #expect(await bench.succeed("help statistics").output.contains("p_holm"))
      #expect(await bench.succeed("help topics").output.contains("help metrics"))
    }
  }
}

extension String {
  /// The cells of a table in CSV without quotes.
  var csv: [[String]] {
    split(separator: "\n").map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }
}
