import ParallaxCore
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// `judge --to`, `judgements`, and what `eval` makes of them.
@MainActor @Suite struct JudgeCommandTests {
  /// Two systems over a, b and c: they agree on q2, and on nothing of q1.
  static let one = "q1 Q0 a 1 3 s\nq1 Q0 b 2 2 s\nq2 Q0 c 1 3 s\n"
  static let other = "q1 Q0 c 1 3 s\nq1 Q0 b 2 2 s\nq2 Q0 c 1 3 s\n"
  static let judge = "judge one other --to g"

  func inFolder(
    isInteractive: Bool = false, _ body: (Bench) async throws -> Void
  ) async throws {
    try await Bench.inNewFolder(isInteractive: isInteractive) { bench in
      try await bench.prepare()
      try TestFiles.write(Self.one, to: bench.folder + "/one.run")
      try TestFiles.write(Self.other, to: bench.folder + "/other.run")
      try TestFiles.write(
        "id,text\nq1,a red mug\nq2,\"bricks\u{1B}[2J\"\n", to: bench.folder + "/q.csv")
      for name in ["one", "other"] {
        await bench.succeed(
          "\(name) = import-run \(bench.folder)/\(name).run --collection c "
            + "--queries \(bench.folder)/q.csv")
      }
      try await body(bench)
    }
  }

  /// Whoever is asked at the prompt gives these answers, and then has had enough.
  @discardableResult
  func answer(_ answers: [String], _ bench: Bench) -> () -> [String] {
    var (asked, left) = ([String](), answers[...])
    bench.session.ask = { question in
      asked.append(question)
      return left.popFirst()
    }
    return { asked }
  }

  /// The same by the standard input.
  func pipe(_ answers: [String], _ bench: Bench) {
    var left = answers[...]
    bench.session.answers = AnswerLines(isTerminal: false) { left.popFirst() }
  }

  func grades(_ bench: Bench, _ set: String = "g") async -> [String] {
    await bench.rows("judgements \(set) | show --columns query,id,grade,judges,rule")
  }

  @Test func `each grade is kept at once, can be taken back, and is not asked for again`()
    async throws
  {
    try await inFolder { bench in
      let asked = answer(["9", "3", "u", "u", "1", "s", "q"], bench)
      var counts: [Int] = []
      let ask = try #require(bench.session.ask)
      bench.session.ask = { question in
        let set = try? bench.session.workspace.judgementSet(named: "g")
        counts.append(set.map { (try? bench.session.workspace.grades(in: $0).count) ?? -1 } ?? 0)
        return ask(question)
      }
      let first = await bench.succeed(Self.judge)
      #expect(counts == [0, 0, 1, 0, 0, 1, 1])
      #expect(asked()[0] == "1 of 4 · how well does it answer? [0-3/s/u/q] ")
      for part in [
        "judging 'g' as 'me' · 4 answers to 2 questions · order of seed 1",
        "there is no grade to take back", "took the last grade back",
        "kept 1 grade in 'g': 1 of grade 1; 1 skipped; 2 answers left",
      ] { #expect(first.notes.contains(part), "\(part) in \(first.notes)") }
      // Nobody hears who found what.
      #expect(!first.notes.contains("one") && !first.notes.contains("rank"))
      answer(["2", "2", "2"], bench)
      let second = await bench.succeed(Self.judge)
      #expect(second.notes.contains("3 answers to 1 question · 1 judged before"))
      #expect(await grades(bench).count == 4)
      let none = answer([], bench)
      let done = await bench.succeed(Self.judge)
      #expect(none().isEmpty && done.notes.contains("'me' has judged all 4 answers"))
      // What is judged again and taken back is what it was.
      let before = await grades(bench)
      answer(["0", "u", "q"], bench)
      let again = await bench.succeed("\(Self.judge) --again --top 2")
      #expect(again.notes.contains("you said ") && again.notes.contains("beyond --top"))
      #expect(await grades(bench) == before)
    }
  }

  @Test func `answers come by the standard input, and a line that is none stops it`() async throws {
    try await inFolder { bench in
      pipe(["3", "", " 2 ", "maybe", "1"], bench)
      let wrong = await bench.run(Self.judge)
      #expect(wrong.code == 1 && wrong.notes.contains("line 4 of the standard input is no answer"))
      #expect(await grades(bench).count == 2)
      pipe(["1"], bench)
      let rest = await bench.succeed(Self.judge)
      #expect(rest.notes.contains("kept 1 grade in 'g': 1 of grade 1; 1 answer left"))
      pipe([], bench)
      let nobody = await bench.run(Self.judge)
      #expect(nobody.code == 2 && nobody.notes.contains("there is nobody to answer"))
      bench.session.answers = nil
      #expect(await bench.run("drop collection c --yes ; \(Self.judge)").code == 2)
      let collections = try bench.session.workspace.collections()
      #expect(collections.count == 1)
    }
  }

  @Test func `what the systems disagree on comes first, whatever they are called`() async throws {
    try await inFolder { bench in
      pipe(["0", "0", "0", "0"], bench)
      let outcome = await bench.succeed("judge other one --to h --pool 1")
      // b is second with both, and beyond a pool of one.
      #expect(outcome.notes.contains("3 answers to 2 questions"))
      for (line, words) in [
        ("judge one other", "--to NAME says where"), ("judge one --pool 3", "goes with --to NAME"),
        ("judge one one --to g", "named twice"), ("judge one --to g.qrels", "without a dot"),
        ("judge one --to g --margin 1", "near-duplicates"), ("judge c@base --to g", "--queries"),
        ("judge one --to g --by ' '", "1 to 100"),
        ("judge one --to g --by gemini-judge", "is a reranker"),
        ("judge one --to g --instruction x", "--model"),
        ("judge one --to g --model mini-cross --by a", "names a person"),
        ("judge \(bench.folder)/one.run --to g", "of which collection"),
        ("judge one", "--to NAME' grades its answers"),
      ] {
        answer([], bench)
        let refused = await bench.run(line)
        #expect(refused.code != 0 && refused.notes.contains(words), "\(line): \(refused.notes)")
      }
      let dry = await bench.succeed("judge one other --to k --dry-run")
      #expect(dry.notes.contains("nothing was asked"))
      let set = try bench.session.workspace.judgementSet(named: "k")
      #expect(set == nil)
    }
  }

  @Test func `a question means the same for as long as it is judged`() async throws {
    try await inFolder { bench in
      pipe(["3", "3", "3", "3"], bench)
      await bench.succeed(Self.judge)
      try TestFiles.write("id,text\nq1,a blue mug\nq2,x\n", to: bench.folder + "/p.csv")
      await bench.succeed(
        "blue = import-run \(bench.folder)/one.run --collection c --queries \(bench.folder)/p.csv")
      pipe(["3"], bench)
      for line in ["judge blue --to g", "judge blue one --to new"] {
        let refused = await bench.run(line)
        #expect(refused.code == 1 && refused.notes.contains("\"a blue mug\""), "\(refused.notes)")
      }
      let hostile = await bench.succeed("judgements g")
      #expect(!(hostile.output + hostile.notes).contains("\u{1B}"))
    }
  }

  @Test func `a picture that changes loses its grade, which is said`() async throws {
    try await inFolder { bench in
      pipe(["3", "3", "3", "3"], bench)
      await bench.succeed(Self.judge)
      try TestFiles.copy(
        "\(Bench.tiles)/images/lamp-001.jpg", to: "\(bench.folder)/in/b.jpg")
      await bench.succeed("sync c")
      let left = await bench.succeed("judgements g")
      #expect(left.notes.contains("1 grade of 'g' is left out: the picture is another one now"))
      #expect(await bench.run("eval one --qrels g ; set strict on").code == 0)
      #expect(await bench.run("set strict on ; eval one --qrels g").code == 1)
      await bench.succeed("set strict off")
      pipe(["2"], bench)
      #expect(await bench.succeed(Self.judge).notes.contains("1 answer to 1 question"))
      #expect(await grades(bench).contains("q1,b,2,1,one"))
    }
  }

  @Test func `kept judgements are taken by name, and go to a file of TREC's form`() async throws {
    try await inFolder { bench in
      pipe(["3", "0", "2", "1"], bench)
      await bench.succeed(Self.judge)
      let file = "\(bench.folder)/g.qrels"
      await bench.succeed("judgements g | export --to \(file)")
      let lines = try #require(TestFiles.text(of: file))
      #expect(lines.split(separator: "\n").count == 4 && lines.contains("q2 0 c "))
      let metrics = "--metric ndcg@10,judged@2"
      let byName = await bench.succeed("ev = eval one other --qrels g \(metrics)")
      let byFile = await bench.succeed("eval one other --qrels \(file) \(metrics)")
      #expect(byName.output == byFile.output)
      #expect(byName.notes.contains("'g': 4 grades for 2 questions"))
      #expect(await bench.rows("describe ev").contains { $0.hasPrefix("input,judgements 'g': ") })
      #expect(await bench.run("eval one --qrels g:ben").notes.contains("nobody called 'ben'"))
      #expect(await bench.run("eval one --qrels nothing").code == 2)
      // A script may use what it makes.
      pipe(["3"], bench)
      await bench.succeed("judge one --to made ; eval one --qrels made")
      let gone = await bench.succeed("drop judgements g:me --yes ; drop judgements made --yes")
      #expect(gone.notes.contains("dropped what 'me' said in 'g': 4 grades"))
      #expect(await bench.run("drop judgements made --yes").code == 2)
      #expect(await bench.run("eval one --qrels g").notes.contains("holds no grade yet"))
    }
  }

  @Test func `several judges: what counts, how far they agree, and what is settled`() async throws {
    try await inFolder(isInteractive: true) { bench in
      for (name, given) in [("anna", ["3", "3", "3", "3"]), ("ben", ["0", "3", "2", "3"])] {
        answer(given, bench)
        _ = await bench.type("\(Self.judge) --by \(name)")
      }
      bench.session.ask = nil
      let sets = await bench.rows("judgements")
      #expect(
        sets.map { $0.split(separator: ",").prefix(10).joined(separator: ",") } == [
          "g,c,anna,person,2,4,0,0,0,4", "g,c,ben,person,2,4,1,0,1,2",
        ])
      let counted = await grades(bench)
      #expect(counted.count { $0.hasSuffix(",0,2,median") } == 1)
      #expect(counted.count { $0.hasSuffix(",2,2,median") } == 1)
      let agreement = await bench.rows("judgements g --agreement")
      #expect(agreement[0].hasPrefix("anna,ben,same,0.5,") && agreement[0].hasSuffix(",4,2"))
      #expect(agreement.count == 3)
      let apart = await bench.rows("d = judgements g --disagreements")
      #expect(apart.count == 2 && apart[0].hasSuffix(",3,,\"anna 3, ben 0\""), "\(apart)")

      answer(["2", "q"], bench)
      let settled = await bench.type("judge d")
      #expect(settled.notes.contains("settling 'g' as 'me' · 2 answers"), "\(settled.notes)")
      #expect(settled.notes.contains("anna 3, ben 0"))
      #expect(settled.notes.contains("settled 1 answer in 'g': 1 of grade 2; 1 answer left"))
      bench.session.ask = nil
      #expect(await bench.rows("judgements g --disagreements").count == 1)
      #expect(await grades(bench).count { $0.hasSuffix(",2,2,settled") } == 1)
      // What one said stays what it was.
      #expect(await bench.rows("judgements g --agreement") == agreement)
      let evaluated = await bench.succeed("eval one --qrels g")
      #expect(evaluated.notes.contains("1 settled, 1 the lower median of judges who disagree"))
      #expect(await bench.succeed("eval one --qrels g:anna").notes.contains("'g:anna': 4 grades"))
      answer([], bench)
      #expect(await bench.type("judge d --margin 1").notes.contains("not for what is settled"))
      _ = await bench.type("k = judgements g")
      #expect(await bench.type("judge k").notes.contains("--disagreements' gives"))
      for (line, words) in [
        ("judgements nothing", "no judgements called"), ("judgements --agreement", "name it"),
        ("judgements g:anna --agreement", "between judges"),
        ("judgements g --agreement --disagreements", "one of them"),
        ("export d --to \(bench.folder)/d.qrels", "has no judgements"),
      ] {
        let refused = await bench.run(line)
        #expect(refused.code != 0 && refused.notes.contains(words), "\(line): \(refused.notes)")
      }
    }
  }
}
