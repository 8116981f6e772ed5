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
      let outcome = await bench.run(
        "create collection c\ncreate collection c\ncreate collection d\n")
      #expect(outcome.code == 1)
      #expect(outcome.notes.contains("test:2:19"), "\(outcome.notes)")
      #expect(await bench.rows("list collections").count == 1)
    }
  }

  @Test func `exit code 2 promises that nothing ran`() async throws {
    try await Bench.inNewFolder { bench in
      #expect(await bench.run("drop collection c").code == 1)
      #expect(await bench.run("create collection c ; drop collection c").code == 1)
      #expect(await bench.run("drop collection c").code == 2)
    }
  }

  @Test func `variables stand where they are used, quoted or not`() async throws {
    try await Bench.inNewFolder { bench in
      await bench.succeed(
        "let name = photos\nlet text = \"two words\"\ncreate collection ${name}_1 --desc \"$text!\""
      )
      #expect(await bench.rows("list collections") == ["photos_1,0,\"\",0,0,two words!"])
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
      #expect(missing.code == 1 && missing.notes.contains("did you mean 'all'?"))
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
      #expect(lenient.code == 0 && lenient.notes.contains("warning: 1 files or rows were left out"))
      let strict = await bench.run("set strict on ; \(ingest)")
      #expect(strict.code == 1 && strict.notes.contains("error: 1 files or rows were left out"))
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
      #expect(dry == ["3,create collection $name"])

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
}
