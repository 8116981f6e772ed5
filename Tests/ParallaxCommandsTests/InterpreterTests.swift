import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

@MainActor
@Suite struct InterpreterTests {
  @Test func `a script is checked before its first line runs`() async throws {
    try await Bench.inNewFolder { bench in
      let outcome = await bench.run("create collection c\nlist $nothing\n")
      #expect(outcome.code == 2)
      #expect(outcome.notes.contains("test:2:6"), "\(outcome.notes)")
      let condition = await bench.run("create collection c\nquery c --like a --where 'year >'\n")
      #expect(condition.code == 2)
      #expect(condition.notes.contains("expected a value after '>'"), "\(condition.notes)")
      #expect(await bench.rows("list collections").isEmpty)
    }
  }

  @Test func `a failing line ends the script and names its place`() async throws {
    try await Bench.inNewFolder { bench in
      let outcome = await bench.run("create collection c\nshow _\ncreate collection d\n")
      #expect(outcome.code == 1)
      #expect(outcome.notes.contains("test:2:6"), "\(outcome.notes)")
      #expect(await bench.rows("list collections").count == 1)
    }
  }

  @Test func `exit code 2 promises that nothing ran`() async throws {
    try await Bench.inNewFolder { bench in
      #expect(await bench.run("create collection c ; show _").code == 1)
      #expect(await bench.run("drop collection c").code == 2)
      #expect(await bench.run("create collection d ; drop collection c").code == 2)
      #expect(await bench.rows("list collections").count == 1)
    }
  }

  @Test func `variables stand where they are used, quoted or not`() async throws {
    try await Bench.inNewFolder { bench in
      await bench.succeed(
        "let name = photos\nlet text = \"two words\"\ncreate collection ${name}_1 --desc \"$text!\""
      )
      #expect(await bench.rows("list collections") == ["photos_1,0,,0,0,two words!"])
      #expect(await bench.rows("show variables") == ["$name,photos", "$text,two words"])
    }
  }

  @Test func `results are piped, named and kept`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      await bench.succeed("set mode csv\nall = query c --like a --top 3 | filter --top 2")
      #expect(await bench.rows("show all --columns rank,id").count == 2)
      #expect(await bench.rows("show _ --columns rank").count == 2)
      let list = await bench.rows("list results")
      #expect(list == ["all,2,query c --like a --top 3 | filter --top 2"])
      let missing = await bench.run("show al")
      #expect(missing.code == 2 && missing.notes.contains("did you mean 'all'?"))
    }
  }

  @Test func `collections and results share their names`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let result = await bench.run("c = query c --like a")
      #expect(result.code == 1 && result.notes.contains("a collection is called 'c' already"))
      await bench.succeed("r = query c --like a")
      let collection = await bench.run("create collection r")
      #expect(collection.code == 1 && collection.notes.contains("a result is called 'r' already"))
    }
  }

  @Test func `warnings are errors when strict`() async throws {
    try await Bench.inNewFolder { bench in
      try TestFiles.write("no picture", to: bench.folder + "/in/x.jpg")
      let ingest = "ingest c \(bench.folder)/in"
      let lenient = await bench.run("create collection c ; \(ingest)")
      #expect(
        lenient.code == 0
          && lenient.notes.contains("warning: an image cannot be read and was left out: 'x.jpg'"))
      let strict = await bench.run("set strict on ; \(ingest)")
      #expect(
        strict.code == 1
          && strict.notes.contains("error: an image cannot be read and was left out: 'x.jpg'"))
    }
  }

  @Test func `what 'use' chose fills in for a person, not for a script`() async throws {
    try await Bench.inNewFolder(isInteractive: true) { bench in
      try await bench.prepare()
      _ = await bench.type("set mode csv")
      _ = await bench.type("use c@base")
      let typed = await bench.type("query --like a --top 1 --columns id")
      #expect(typed.output == "id\na\n", "\(typed.notes)")
      let abbreviated = await bench.type("q")
      #expect(bench.session.wantsToQuit && abbreviated.code == 0)
      let script = await bench.run("query --like a")
      #expect(script.code == 2)
    }
  }

  @Test func `a verb with a question mark is explained`() async throws {
    try await Bench.inNewFolder(isInteractive: true) { bench in
      let asked = await bench.type("drop?")
      #expect(asked.code == 0)
      #expect(asked.output == (await bench.type("help drop")).output)
      #expect(await bench.type("dorp?").code == 2)
      #expect(await bench.run("drop?").code == 2)
    }
  }

  @Test func `a pager gets the whole text, and one that is not there says so`() async throws {
    try await withTemporaryDirectory { folder in
      let text = (1...500).map { "row \($0)\n" }.joined()
      #expect(Pager.show(text, with: "cat > '\(folder)/seen'") == nil)
      #expect(TestFiles.text(of: "\(folder)/seen") == text)
      let missing = "\(folder)/no-such-pager"
      #expect(
        Pager.show(text, with: "2>/dev/null \(missing)") == "'2>/dev/null \(missing)' cannot be run"
      )
    }
  }

  @Test func `error codes are shown when asked for`() async throws {
    try await Bench.inNewFolder { bench in
      let outcome = await bench.run("set error.codes on ; drop result x")
      #expect(outcome.notes.hasPrefix("error[unknown-name]: no result is called 'x'"))
    }
  }

  @Test func `scripts run scripts with variables of their own`() async throws {
    try await Bench.inNewFolder { bench in
      let script = bench.folder + "/inner.plx"
      try TestFiles.write("version 1\n# made here\ncreate collection $name\n", to: script)
      await bench.succeed("let name = outer ; run \(script) name=inner ; create collection $name")
      let names = await bench.rows("list collections").map { $0.prefix { $0 != "," } }
      #expect(names == ["inner", "outer"])
      let dry = await bench.rows("run \(script) name=x --dry-run")
      #expect(dry == ["3,create collection $name,0,0.0,"])

      try TestFiles.write("run \(script)\n", to: script)
      let endless = await bench.run("run \(script)")
      #expect(endless.code == 1 && endless.notes.contains("16 deep"))
    }
  }

  @Test func `the history of a session is a script`() async throws {
    try await Bench.inNewFolder(isInteractive: true) { bench in
      let path = bench.folder + "/saved.plx"
      _ = await bench.type("create collection c --desc 'a b'")
      _ = await bench.type("create collection c")
      _ = await bench.type("ls collections")
      _ = await bench.type("history --save \(path)")
      #expect(
        TestFiles.text(of: path)
          == "version 1\ncreate collection c --desc \"a b\"\nlist collections\n")
      let dry = await bench.type("run \(path) --dry-run")
      #expect(dry.code == 0, "\(dry.notes)")
    }
  }

  @Test func `what was left out by hand is written into the history`() async throws {
    try await Bench.inNewFolder(isInteractive: true) { bench in
      try await bench.prepare()
      let path = bench.folder + "/saved.plx"
      for line in [
        "list collections", "use c@base", "query --like a --top 2", "show", "best = query --like b",
        "explain", "_3",
        "filter best --top 1", "show _ --columns id", "use",
      ] {
        let outcome = await bench.type(line)
        #expect(outcome.code == 0, "\(line): \(outcome.notes)")
      }
      _ = await bench.type("history --save \(path) 2..10")
      #expect(
        TestFiles.text(of: path) == """
          version 1
          use c@base
          input_3 = query c@base --like a --top 2
          show input_3
          best = query c@base --like b
          explain best
          show input_3
          filter best --top 1
          show _ --columns id
          use

          """)
      let dry = await bench.type("run \(path) --dry-run")
      #expect(dry.code == 0, "\(dry.notes)")
      let again = await bench.run("run \(path)")
      #expect(again.code == 0, "\(again.notes)")
      let lost = await bench.type("history --save \(path) 4..6 --replace")
      #expect(lost.code != 0 && lost.notes.contains("reads '_3'"), "\(lost.notes)")
    }
  }

  @Test func `help knows topics, and values of options`() async throws {
    try await Bench.inNewFolder { bench in
      for topic in HelpTopic.all {
        let page = await bench.succeed("help \(topic.name)").output
        #expect(page.hasPrefix("\(topic.name): \(topic.summary)"), "\(page)")
        #expect(!page.split(separator: "\n").contains { $0.count > 100 }, "\(page)")
      }
      let conditions = await bench.succeed("help where").output
      for word in ["between", "is null", "item.width", "'O''Hara'"] {
        #expect(conditions.contains(word))
      }
      for setting in Setting.all {
        #expect(await bench.succeed("help settings").output.contains(setting.name))
      }
      #expect(await bench.succeed("help query").output.contains(": sum, rrf, joint (default: sum)"))
      #expect(await bench.succeed("help embed").output.contains("RETRIEVAL_DOCUMENT"))
      #expect(await bench.succeed("help cost").output.contains(": collection, model, day"))
      #expect(await bench.succeed("help").output.contains("help where"))
    }
  }

  @Test func `every warning makes a command fail when strict, and all are said`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      try TestFiles.write("no picture", to: bench.folder + "/in/x.jpg")
      let strict = await bench.run("set strict on ; ingest c \(bench.folder)/in")
      #expect(strict.code == 1, "\(strict.notes)")
      #expect(strict.notes.contains("error: "))
    }
  }

  @Test func `explaining goes through a filter, by the ranks that stay`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      await bench.succeed("r = query c --like a --like b^0.5 | filter --where \"year > 2020\"")
      let kept = await bench.rows("show r --columns rank,id")
      #expect(kept.count == 2 && !kept.contains { $0.hasSuffix(",a") })
      let rank = kept.last?.prefix { $0 != "," } ?? ""
      let rows = await bench.rows("explain r \(rank)")
      #expect(rows.count == 2 && rows.allSatisfy { $0.hasPrefix("\(kept.last ?? ""),") })
      let missing = await bench.run("explain r 9")
      #expect(missing.code == 1 && missing.notes.contains("a rank of this result is from"))
    }
  }

  @Test func `what a result means does not depend on its columns`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      await bench.succeed("r = query c --like a --like b^0.5 ; s = show r --columns caption")
      #expect(await bench.rows("explain s 1").first?.hasPrefix("1,a,like a,") == true)
      #expect(await bench.rows("filter s --min-score 0.999").isEmpty)
      #expect(await bench.rows("filter s --where \"year = 2021\"") == ["a shoe"])
      #expect(await bench.rows("filter s --where \"year > 2000\" --top 1 | explain").count == 2)
      #expect(await bench.rows("explain r | filter --where \"year = 2021\"").count == 2)
    }
  }

  @Test func `a result of several collections or dimensions is filtered, too`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      await bench.succeed(
        "create collection d ; ingest d \(bench.folder)/in --meta \(bench.folder)/meta.csv --key file"
          + " ; embed d")
      await bench.succeed("r = query c --like a --also d@base --columns rank,id")
      let both = await bench.rows(
        "filter r --where \"year = 2021\"")
      #expect(both.map { $0.prefix(1) } == ["c", "d"])
      #expect(await bench.rows("explain r").count == 6)
      let dimensions = await bench.rows(
        "query c --like a --dims 32,64 --columns rank,id | filter --where \"year = 2021\"")
      #expect(dimensions.count == 2 && dimensions.allSatisfy { $0.hasSuffix(",b") })
      let explained = await bench.run("query c --like a --dims 32 | explain")
      #expect(explained.code == 1 && explained.notes.contains("no scores that are sums"))
    }
  }

  @Test func `names that are none of a result's say what they are`() async throws {
    try await Bench.inNewFolder(isInteractive: true) { bench in
      try await bench.prepare()
      let collection = await bench.type("show c")
      #expect(
        collection.notes.contains(
          "'c' is a collection, not a result: 'query c@base …' gives one, and 'export c@base --to FILE' "
            + "writes"), "\(collection.notes)")
      for ending in ["parquet", "csv"] {
        let exported = await bench.run("export c --to \(bench.folder)/c.\(ending)")
        #expect(exported.code == 2 && exported.notes.contains("'export c@base --to FILE' writes"))
      }
      let kind = await bench.type("show collections")
      #expect(kind.notes.contains("'list collections' shows them"), "\(kind.notes)")
      let model = await bench.type("describe mini")
      #expect(model.notes.contains("describe model mini"), "\(model.notes)")
      #expect(await bench.type("?").output.contains("query"))
    }
  }
}
