import ParallaxCore
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// What `ingest` makes of a table, and what it says.
@MainActor
@Suite struct IngestCommandTests {
  /// Three pictures a.jpg, b.jpg, c.jpg and a table.
  private func bench(
    _ table: String, named name: String = "m.csv",
    _ body: (Bench) async throws -> Void
  ) async throws {
    try await Bench.inNewFolder { bench in
      try bench.pictures(["a.jpg": "mug-001", "b.jpg": "shoe-001", "c.jpg": "brick-001"])
      try TestFiles.write(table, to: "\(bench.folder)/\(name)")
      await bench.succeed("create collection c")
      try await body(bench)
    }
  }

  /// The items there are.
  private func count(_ bench: Bench) async -> String {
    let row = await bench.rows("list collections").first ?? ""
    return row.split(separator: ",").dropFirst().first.map(String.init) ?? ""
  }

  private func values(_ bench: Bench) throws -> [[String: String]] {
    let workspace = bench.session.workspace
    let collection = try workspace.collection(named: "c")
    let items = try workspace.items(in: collection)
    return try workspace.metadata(of: items.map(\.rowID), in: collection)
      .map { $0.mapValues(\.plainText) }
  }

  @Test func `a second table of other kinds changes no value`() async throws {
    let table = "file,flag,price,code,seen\na.jpg,yes,1.50,9007199254740993,2024-05-31 12:00\n"
    try await bench(table) { bench in
      await bench.succeed("ingest c \(bench.folder)/in --meta \(bench.folder)/m.csv")
      let first = try values(bench)[0]
      try TestFiles.write(
        "file,flag,price,code,seen\nb.jpg,maybe,n/a,1.5,unknown\nc.jpg,3,7,x,2024\n",
        to: bench.folder + "/m.csv")
      await bench.succeed("ingest c \(bench.folder)/in --meta \(bench.folder)/m.csv")
      #expect(
        first == [
          "flag": "yes", "price": "1.50", "code": "9007199254740993", "seen": "2024-05-31 12:00",
        ])
      #expect(try values(bench)[0] == first)
      #expect(try values(bench)[1]["price"] == "n/a")
      // Once the table is mended, the kind is as well.
      try TestFiles.write("file,price\nb.jpg,2.25\n", to: bench.folder + "/m.csv")
      await bench.succeed("ingest c \(bench.folder)/in --meta \(bench.folder)/m.csv")
      #expect(await bench.rows("list fields c").contains { $0.hasPrefix("price,real,3,0,3,1.5,7") })
    }
  }

  @Test(
    arguments: [
      (
        "file,caption\na.jpg,x\na.jpg,y\nb.jpg,z\nb.jpg,w\nc.jpg,v\n",
        "2 of 5 rows of m.csv were not used: their image has a row already (from line 3 on; "
          + "--multi caption keeps them)"
      ),
      (
        "file,n\na.jpg,1\nnope.jpg,2\nnada.jpg,3\nb.jpg,4\nc.jpg,5\n",
        "2 of 5 rows of m.csv were not used: they name no image (first 'nope.jpg', line 3)"
      ),
      ("file,n\na.jpg,1\n", "2 of 3 images have no row in m.csv (first 'b')"),
      (
        "file,n\nnope.jpg,1\nnada.jpg,2\n",
        "no row of m.csv matches an image: keys look like 'nope.jpg', images like 'a.jpg'"
      ),
      (
        "file,n\n,1\na.jpg,2\nb.jpg,3\nc.jpg,4\n",
        "1 of 4 rows of m.csv were not used: their key is empty (first line 2)"
      ),
      (
        "file,n\na.jpg,1\nb.jpg,2\nc.jpg,n/a\n",
        "m.csv, line 4: 'n' is text because of 'n/a'; --type n=integer keeps such values out of "
          + "comparisons"
      ),
      (
        "file,score\na.jpg,1\nb.jpg,2\nc.jpg,3\n",
        "m.csv, line 1: column 'score' is kept as 'meta_score', for 'score' is a built-in name"
      ),
      (
        "file,n\na.jpg,1,2\nb.jpg\nc.jpg,3\n",
        "m.csv, line 2: the row has 3 cells; the header has 2 (and 1 more of this kind)"
      ),
    ])
  func `what was not used is said in one sentence and fails under --strict`(
    table: String, sentence: String
  ) async throws {
    try await bench(table) { bench in
      let ingest = "ingest c \(bench.folder)/in --meta \(bench.folder)/m.csv --key file"
      let strict = await bench.run("set strict on ; \(ingest)")
      #expect(strict.code == 1)
      #expect(strict.notes.contains("error: \(sentence)"), "\(strict.notes)")
      #expect(strict.notes.contains("nothing was changed"), "\(strict.notes)")
      await bench.succeed("set strict off")
      #expect(await count(bench) == "0")
      let lenient = await bench.succeed(ingest)
      #expect(lenient.notes.contains("warning: \(sentence)\n"), "\(lenient.notes)")
      #expect(lenient.notes.split(separator: "\n").count { $0.hasPrefix("warning") } == 1)
      #expect(lenient.output.isEmpty, "a script's results hold no remarks")
      #expect(await bench.succeed("show _").output.contains("m.csv"))
      #expect(await count(bench) == "3")
    }
  }

  @Test func `an open quote takes nothing in`() async throws {
    try await bench("file,t\na.jpg,\"open\nb.jpg,y\n") { bench in
      let outcome = await bench.run("ingest c \(bench.folder)/in --meta \(bench.folder)/m.csv")
      #expect(outcome.code == 1)
      #expect(outcome.notes.contains("line 2: a quote is opened and never closed"))
      #expect(await count(bench) == "0")
    }
  }

  @Test func `several captions an image are kept, found and shown`() async throws {
    try await bench(
      "file,no,caption\na.jpg,0,A red mug.\na.jpg,1,\"Cup, full\"\nb.jpg,0,A shoe.\nc.jpg,0,\n"
    ) { bench in
      let outcome = await bench.succeed(
        "ingest c \(bench.folder)/in --meta \(bench.folder)/m.csv --key file --multi caption ; "
          + "embed c --as base --model mini")
      #expect(
        outcome.notes.contains("m.csv, line 3: the row differs in 'no' from the first row"),
        "\(outcome.notes)")
      let query = "query c --like c --exclude-self --top 2 --columns id,caption"
      let csv = await bench.rows("\(query) --where \"caption like '%cup%'\"")
      #expect(csv == ["a,\"A red mug. | Cup, full\""])
      let json = await bench.succeed("set mode jsonl ; \(query)").output
      #expect(json.contains("{\"id\": \"a\", \"caption\": [\"A red mug.\", \"Cup, full\"]}"))
      #expect(json.contains("{\"id\": \"b\", \"caption\": [\"A shoe.\"]}"))
      #expect(
        await bench.rows("list fields c").contains { $0.hasPrefix("caption,text list,2,1,3,") })
      // One vector stands for one text: the first.
      let items = try bench.session.workspace.items(
        in: bench.session.workspace.collection(named: "c"))
      #expect(items.map(\.text) == ["A red mug.", "A shoe.", nil])
    }
  }

  @Test func `a column 'text' is the item's text, and other names are kept apart`() async throws {
    try await bench(
      "file,text,Rank,width\na.jpg,words,5,1.50\nb.jpg,,6,2\nc.jpg,1.50,7,3\n"
    ) { bench in
      await bench.succeed(
        "ingest c \(bench.folder)/in --meta \(bench.folder)/m.csv --key file ; "
          + "embed c --as base --model mini")
      let outcome = await bench.succeed(
        "set mode csv ; query c --like a --top 3 --where \"text = '1.50' and meta_Rank = 7\"")
      #expect(outcome.output.hasPrefix("rank,id,score,meta_Rank,meta_width,text\n1,c,"))
      #expect(outcome.output.hasSuffix(",7,3,1.50\n"))
      let unknown = await bench.run("query c --like a --where \"rank = 5\"")
      #expect(unknown.notes.contains("unknown field 'rank'"), "\(unknown.notes)")
      let built = await bench.rows("query c --like a --top 1 --columns id,width,meta_width")
      #expect(built == ["a,256,1.50"])
    }
  }

  @Test func `a kind is honoured later and keeps what does not fit`() async throws {
    try await bench("file,rating\na.jpg,\nb.jpg,\n") { bench in
      let ingest = "ingest c \(bench.folder)/in --meta \(bench.folder)/m.csv --key file"
      await bench.succeed(ingest)
      try TestFiles.write("file,rating\na.jpg,09\nb.jpg,10\nc.jpg,?\n", to: bench.folder + "/m.csv")
      await bench.succeed(ingest)
      #expect(await bench.rows("list fields c") == ["rating,text,3,0,3,09,?"])
      let typed = await bench.succeed("\(ingest) --type rating=integer")
      #expect(typed.notes.contains("'rating' takes a whole number; got '?'"), "\(typed.notes)")
      #expect(await bench.rows("list fields c") == ["rating,integer,3,0,3,9,10"])
      #expect(try values(bench).map { $0["rating"] } == ["09", "10", "?"])
      // The choice outlives a table without it.
      let again = await bench.succeed(ingest)
      #expect(again.notes.contains("'rating' takes a whole number; got '?'"), "\(again.notes)")
      #expect(await bench.rows("list fields c") == ["rating,integer,3,0,3,9,10"])
    }
  }

  @Test(
    arguments: [
      ("ingest c IN --key x", "--key is about a table, and there is none"),
      ("ingest c IN --type n=text", "--type is about a table, and there is none"),
      ("ingest c IN --meta M --type n=text --type n=real", "'n' is given two kinds"),
      ("ingest c IN --meta M --delimiter ab", "'delimiter' takes one ASCII character"),
      ("ingest c IN --id-column n", "--id-column is about a table that lists images"),
      ("ingest c M --glob *.jpg", "--glob is about a folder"),
      ("ingest c IN/*.jpg --glob *.jpg", "the pattern is in PATH already"),
      ("ingest c IN --meta M --multi nope", "has no column 'nope'"),
      ("ingest c IN/*.tiff/x", "cannot read"),
    ])
  func `options that mean nothing are refused`(line: String, message: String) async throws {
    try await bench("file,n\na.jpg,1\n") { bench in
      let line = line.replacing("IN", with: bench.folder + "/in")
        .replacing(" M", with: " \(bench.folder)/m.csv")
      let outcome = await bench.run(line)
      #expect(outcome.code != 0 || message == "cannot read")
      #expect(
        outcome.notes.contains(message)
          || message == "cannot read"
            && outcome.notes.contains("no image in"),
        "\(outcome.notes)")
      #expect(await count(bench) == "0")
    }
  }

  @Test func `one image and a pattern are taken`() async throws {
    try await bench("") { bench in
      try bench.pictures(["x[1].jpg": "mug-002", "x1.jpg": "mug-003", "sub/d.jpg": "mug-004"])
      await bench.succeed("ingest c '\(bench.folder)/in/x[1].jpg'")
      #expect(await count(bench) == "1")
      let more = await bench.succeed("ingest c \"\(bench.folder)/in/[ab].jpg\"")
      #expect(more.notes.contains("c: 2 new"), "\(more.notes)")
      let none = await bench.succeed("ingest c \"\(bench.folder)/in/*.webp\"")
      #expect(none.notes.contains("warning: no image in '"), "\(none.notes)")
      #expect(none.notes.contains("(glob *.webp)"), "\(none.notes)")
      let all = await bench.succeed("ingest c \"\(bench.folder)/*/**/*.jpg\"")
      #expect(all.notes.contains("c: 3 new · 3 as before"), "\(all.notes)")
    }
  }

  @Test func `a table that lists images brings its own metadata`() async throws {
    try await bench(
      "[{\"picture\": \"in\\\\a.jpg\", \"words\": \"red\", \"by\": {\"name\": \"Ann\"}},"
        + "{\"picture\": \"in/B.jpg\", \"words\": null, \"by\": {\"name\": \"Bob\"}}]",
      named: "list.json"
    ) { bench in
      let outcome = await bench.succeed(
        "ingest c \(bench.folder)/list.json --path-column picture --text-column words")
      #expect(outcome.notes.contains("'in/B.jpg' was matched to 'in/b.jpg'"), "\(outcome.notes)")
      #expect(!outcome.notes.contains("warning"), "\(outcome.notes)")
      let found = try values(bench)
      #expect(found == [["words": "red", "by.name": "Ann"], ["by.name": "Bob"]])
    }
  }
}
