import ParallaxCore
import ParallaxEvaluation
import ParallaxTestSupport
import ParallaxWorkbench
import Testing

@testable import ParallaxCommands

/// Runs as files, and words that stand for systems.
@MainActor @Suite struct RunFileTests {
  /// Pictures whose ids have blanks, and a run of two questions.
  private func prepare(_ bench: Bench) async throws -> String {
    try bench.pictures(["a b.jpg": "mug-001", "c.jpg": "shoe-001"])
    try TestFiles.write(
      "id,text,image\nq 1,a mug,\nq2,,in/c.jpg\nq3,rain,\n", to: bench.folder + "/q.csv")
    await bench.succeed(
      "create collection p ; ingest p \(bench.folder)/in ; embed p --as base --model mini ; "
        + "q = query p@base --queries \(bench.folder)/q.csv --min-score 0.3")
    return "\(bench.folder)/q.csv"
  }

  @Test func `a run is written in TREC's form and read back as it was`() async throws {
    try await Bench.inNewFolder { bench in
      let questions = try await prepare(bench)
      let path = bench.folder + "/q.run"
      let wrote = await bench.succeed("export q --to \(path)")
      #expect(wrote.notes.contains("wrote ") && wrote.notes.contains("'\(path).ids.csv'"))
      #expect(wrote.notes.contains("1 id has characters") || wrote.notes.contains("2 ids have"))
      let lines = (TestFiles.text(of: path) ?? "").split(separator: "\n")
      #expect(lines.contains { $0.hasPrefix("q!201 Q0 a!20b ") && $0.hasSuffix(" q") }, "\(lines)")
      #expect(lines.contains { $0.hasPrefix("q2 Q0 c 1 1.0 q") }, "\(lines)")
      let ids = TestFiles.text(of: path + ".ids.csv") ?? ""
      #expect(ids.hasPrefix("id,item,path\na!20b,a b,"), "\(ids)")
      #expect(ids.contains("/in/a b.jpg\n"))
      let side = TestFiles.text(of: path + "-metadata.json") ?? ""
      #expect(side.contains("\"format\": \"trec\"") && side.contains("\"rows\": \(lines.count)"))
      #expect(side.contains("\"input \(questions)\""), "\(side)")

      let before = await bench.rows("show q")
      let read = await bench.rows("r = import-run \(path) --collection p --queries \(questions)")
      #expect(read == before)
      let facts = await bench.rows("describe r").joined(separator: "\n")
      #expect(facts.contains("hits that are the question,1"), "\(facts)")
      #expect(facts.contains("input,\(path): ") || facts.contains("input,\"\(path): "), "\(facts)")
      #expect(await bench.rows("import-run \(path) --columns query,rank").count == before.count)
      let again = await bench.run("export q --to \(path)")
      #expect(again.code == 1 && again.notes.contains("exists"))
    }
  }

  @Test func `what is odd about a run from elsewhere is said`() async throws {
    try await Bench.inNewFolder { bench in
      let questions = try await prepare(bench)
      try TestFiles.write(
        "{\"q2\": {\"c\": 0.5, \"x\": 2}, \"q9\": {\"y\": 1}}", to: bench.folder + "/r.json")
      let outcome = await bench.succeed(
        "import-run \(bench.folder)/r.json --collection p --queries \(questions)")
      for said in [
        "ranks 2 items that are not in 'p', such as 'x'",
        "answers 1 question that is not in '\(questions)', such as 'q9'",
        "does not answer 2 questions of '\(questions)', such as 'q 1'", "2 questions",
      ] { #expect(outcome.notes.contains(said), "\(outcome.notes)") }
      try TestFiles.write("q1 Q0 a 1 nan r\n", to: bench.folder + "/bad.run")
      let bad = await bench.run("import-run \(bench.folder)/bad.run")
      #expect(bad.code == 1 && bad.notes.contains("bad.run', line 1: a score is a finite number"))
    }
  }

  @Test(arguments: [
    ("export red --to red.run", "'red' is no run, which '.run' and '.trec' are endings of"),
    ("export q --to q.trec --columns id", "TREC's form has columns of its own; got 'id'"),
    ("export q --to q.run --csv-safe", "the format of 'q.run' is TREC's form"),
    ("import-run none.run", "cannot read 'none.run'"),
  ])
  func `what cannot be a run is refused`(line: String, message: String) async throws {
    try await Bench.inNewFolder { bench in
      _ = try await prepare(bench)
      await bench.succeed("red = query p@base --text red")
      let outcome = await bench.run(line)
      #expect(outcome.code != 0 && outcome.notes.contains(message), "\(outcome.notes)")
    }
  }

  @Test func `a result may begin a pipeline`() async throws {
    try await Bench.inNewFolder(isInteractive: true) { bench in
      _ = try await prepare(bench)
      let rows = await bench.rows("filter q --top 1")
      #expect(await bench.rows("q | filter --top 1") == rows)
      #expect(await bench.rows("_ | filter --top 1") == rows)
      _ = await bench.type("set mode csv")
      let typed = await bench.type("f = q | filter --top 1")
      #expect(typed.output.split(separator: "\n").dropFirst().map(String.init) == rows)
      #expect(
        bench.session.result(named: "f")?.provenance.command.hasSuffix("| filter --top 1") == true)
      let unknown = await bench.run("nobody | filter --top 1")
      #expect(unknown.code == 2 && unknown.notes.contains("unknown command 'nobody'"))
    }
  }

  @Test func `words stand for runs, spaces and files`() async throws {
    try await Bench.inNewFolder { bench in
      let file = try await prepare(bench)
      await bench.succeed("red = query p@base --text red ; export q --to \(bench.folder)/q.run")
      var resolver = SystemResolver(bench.session)
      func run(_ word: String) async throws -> SystemRun {
        try await resolver.run(SystemReference(word)) { _ in }
      }
      func failure(_ word: String) async -> ParallaxError? {
        do {
          _ = try await run(word)
          return nil
        } catch { return error as? ParallaxError }
      }
      let made = try await run("q")
      #expect(made.name == "q" && made.questions?.questions.count == 3)
      let path = bench.folder + "/q.run"
      let read = try await run(path)
      #expect(read.name == path && read.run.lists == made.run.lists.filter { !$0.value.isEmpty })
      #expect(await failure("red")?.message == "'red' is a result, but not a run")
      #expect(await failure("p@base")?.message.contains("--queries FILE says what") == true)
      #expect(await failure("nobody")?.message == "there is no run, space or collection 'nobody'")
      #expect(await failure("p@no")?.message == "'p' has no space 'no'")

      resolver.questions = try await QuestionSet.reading(file) { _ in }
      resolver.template.top = 1
      let asked = try await run("p")
      #expect(asked.name == "p" && asked.lists.map(\.hits.count) == [1, 2, 1])
    }
  }
}
