import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// `query --queries`, and what takes its result.
@MainActor @Suite struct RunCommandTests {
  private static let ask = "query c@base --queries"

  private func write(_ text: String, _ bench: Bench, _ name: String = "q.csv") throws -> String {
    try TestFiles.write(text, to: "\(bench.folder)/\(name)")
    return "\(bench.folder)/\(name)"
  }

  private func prepare(_ bench: Bench) async throws -> String {
    try await bench.prepare()
    return try write(
      "id,text,image,like,weight_image,city\nx,a red mug,,,,Rome\ny,,in/b.jpg,,,\n"
        + "z,red,in/a.jpg,c,-0.5,Paris\n", bench)
  }

  @Test func `a run has the rows of its questions`() async throws {
    try await Bench.inNewFolder { bench in
      let file = try await prepare(bench)
      let rows = await bench.rows("\(Self.ask) \(file) --top 2")
      let alone = [
        "--text 'a red mug'", "--image \(bench.folder)/in/b.jpg",
        "--text red --image \(bench.folder)/in/a.jpg^-0.5 --like c",
      ]
      var expected: [String] = []
      for (id, terms) in zip(["x", "y", "z"], alone) {
        expected += await bench.rows("query c@base \(terms) --top 2 --columns rank,id,score")
          .map { "\(id),\($0)" }
      }
      #expect(rows == expected)
      let columns = await bench.rows(
        "\(Self.ask) \(file) --top 1 --columns query.text,id,year,query.city")
      #expect(columns.map { $0.split(separator: ",").count } == [4, 2, 4] || columns.count == 3)
      #expect(columns[0].hasPrefix("a red mug,") && columns[0].hasSuffix(",Rome"))
      let outcome = await bench.succeed("\(Self.ask) \(file) --top 2 --exclude-self")
      #expect(outcome.notes.contains("3 questions to 3 images · "), "\(outcome.notes)")
    }
  }

  @Test func `what takes a result takes a run`() async throws {
    try await Bench.inNewFolder { bench in
      let file = try await prepare(bench)
      let shown = await bench.succeed("r = \(Self.ask) \(file) ; show r --rows 4")
      #expect(
        shown.notes.contains("1 hit is the question itself") || shown.notes.contains("hits are"))
      #expect(await bench.rows("filter r --top 1").count == 3)
      let kept = await bench.rows("f = filter r --where \"year < 2020\"")
      #expect(kept.count == 3 && kept.allSatisfy { $0.contains(",a,") }, "\(kept)")
      #expect(await bench.rows("filter r --min-score 0.999") == ["y,1,b,1.0"])
      let terms = await bench.rows("explain r z")
      #expect(terms.count == 9 && terms[0].contains("\"text \"\"red\"\"\""), "\(terms)")
      #expect(await bench.rows("explain f z").count == 3)
      let facts = await bench.rows("describe f").joined(separator: "\n")
      for fact in [
        "questions,3", "filter r --where", "2 images asked by", "input,", "search,exact",
      ] {
        #expect(facts.contains(fact), "\(facts)")
      }
      let unknown = await bench.run("explain r w")
      #expect(unknown.notes.contains("the run has no answer to a question 'w'"))
      let none = await bench.run("explain r")
      #expect(
        none.notes.contains("needs the id of a question") && none.notes.contains("explain r x"))
    }
  }

  @Test(arguments: [
    ("id,text\na,x\na,y\n", "q.csv', line 3: the id 'a' is that of line 2, too"),
    ("id,image\na,no.jpg\n", "q.csv', line 2: cannot read "),
    ("id,image\na,in\n", "q.csv', line 2: cannot read "),
    ("id,like\na,c\nb,d\n", "q.csv', line 3: no item 'd' in 'c'"),
    ("id,text,weight_text\na,x,0\n", "q.csv', line 2: every weight of the query is 0"),
  ])
  func `a mistake in the file is refused with its line`(
    text: String, message: String
  ) async throws {
    try await Bench.inNewFolder { bench in
      _ = try await prepare(bench)
      let file = try write(text, bench)
      let outcome = await bench.run("\(Self.ask) \(file)")
      #expect(outcome.code == 1 && outcome.notes.contains(message), "\(outcome.notes)")
      #expect(outcome.output.isEmpty)
    }
  }

  @Test(arguments: [
    ("--text x", "--queries brings what is looked for; --text cannot be combined with it"),
    ("--not-like x", "--queries brings what is looked for; --not-like cannot be combined with it"),
    ("--dims 32,64", "--queries takes one dimension; got 2"),
    ("--codes int8 --mmr 0.5 --dims 32", "--dims compares every row of one space"),
    ("--columns query.town", "unknown column 'query.town' for a run"),
    ("--columns town", "unknown column 'town' for 'c'"),
    ("--fuse joint", "q.csv', line 2: --fuse joint takes one --text and one --image"),
  ])
  func `what does not go together is refused`(options: String, message: String) async throws {
    try await Bench.inNewFolder { bench in
      let file = try await prepare(bench)
      let outcome = await bench.run("\(Self.ask) \(file) \(options)")
      #expect(outcome.code != 0 && outcome.notes.contains(message), "\(outcome.notes)")
    }
  }

  @Test func `a remote model is asked once for each text, within the budget`() async throws {
    try await Bench.withService { bench, service in
      await bench.succeed("embed c --as o --model openai:test --dim 4 --content text")
      #expect(service.items == 2)
      // 15,000 tokens at 2.00 a million.
      let long = String(repeating: "word ", count: 12_000)
      let texts = ["shoe", "mug", "shoe", "\(VectorService.refused)", long]
      let file = try write(
        "id,text\n" + texts.enumerated().map { "q\($0),\($1)\n" }.joined(), bench)
      let ask = "query c@o --queries \(file) --top 1"
      let dry = await bench.rows("\(ask) --dry-run")
      for fact in ["questions,5", "different texts,4", "kept replies,0", "\"requests, about\",1"] {
        #expect(dry.contains(fact), "\(dry)")
      }
      #expect(service.items == 2)
      let poor = await bench.run("set budget 0.01 ; \(ask)")
      #expect(poor.code == 4 && poor.notes.contains("nothing was asked for"), "\(poor.notes)")
      #expect(service.items == 2)

      let done = await bench.succeed("set budget 1 ; \(ask)")
      #expect(service.items == 5)
      let warning = "warning: question 'q3' ('\(file)', line 5) has no answer: "
      #expect(done.notes.contains(warning) && done.notes.contains("1 unanswered"), "\(done.notes)")
      #expect(await bench.rows(ask).map { String($0.prefix(3)) } == ["q0,", "q1,", "q2,", "q4,"])
      #expect(service.items == 5)
      #expect(await bench.rows("\(ask) --dry-run").contains("kept replies,3"))
      #expect(await bench.run("set strict on ; \(ask)").code == 1)
      let only = try write("id,text\na,\(VectorService.refused)\n", bench, "only.csv")
      let failed = await bench.run("query c@o --queries \(only)")
      #expect(failed.code != 0 && failed.notes.contains("only.csv', line 2: "), "\(failed.notes)")
    }
  }
}
