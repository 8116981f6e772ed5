import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// query, filter, show, export.
@MainActor
@Suite struct SearchCommandTests {
  @Test(arguments: [
    ("query c", 2, "'query' needs something to look for"),
    ("query c --like zz", 1, "no item 'zz' in 'c'"),
    ("query c --image /nowhere.jpg", 2, "'/nowhere.jpg'"),
    ("query c --like a --where 'yaer > 2000'", 2, "did you mean 'year'?"),
    ("query c --like a --where 'year >'", 2, "expected a value after '>'"),
    ("query c --like a --where \"made > 'soon'\"", 2, "date"),
    ("query c --like a --columns rank,titel", 2, "unknown column 'titel'"),
    ("query c --like a --top 0", 2, "'top' takes a whole number from 1 to 10000; got '0'"),
    ("query c --like 'a^x'", 1, "no item 'a^x'"),
    ("query c --like a^x", 2, "weight 'x' is not a number"),
    ("query c --like a^0", 2, "every weight of the query is 0"),
    ("query c --like a^0 --not-like b^0 --fuse rrf", 2, "every weight of the query is 0"),
    ("query c --like a --not-like a --fuse rrf", 1, "the terms of the query cancel out"),
    ("query c --like a --not-like a", 1, "the terms of the query cancel out"),
    ("query c --each 'yaer > 2000'", 2, "unknown field 'yaer' in --each"),
    ("query c --each 'year >'", 2, "in --each; got the end"),
    ("query c --each 'year > 3000'", 1, "no item with a vector fulfils the condition"),
    ("query c --each ok --like a", 2, "--each brings what is looked for; --like cannot"),
    ("query c --each ok --queries q.csv", 2, "not from both"),
    ("query c --each ok --dims 8,16", 2, "--each takes one dimension; got 2"),
    ("query c --like a --dry-run", 2, "--dry-run goes with --queries or --each"),
    ("query d --like a", 2, "there is no collection 'd'"),
    ("query c@x --like a", 2, "'c' has no space 'x'"),
    ("query c --like a --similarity dot --dims 64", 2, "--dims compares directions"),
    ("query c --like a --similarity angle", 2, "'similarity' takes"),
    ("show _", 1, "no result is called '_'"),
    ("query c --like a | filter --where 'yeer = 1'", 2, "did you mean 'year'?"),
    ("list models | filter --min-score 1", 1, "has no scores, which --min-score"),
  ])
  func `refusals name the thing and the rule`(
    command: String, code: Int32, message: String
  ) async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let outcome = await bench.run(command)
      #expect(outcome.code == code, "\(outcome.notes)")
      #expect(outcome.notes.contains(message), "\(outcome.notes)")
      #expect(outcome.output.isEmpty)
    }
  }

  @Test func `items that fulfil a condition ask as a file of them would`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      try TestFiles.write("id,like,year\nb,b,2021\nc,c,2022\n", to: bench.folder + "/q.csv")
      let columns = "--columns query,query.year,rank,id,score"
      let asked = await bench.rows("query c --each 'year >= 2020' \(columns)")
      #expect(asked.count == 6)
      #expect(asked == (await bench.rows("query c --queries \(bench.folder)/q.csv \(columns)")))
      let others = await bench.rows(
        "query c --each 'year >= 2020' --where ok --exclude-self --columns query,id")
      #expect(others.sorted() == ["b,a", "b,c", "c,a"])
      let judged = await bench.rows(
        "query c --each 'year >= 2020' | eval --relevant-if 'ok = :ok' --metric mrr")
      #expect(judged.count == 1, "\(judged)")
    }
  }

  @Test func `conditions choose before the search, and scores cut it off`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      func ids(_ options: String) async -> [String] {
        await bench.rows("query c --like a \(options) --columns id")
      }
      #expect(await ids("").sorted() == ["a", "b", "c"])
      #expect(await ids("--where 'year >= 2020'").sorted() == ["b", "c"])
      #expect(await ids("--where 'price is null'") == ["b"])
      #expect(await ids("--where \"made between '2019-01-01' and '2020-01-01'\"") == ["a"])
      #expect(await ids("--where 'ok = true and not (year = 2019)'") == ["c"])
      #expect(await ids("--where \"caption like '%shoe%'\"") == ["b"])
      #expect(await ids("--min-score 0.999") == ["a"])
      #expect(await ids("--top 2").count == 2)
    }
  }

  @Test func `vectors of unit length rank alike by every similarity`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      var scores: [String: [Double]] = [:]
      for similarity in ["cosine", "dot", "euclidean"] {
        let found = await bench.rows(
          "query c --like a --similarity \(similarity) --columns id,score")
        #expect(found.first?.hasPrefix("a,") == true)
        scores[similarity] = found.compactMap {
          $0.split(separator: ",").last.flatMap { Double($0) }
        }
      }
      let (cosines, dots) = (scores["cosine"] ?? [], scores["dot"] ?? [])
      #expect(cosines.count == 3 && dots.count == 3)
      for (cosine, (dot, negated)) in zip(cosines, zip(dots, scores["euclidean"] ?? [])) {
        #expect(abs(cosine - dot) < 1e-4)
        // Of unit vectors, the squared distance is 2 − 2 × cosine.
        #expect(abs(negated * negated - (2 - 2 * cosine)) < 1e-3)
      }
    }
  }

  @Test func `columns are those asked for, of metadata and of the file`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let rows = await bench.rows("query c --like a --top 1 --columns caption,rank,format,width,id")
      #expect(rows == ["\"a mug, red\",1,jpeg,256,a"])
      let all = await bench.succeed("query c --like a --top 1 ; show _ --mode json")
      #expect(all.output.contains("\"rank\": 1, \"id\": \"a\", \"score\": 1.0, "))
    }
  }

  @Test func `a question by file records the file's digest`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let facts = await bench.rows(
        "query c --image \(Bench.tiles)/images/mug-001.jpg --top 1 ; describe _")
      #expect(
        facts.contains {
          $0.contains("input,") && $0.contains("mug-001.jpg: ")
            && $0.suffix(64).allSatisfy(\.isHexDigit)
        })
    }
  }

  @Test func `exports carry what they came from, and replace nothing unasked`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let path = bench.folder + "/out.csv"
      await bench.succeed("query c --like a --columns id,price,caption | export --to \(path)")
      let lines = TestFiles.text(of: path)?.split(separator: "\n").map(String.init) ?? []
      #expect(lines.first == "id,price,caption" && lines.contains("a,1.5,\"a mug, red\""))
      #expect(lines.contains("b,,a shoe") && lines.contains("c,9.25,"))
      let side = TestFiles.text(of: path + "-metadata.json") ?? ""
      #expect(side.contains("\"space c@base\"") && side.contains("\"rows\": 3"))
      let refused = await bench.run("query c --like a | export --to \(path)")
      #expect(refused.code == 1 && refused.notes.contains("--replace"))
      await bench.succeed("query c --like a --top 1 | export --to \(path) --replace")
      #expect(TestFiles.text(of: path)?.split(separator: "\n").count == 2)
      let unknown = await bench.run("query c --like a | export --to \(bench.folder)/out.xyz")
      #expect(unknown.code == 2 && unknown.notes.contains(".csv"), "\(unknown.notes)")
    }
  }

  @Test func `a terminal shows some rows and says so; a pipe shows all`() async throws {
    for isTerminal in [true, false] {
      try await Bench.inNewFolder(isTerminal: isTerminal) { bench in
        try await bench.prepare()
        let outcome = await bench.succeed("set show.rows 2 ; query c --like a --columns rank,id")
        #expect(outcome.output.split(separator: "\n").count == (isTerminal ? 3 : 4))
        #expect(outcome.notes.contains("2 of 3 rows shown") == isTerminal)
      }
    }
  }

  @Test func `a cut space that grew is seen at once, and stores what is new`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let first = await bench.succeed("project c --dim 64")
      #expect(first.notes.contains("made c@base-64: 3 vectors of 64"), "\(first.notes)")
      let ask = "query c@base-64 --like a --columns id"
      #expect(await bench.rows(ask).count == 3)
      try bench.pictures(["d.jpg": "mug-002", "e.jpg": "wood-001"])
      await bench.succeed("ingest c \(bench.folder)/in ; embed c --as base")
      let second = await bench.succeed("project c --dim 64")
      #expect(second.notes.contains("c@base-64: 2 vectors of 64, 3 as before"), "\(second.notes)")
      #expect(await bench.rows(ask).count == 5)
      let third = await bench.succeed("project c@base --dim 64")
      #expect(third.notes.contains("c@base-64: 0 vectors of 64, 5 as before"), "\(third.notes)")
      #expect(await bench.rows(ask).count == 5)
      let stored = await bench.rows("list spaces").first { $0.hasPrefix("c@base-64,") }
      #expect(stored?.contains(",5,") == true, "\(stored ?? "")")
    }
  }

  @Test func `a model that changed is noticed, not compared with`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let onnx = TestData.packageRoot + "/Tests/ParallaxInferenceTests/Fixtures/clip"
      let copy = bench.folder + "/model"
      let copied = try await ProgramRun("/bin/cp", ["-r", onnx, copy]).finish()
      #expect(copied.code == 0)
      await bench.succeed("embed c --as own --model \(copy)")
      let other = await bench.run("embed c --as base --model \(copy)")
      #expect(other.code == 1 && other.notes.contains("spaces never mix"))
      #expect(await bench.rows("query c@own --text cat --top 3 --columns id").count == 3)
    }
  }

  @Test func `a condition may name the columns of any table`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      await bench.succeed(
        """
        let folder = \(bench.folder)/in
        g = gate c@base $folder --max-score 0.9 --k 2
        t = suggest c@base $folder --field year --k 3
        i = list collections
        watch add all c@base --like a --min-score -1
        w = watch show all
        a = audit c@base --list values
        """)
      for (line, count) in [
        ("g --where \"decision = 'reject' and copy\"", 3), ("g --where \"score < 0\"", 0),
        // One of a list, as of a field of lists.
        ("t --where \"case.ids = 'a'\"", 3), ("t --where \"year.low < 2020\"", 3),
        ("i --where \"collection like 'c%' and \\\"bytes in memory\\\" > 0\"", 1),
        // Dates, and fields of the images beside the columns.
        ("w --where \"watch.found is null and score >= 0.99\"", 1),
        ("w --where \"year > 2020 and rank > 1\"", 2),
        ("a --where \"of = 'price' and ok = false\"", 1),
      ] {
        #expect(await bench.rows("filter \(line)").count == count, "\(line)")
      }
      let odd = await bench.run("filter g --where \"decison = 'reject'\"")
      #expect(odd.code != 0 && odd.notes.contains("did you mean 'decision'?"), "\(odd.notes)")
      let kind = await bench.run("filter g --where \"score = 'high'\"")
      #expect(kind.code != 0 && kind.notes.contains("'score' holds numbers"), "\(kind.notes)")
    }
  }
}
