import CommandLanguage
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// create, drop, list, describe, load, unload, use, set, reset.
@MainActor
@Suite struct ObjectCommandTests {
  @Test(arguments: [
    ("drop collection x --yes", 2, "there is no collection 'x'"),
    ("drop space c", 2, "'drop space' takes COLLECTION@SPACE; got 'c'"),
    ("drop collection c", 2, "'drop' needs --yes where it cannot ask"),
    ("load c@other", 2, "'c' has no space 'other'"),
    ("use d", 2, "there is no collection 'd'"),
    ("describe cc", 1, "there is no collection 'cc'"),
    ("list nothing", 2, "'list' takes"),
    ("create collection 9x", 2, "'9x'"),
    ("set mode cvs", 2, "did you mean 'csv'?"),
    ("show settings --rows 0", 2, "'rows' takes a whole number"),
    ("history 5..3", 2, "'history' takes a range such as 3..24; got '5..3'"),
    ("help qurey", 2, "did you mean 'query'?"),
  ])
  func `refusals name the thing and the rule`(
    command: String, code: Int32, message: String
  ) async throws {
    try await Bench.inNewFolder { bench in
      await bench.succeed("create collection c")
      let outcome = await bench.run(command)
      #expect(outcome.code == code)
      #expect(outcome.notes.contains(message), "\(outcome.notes)")
      #expect(await bench.rows("list collections").count == 1)
    }
  }

  @Test func `a person is asked before something is dropped`() async throws {
    try await Bench.inNewFolder(isInteractive: true) { bench in
      await bench.succeed("create collection c")
      var questions: [String] = []
      bench.session.confirm = { question in
        questions.append(question)
        return questions.count > 1
      }
      let kept = await bench.type("drop collection c")
      #expect(kept.notes == "nothing was done\n", "a no is no error")
      let dropped = await bench.type("drop collection c")
      #expect(dropped.notes == "dropped collection 'c'\n")
      #expect(questions.first == "drop collection 'c' with 0 items and 0 spaces?")
    }
  }

  @Test func `collections, spaces, fields and models are listed`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      #expect(await bench.rows("list collections") == ["c,3,base,3072,0,Things"])
      await bench.succeed("load c")
      #expect(await bench.rows("list collections") == ["c,3,base,3072,3072,Things"])
      let unloaded = await bench.succeed("unload c ; unload c")
      #expect(unloaded.notes == "unloaded c@base\nc@base was not loaded\n")
      let spaces = await bench.rows("list spaces")
      #expect(spaces.count == 1 && spaces[0].hasPrefix("c@base,mini,mini,"))
      #expect(
        await bench.rows("list fields c") == [
          "year,integer,3,0,3,2019,2022", "price,real,2,1,2,1.5,9.25",
          "made,date,2,1,2,2019-05-01,2021-06-02", "ok,boolean,3,0,2,false,true",
          "caption,text,2,1,2,\"a mug, red\",a shoe",
        ])
      #expect(await bench.rows("list models").contains { $0.hasPrefix("mini,mini,") })
    }
  }

  @Test func `describing says where things came from`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let collection = await bench.rows("describe c").joined(separator: "\n")
      for fact in ["items,3", "made (date)", "ingest c ", "base: 3 of 3 embedded"] {
        #expect(collection.contains(fact), "\(collection)")
      }
      let space = await bench.rows("describe c@base").joined(separator: "\n")
      for fact in ["model,mini", "dimension,256", "vectors,3 of 3 items", "loaded,no"] {
        #expect(space.contains(fact), "\(space)")
      }
      let result = await bench.rows("r = query c --like a ; describe r").joined(separator: "\n")
      for fact in [
        "result,r", "rows,3", "command,query c --like a", "space,c@base: provider=mini; ",
      ] {
        #expect(result.contains(fact), "\(result)")
      }
    }
  }

  @Test func `settings of a workspace outlive the session`() async throws {
    try await withTemporaryDirectory { folder in
      let bench = try Bench(folder: folder)
      await bench.succeed("set show.precision 2 --workspace ; set show.rows 7")
      #expect(await bench.rows("show settings").contains { $0.hasPrefix("show.rows,7,session,") })
      #expect(try bench.session.workspace.setting(named: "show.precision") == "2")
      await bench.succeed("reset show.precision --workspace ; reset all")
      #expect(try bench.session.workspace.setting(named: "show.precision") == nil)
      #expect(bench.session.settings[.showRows] == 20)
      bench.session.workspace.close()
    }
  }

  @Test func `help explains every verb`() async throws {
    try await Bench.inNewFolder { bench in
      let overview = await bench.succeed("help").output
      for command in CommandRegistry.all {
        #expect(overview.contains(command.signature.verb))
        let page = await bench.succeed("help \(command.signature.verb)").output
        #expect(page.contains(command.signature.summary))
        for option in command.signature.options { #expect(page.contains("--\(option.name)")) }
      }
    }
  }
}
