import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// What `dedupe` and `cluster` take besides a threshold, and what other commands make of their results.
@MainActor @Suite struct GroupCommandTests {
  /// Two pictures, each twice, a third one, and their ratings; all similar at -1.
  private static func rated(_ body: (Bench) async throws -> Void) async throws {
    try await Bench.inNewFolder { bench in
      try bench.pictures([
        "a.jpg": "mug-001", "b.jpg": "mug-001", "sub/c.jpg": "shoe-001", "d.jpg": "shoe-001",
        "e.jpg": "brick-001",
      ])
      // Of equal ones the oldest would stay.
      for name in ["a", "b", "sub/c", "d", "e"] {
        try TestFiles.setModified(1_700_000_000_000_000_000, of: "\(bench.folder)/in/\(name).jpg")
      }
      try TestFiles.write(
        "file,rating,owner,made,best,caption,tags\na.jpg,1,x,2021-01-01,true,red,p\n"
          + "a.jpg,1,x,2021-01-01,true,red,q\nb.jpg,5,y,2020-01-01,,blue,q\nsub/c.jpg,,y,,false,red,\n"
          + "d.jpg,2,x,2022-02-02,true,blue,p\ne.jpg,3,x,2019-01-01,false,red,p\n",
        to: bench.folder + "/meta.csv")
      await bench.succeed(
        "create collection c ; ingest c \(bench.folder)/in --meta \(bench.folder)/meta.csv --key file "
          + "--multi tags ; embed c --as base --model mini")
      try await body(bench)
    }
  }

  private static func kept(_ rule: String, _ bench: Bench) async -> [String] {
    await bench.rows("dedupe c@base --min-score 0.9999 --keep \(rule)").filter {
      $0.contains(",keep,")
    }
    .map { String($0.split(separator: ",")[1]) }
  }

  @Test func `pairs are looked for in the index when that is asked for, and the recall is said`()
    async throws
  {
    try await Self.rated { bench in
      let missing = await bench.run("dedupe c@base --through-index")
      #expect(
        missing.code == 1 && missing.notes.contains("'c@base' has no index"), "\(missing.notes)")
      await bench.succeed("index c@base ; set mode csv")
      let exact = await bench.succeed("cluster c@base --min-score 0.5")
      let indexed = await bench.succeed("cluster c@base --min-score 0.5 --through-index")
      #expect(indexed.output == exact.output)
      #expect(
        indexed.notes.contains("through the index, which found ")
          && indexed.notes.contains(" of 5 sampled (at least "), "\(indexed.notes)")
    }
  }

  @Test func `a field or a condition decides which one stays`() async throws {
    try await Self.rated { bench in
      for (rule, wanted) in [
        ("path", ["a", "d"]), ("rating", ["b", "d"]), ("\"rating asc\"", ["a", "d"]),
        ("owner", ["b", "sub/c"]), ("\"owner asc\"", ["a", "d"]), ("\"made asc\"", ["b", "d"]),
        ("best", ["a", "d"]), ("\"owner = 'y'\"", ["b", "sub/c"]), ("\"rating > 4\"", ["b", "d"]),
        ("\"rating is null\"", ["a", "sub/c"]), ("'\"path\" asc'", ["a", "d"]),
      ] {
        #expect(await Self.kept(rule, bench) == wanted, "\(rule)")
      }
    }
  }

  @Test func `what cannot decide is refused before anything runs`() async throws {
    try await Self.rated { bench in
      for (rule, message) in [
        ("largst", "did you mean 'largest'?"), ("ratng", "did you mean 'rating'?"),
        ("\"rating > 'x'\"", "'rating' holds numbers, a text is given"),
        ("\"rating >\"", "expected a value after '>' in --keep"),
        ("tags", "'tags' holds several values of an item"),
      ] {
        let outcome = await bench.run("let v = 1 ; dedupe c@base --keep \(rule) ; show variables")
        #expect(outcome.code != 0 && outcome.notes.contains(message), "\(rule): \(outcome.notes)")
        #expect(outcome.output.isEmpty, "nothing ran")
      }
      for line in [
        "dedupe c@base --hash-bits 3", "dedupe c@base --ranks 1-3", "dedupe c@base --replace",
        "dedupe c@base --normalize --ranks 3-1", "dedupe c@base --normalize --ranks x",
        "cluster c@base --background c@base", "cluster c@base --also-hash --hash-bits 65",
      ] {
        #expect(await bench.run(line).code == 2, "\(line)")
      }
    }
  }

  @Test func `a script moves what would go, whatever its name is`() async throws {
    try await Bench.inNewFolder { bench in
      let names = [
        "a.jpg", "'; touch pwned; '.jpg", "'\u{301}; touch pwned; '\u{301}.jpg",
        "$(touch pwned).jpg",
        "`touch pwned`.jpg", "-rf.jpg", "two\nlines\ntouch pwned\n.jpg", "\\\"*?[a].jpg",
        "sub/'x'/-n.jpg",
        "\u{1B}[2J.jpg",
      ]
      try bench.pictures(Dictionary(uniqueKeysWithValues: names.map { ($0, "mug-001") }))
      try bench.pictures(["other.jpg": "shoe-001", "changed.jpg": "shoe-001"])
      await bench.succeed(
        "create collection c ; ingest c \(bench.folder)/in ; embed c --as base --model mini")
      let outcome = await bench.succeed(
        "dedupe c@base --keep path --script \(bench.folder)/goes.sh")
      #expect(outcome.notes.contains("wrote a script that moves 10 files to"), "\(outcome.notes)")
      // Every command of the script is one of its own functions.
      let script = try #require(TestFiles.text(of: "\(bench.folder)/goes.sh"))
      #expect(script.hasPrefix("#!/bin/sh\n# Moves near-duplicates into a folder: 10 files of "))
      #expect(
        !script.contains("\nrm ") && script.contains("# Parallax itself moves and deletes nothing"))
      #expect(await bench.run("dedupe c@base --script \(bench.folder)/goes.sh").code == 1)
      await bench.succeed("dedupe c@base --keep path --script \(bench.folder)/goes.sh --replace")

      try TestFiles.write("now another", to: "\(bench.folder)/in/changed.jpg")
      func run(_ arguments: [String]) async throws -> ProgramOutcome {
        try await ProgramRun(
          "/bin/sh", ["\(bench.folder)/goes.sh"] + arguments,
          environment: ["PATH": "/usr/bin:/bin"],
          folder: bench.folder
        ).finish()
      }
      for arguments in [[], [""], ["-x"], ["a", "b"]] {
        #expect(try await run(arguments).code == 2, "\(arguments)")
      }
      let moved = try await run(["set aside"])
      #expect(moved.output == "9 moved, 1 stayed\n" && moved.code == 1, "\(moved)")
      #expect(moved.errors.contains("has changed or is gone"))
      #expect(!moved.errors.contains("\u{1B}"))
      #expect(
        !TestFiles.exists("\(bench.folder)/pwned") && !TestFiles.exists("\(bench.folder)/in/pwned"))
      // By path the first stays; the others keep theirs below the folder.
      let first = names.map { $0 }.min { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      for name in names {
        let stays = name == first
        #expect(TestFiles.exists("\(bench.folder)/in/\(name)") == stays, "\(name)")
        #expect(TestFiles.exists("\(bench.folder)/set aside/\(name)") == !stays, "\(name)")
      }
      let again = try await run(["set aside"])
      #expect(again.output == "0 moved, 10 stayed\n" && again.code == 1)
    }
  }

  @Test func `a file that stays under another name is not in the script`() async throws {
    try await Bench.inNewFolder { bench in
      try bench.pictures(["b.jpg": "mug-001", "z.jpg": "mug-001"])
      try TestFiles.link("\(bench.folder)/in/a.jpg", to: "b.jpg")
      await bench.succeed(
        "create collection c ; ingest c \(bench.folder)/in ; embed c --as base --model mini")
      let outcome = await bench.run("dedupe c@base --keep path --script \(bench.folder)/goes.sh")
      #expect(
        outcome.notes.contains("moves 1 file to")
          && outcome.notes.contains("1 image that would go is not in"))
      let script = try #require(TestFiles.text(of: "\(bench.folder)/goes.sh"))
      #expect(script.contains("/in/z.jpg'") && !script.contains(" '\(bench.folder)/in/b.jpg' "))
      let strict = await bench.run(
        "set strict on ; dedupe c@base --keep path --script \(bench.folder)/s.sh")
      #expect(strict.code != 0 && !TestFiles.exists("\(bench.folder)/s.sh"))
    }
  }

  @Test func `hashes join only what looks alike, and broken pictures are named`() async throws {
    try await Self.rated { bench in
      try TestFiles.write("no picture any more", to: "\(bench.folder)/in/e.jpg")
      let outcome = await bench.succeed(
        "set mode csv ; dedupe c@base --min-score -1 --keep path --also-hash --hash-bits 0 --linkage components"
      )
      #expect(
        outcome.notes.contains("1 picture has no perceptual hash and joins none but copies"),
        "\(outcome.notes)")
      #expect(outcome.notes.contains("'e'"))
      let rows = outcome.output.split(separator: "\n")
      #expect(
        rows[0]
          == "group,id,action,score,hash_distance,copy,same_pixels,least,width,height,bytes,path")
      #expect(rows.count == 5 && !rows.contains { $0.contains(",e,") }, "only copies are left")
      let all = await bench.rows(
        "dedupe c@base --min-score -1 --keep path --also-hash --hash-bits 64")
      let distances = all.compactMap {
        Int($0.split(separator: ",", omittingEmptySubsequences: false)[4])
      }
      #expect(
        distances.count == 2 && Set(distances).count == 1 && distances[0] > 0 && distances[0] <= 64)
      // A space of texts has no pictures to hash.
      await bench.succeed("embed c --as words --model mini --content text")
      let refused = await bench.run("dedupe c@words --also-hash")
      #expect(
        refused.code == 1 && refused.notes.contains("a perceptual hash is of a picture"),
        "\(refused.notes)")
    }
  }

  @Test func `a normalised score stands beside the score and decides only when asked`() async throws
  {
    try await Self.rated { bench in
      let plain = await bench.rows("cluster c@base --min-score 0.2 --method components")
      let rows = await bench.rows("cluster c@base --min-score 0.2 --method components --normalize")
      #expect(rows.count == plain.count)
      let group = "cluster c@base --min-score 0.45 --method components"
      let scores = await bench.rows("\(group) | show --columns id,score")
      let both = await bench.rows("\(group) --normalize | show --columns id,score,normalized")
      let cells = both.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      #expect(cells.map { $0[0...1].joined(separator: ",") } == scores && !scores.isEmpty)
      #expect(cells.contains { $0[2].contains(".") && $0[2] != $0[1] }, "\(both)")
      let none = await bench.rows("cluster c@base --min-score 0.2 --normalize --min-normalized 2")
      #expect(none.count == 4, "copies are left, whatever the score: \(none)")
      let other = await bench.run("cluster c@base --normalize --background c@nothing")
      #expect(other.code != 0 && other.notes.contains("nothing"))
    }
  }

  @Test func `a group is explained by its number and by its images`() async throws {
    try await Self.rated { bench in
      let outcome = await bench.succeed(
        "set mode csv ; d = dedupe c@base --min-score -1 --keep path ; explain d group 1")
      let lines = outcome.output.split(separator: "\n")
      let header = lines.first { $0.hasPrefix("id,role,") }
      #expect(
        header
          == "id,role,score,nearest,nearest_score,farthest,farthest_score,complete,star,components,leader,width,height,bytes,path"
      )
      #expect(
        outcome.notes.contains("group 1: 5 images, complete linkage at -1"), "\(outcome.notes)")
      #expect(outcome.notes.contains("the least similar pair that links: "))
      #expect(outcome.notes.contains("complete: one group of 5; star: one group of 5"))
      let byID = await bench.rows("explain d a")
      #expect(byID == (await bench.rows("explain d group 1")) && byID.count == 5)
      for line in ["explain d group 2", "explain d group 0", "explain d group x", "explain d no"] {
        #expect(await bench.run(line).code != 0, "\(line)")
      }
      let copies = await bench.succeed(
        "k = dedupe c@base --min-score 0.9999 --keep path ; explain k b")
      #expect(copies.notes.contains("its files have the same bytes"))
      #expect(await bench.rows("explain d").count == 21)
    }
  }

  @Test func `conditions on groups name their columns and the fields of their images`() async throws
  {
    try await Self.rated { bench in
      await bench.succeed("d = dedupe c@base --min-score -1 --keep rating")
      for (condition, count) in [
        ("action = 'would go'", 4), ("action = 'would go' and owner = 'x'", 3),
        ("copy and tags = 'p'", 2), ("score is null", 2), ("group = 1 and rating is null", 1),
        ("path like '%/sub/%'", 1),
      ] {
        #expect(
          await bench.rows("filter d --where \"\(condition)\"").count == count, "\(condition)")
      }
      // Columns that are not shown count as well.
      #expect(
        await bench.rows("show d --columns id | filter --where \"action = 'keep'\"").count == 1)
      let error = await bench.run(
        "let v = 1 ; d = dedupe c@base ; filter d --where \"actoin = 'keep'\"")
      #expect(
        error.code != 0 && error.notes.contains("did you mean 'action'?") && error.output.isEmpty)
    }
  }

  @Test func `groups are shown, drawn and reported`() async throws {
    try await Self.rated { bench in
      await bench.succeed(
        "d = dedupe c@base --min-score -1 --keep path ; g = cluster c@base --min-score -1")
      let curve = bench.folder + "/curve.svg"
      await bench.succeed("plot d --to \(curve)")
      let drawing = try #require(TestFiles.text(of: curve))
      #expect(drawing.contains("images that would go") && drawing.contains("threshold"))
      await bench.succeed("plot d --x group --y bytes --to \(bench.folder)/other.svg")
      await bench.succeed("export d --to \(bench.folder)/d.csv")
      #expect(TestFiles.text(of: "\(bench.folder)/d.csv")?.hasPrefix("group,id,action") == true)

      await bench.succeed("report d g --to \(bench.folder)/r.html --top 2")
      let page = try #require(TestFiles.text(of: "\(bench.folder)/r.html"))
      #expect(
        page.contains(">Groups of 'd'</h2>") && page.contains("nothing has been moved or deleted"))
      for word in [
        "✓ stays", "− would go", "★ representative", "≈ similar", "2 more not shown", "(--top)",
      ] {
        #expect(page.contains(word), "\(word)")
      }
      #expect(page.split(separator: "<img src=\"data:image/jpeg;base64,").count == 7)
      await bench.succeed(
        "filter d --where \"id = 'b'\" | report --to \(bench.folder)/f.html")
      let filtered = try #require(TestFiles.text(of: "\(bench.folder)/f.html"))
      #expect(filtered.contains("3 more left out by the filter"))
      let pictures = await bench.succeed("show d --images")
      #expect(pictures.notes.contains("no pictures are drawn"))
      #expect(await bench.run("rerank d --model mmr").code != 0)
    }
  }
}
