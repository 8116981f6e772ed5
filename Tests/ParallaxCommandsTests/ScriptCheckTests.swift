import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// Mistakes that are found before the first line of a script runs, and what must not be taken for one.
@MainActor
@Suite struct ScriptCheckTests {
  @Test(arguments: [
    ("set shw.rows 5", "unknown setting 'shw.rows'"),
    ("set show.precision high", "'show.precision' takes a whole number"),
    ("let v = loud ; set strict $v", "'strict' takes 'on' or 'off'; got 'loud'"),
    ("reset stirct", "unknown setting 'stirct'"),
    ("show resutl", "unknown result 'resutl'"),
    ("query d@base --like a", "there is no collection 'd'"),
    ("query c@bsae --like a", "did you mean 'base'?"),
    ("use other", "there is no collection 'other'"),
    ("query c --like a --where \"prize > 3\"", "did you mean 'price'?"),
    ("query c --like a --where \"ok > 3\"", "'ok' holds true or false"),
    ("query c --like a --columns rank,captoin", "did you mean 'caption'?"),
    ("query c --image nowhere/x.jpg", "cannot read 'nowhere/x.jpg'"),
    ("query c", "'query' needs something to look for"),
    ("embed c --as two --model mnii", "did you mean 'mini'?"),
    ("help qeury", "did you mean 'query'?"),
    ("help wheer", "did you mean 'where'?"),
    ("drop space c@base", "'drop' needs --yes"),
    ("drop collection zz --yes", "there is no collection 'zz'"),
    ("drop collection c --yes ; query c --like a", "'c' is dropped before this line"),
    ("create collection c", "there is a collection 'c' already"),
    ("run gone.plx", "cannot read 'gone.plx'"),
    ("run x.plx a=1 a=2", "'a' is given twice"),
    ("ingest c nowhere", "cannot read 'nowhere'"),
    ("r = query c --like a ; export r --to r.docx", "'r.docx' is not that of a format"),
    ("history 9..2", "'history' takes a range"),
    ("cache export", "'cache export' needs a file"),
    ("cache info --to x", "'cache info' takes no --to"),
    ("cache prune", "'cache' needs --yes"),
    ("list results c", "'list results' takes no collection"),
    ("index c@base --drop --m 8", "--m cannot be combined with it"),
    ("query c --like a --exact --ef 9", "--ef cannot be combined with it"),
    ("query c --like a --oversample 3", "--oversample goes with --codes"),
    ("query c --like a --dims 64 --mmr 0.5", "--mmr cannot be combined with it"),
    ("query c --like a --also d@base", "there is no collection 'd'"),
    ("query c --like a --also c@bsae", "did you mean 'base'?"),
    ("query c --like a --also c@base --columns idd", "did you mean 'id'?"),
    ("query c --like a | filter --where \"yaer > 3\"", "did you mean 'year'?"),
    ("r = query c --like a | show --rows 1 ; filter r --where \"yaer > 3\"", "mean 'year'?"),
    ("run FOLDER/made.ipynb", "a notebook is a page of Markdown"),
    ("check FOLDER/made.plx", "'check' compares notebooks, whose names end in .md"),
    (
      "r = query c --like a ; explain r 0",
      "'explain' takes a rank, a whole number of at least 1; got '0'"
    ),
    ("drop space c --yes", "'drop space' takes COLLECTION@SPACE; got 'c'"),
    ("describe c mini", "'describe' takes one object, or 'model' and a name"),
    ("run FOLDER/made.plx ; cache export", "'cache export' needs a file"),
    ("let o = 9 ; query c --like a --oversample $o", "--oversample goes with --codes"),
    ("ingest c FOLDER/in --meta FOLDER/meta.csv --key flie", "did you mean 'file'?"),
    ("ingest c FOLDER/in --meta FOLDER/meta.csv --type year=integer,yer=real", "mean 'year'?"),
    ("ingest c FOLDER/in --meta FOLDER/meta.csv --multi captoin", "did you mean 'caption'?"),
    ("ingest c FOLDER/meta.csv --path-column flie", "did you mean 'file'?"),
    ("ingest c FOLDER/in --meta FOLDER/meta.csv --type year=number", "a kind of boolean"),
    ("ingest c FOLDER/in --meta FOLDER/meta.csv --delimiter '\"'", "one ASCII character"),
    ("ingest c FOLDER/in --key file", "--key is about a table, and there is none"),
    ("ingest c FOLDER/in --path-column file", "--path-column is about a table that lists images"),
    ("ingest c FOLDER/in --glob '[a'", "'[a'"),
  ])
  func `a mistake in the last line runs nothing`(line: String, message: String) async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      try TestFiles.write("quit\n", to: bench.folder + "/made.plx")
      let line = line.replacing("FOLDER", with: bench.folder)
      let outcome = await bench.run("create collection first\n\(line)\n")
      #expect(outcome.code == 2, "\(outcome.notes)")
      #expect(outcome.notes.contains(message), "\(outcome.notes)")
      #expect(outcome.notes.contains("test:2:"), "\(outcome.notes)")
      #expect(await bench.rows("list collections").count == 1)
    }
  }

  @Test(arguments: [
    "create collection d ; use d ; drop collection d --yes ; create collection d",
    "let n = d ; create collection $n ; describe $n ; drop collection $n --yes",
    "r = query c --like a ; show r ; drop result r",
    "embed c --as two ; query c@two --like a ; drop space c@two --yes",
    "project c@base --dim 32 ; query c@base-32 --like a",
    "ingest c in --meta meta.csv --key file ; query c --like a --where \"year > 2000\"",
    "query c --like a --top 2 | export --to out.csv ; query c --like b",
    "list collections | export --to script.txt ; run made.plx ; show made ; use e",
    "show settings ; show variables ; reset all ; help topics ; describe model mini",
    "query c --like a | filter --where \"year > 2000\" | show --rows 1",
    "use c ; use ; list fields c",
    "quit ; query nowhere --like a",
    "run made.plx ; let k = 2 ; query c --like a --top $k",
    "r = query c --like a ; r = list collections ; show r | export --to out.csv",
    "query c --like a | export --to out.csv --columns id ; ingest c in --meta out.csv --key id",
    "query c --like a ; list spaces c ; embed c ; query c --like a | filter --top 1",
  ])
  func `what the lines before make is there`(script: String) async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      try TestFiles.write(
        "made = list collections\ncreate collection e\n", to: bench.folder + "/made.plx")
      let located = script.replacing("made.plx", with: bench.folder + "/made.plx")
        .replacing("in --meta out.csv", with: "\(bench.folder)/in --meta \(bench.folder)/out.csv")
        .replacing("in --meta meta.csv", with: "\(bench.folder)/in --meta \(bench.folder)/meta.csv")
        .replacing("--to ", with: "--to \(bench.folder)/")
      let outcome = await bench.run(located)
      #expect(outcome.code == 0, "\(outcome.notes)")
    }
  }

  @Test func `what lines before change is not checked, and fails when it runs`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let (folder, meta) = (bench.folder + "/in", bench.folder + "/meta.csv")
      for script in [
        "query c --like a | export --to \(meta) --replace ; ingest c \(folder) --meta \(meta) --key file",
        "ingest c \(folder) ; query c --like a | filter --where \"yaer = 1\"",
        "list collections ; filter _ --where \"year = 1\"",
      ] {
        let outcome = await bench.run(script)
        #expect(outcome.code == 1, "\(script): \(outcome.notes)")
      }
    }
  }

  @Test func `a command is made once, before the first line runs`() async throws {
    try await Bench.inNewFolder { bench in
      let checked = try bench.interpreter.check(
        Script("let a = 1 ; show variables\nquit ; list models", name: "test"))
      #expect(checked.flatMap(\.statements).map(\.commands.count) == [1, 1, 1, 0])
      let text = "let v = $a"
      #expect(throws: ParallaxError.self) {
        try bench.interpreter.check(Script(text, name: "test"))
      }
    }
  }

  @Test func `a script within a script is checked before it runs, too`() async throws {
    try await Bench.inNewFolder { bench in
      let inner = bench.folder + "/inner.plx"
      try TestFiles.write("create collection i\nshow nothing\n", to: inner)
      #expect(await bench.run("run \(inner)").code == 2)
      #expect(await bench.run("create collection o ; run \(inner)").code == 1)
      #expect(await bench.rows("list collections").map { $0.prefix(1) } == ["o"])
    }
  }

  @Test func `a question where nobody can be asked is no question`() async throws {
    try await Bench.inNewFolder(isInteractive: true) { bench in
      let script = bench.folder + "/drop.plx"
      try TestFiles.write("create collection d\ndrop collection d\n", to: script)
      bench.session.confirm = { _ in true }
      #expect(await bench.type("run \(script)").code == 0)
    }
  }

  @Test(arguments: [
    ("second.ipynb", "a notebook is a page of Markdown; got '", "help notebooks"),
    ("latin.plx", "line 3 holds other bytes", "iconv"),
  ])
  func `what is no script says so`(name: String, message: String, hint: String) async throws {
    try await Bench.inNewFolder { bench in
      let folder = bench.folder
      try TestFiles.write("{}", to: folder + "/second.ipynb")
      try TestFiles.write(
        Array("# a\n# \u{E9}\n# ".utf8) + [0xE9, 0x0A], to: folder + "/latin.plx")
      let outcome = await bench.run("run \(folder)/\(name)")
      #expect(outcome.code != 0)
      #expect(outcome.notes.contains(message), "\(outcome.notes)")
      #expect(outcome.notes.contains(hint), "\(outcome.notes)")
    }
  }
}
