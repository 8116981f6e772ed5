import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// `judge`, `list verdicts` and `import-verdicts`, and what `dedupe` makes of them.
@MainActor @Suite struct VerdictCommandTests {
  /// Whoever is asked gives these answers, in turn, and then has had enough.
  private static func answering(
    _ answers: [String], _ bench: Bench
  ) -> (asked: () -> [String], left: () -> [String]) {
    var (asked, left) = ([String](), answers)
    bench.session.ask = { question in
      asked.append(question)
      return left.isEmpty ? nil : left.removeFirst()
    }
    return ({ asked }, { left })
  }

  private static func verdicts(_ bench: Bench) async -> [String] {
    await bench.rows("list verdicts c | show --columns left,right,verdict")
  }

  @Test func `one verdict is taken back, and only after a yes`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      try TestFiles.write(
        "left,right,same\na,b,distinct\nb,c,duplicate\n", to: bench.folder + "/said.csv")
      await bench.succeed("import-verdicts \(bench.folder)/said.csv --collection c")
      for (line, code, words) in [
        ("drop verdict c a b", Int32(2), "--yes"), ("drop verdict c a --yes", 2, "two images"),
        ("drop verdict c a x --yes", 1, "no item 'x'"),
        ("drop verdict c a c --yes", 1, "no verdict on"),
        ("drop source c x y --yes", 2, "one path"), ("drop verdict d a b --yes", 2, "'d'"),
      ] {
        let outcome = await bench.run(line)
        #expect(outcome.code == code && outcome.notes.contains(words), "\(line): \(outcome)")
      }
      #expect(await Self.verdicts(bench).count == 2)
      let outcome = await bench.succeed("drop verdict c b a --yes")
      #expect(outcome.notes.contains("'b' and 'a' are distinct no longer"), "\(outcome.notes)")
      #expect(await Self.verdicts(bench) == ["b,c,duplicate"])
    }
  }

  @Test func `each answer is kept at once, can be taken back, and is not asked for again`()
    async throws
  {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let (asked, _) = Self.answering(["maybe", "y", "s", "u", "u", "n", "y", "q"], bench)
      var counts: [Int] = []
      let ask = try #require(bench.session.ask)
      bench.session.ask = { question in
        counts.append((try? bench.session.workspace.verdicts().count) ?? -1)
        return ask(question)
      }
      let first = await bench.succeed("judge c@base --min-score 0 --margin 2 --by anna")
      // What was kept each time a question was asked.
      #expect(counts == [0, 0, 1, 1, 1, 0, 1, 2])
      #expect(
        asked()[1] == "1 of 3 · the same picture? [y/n/s/u/q] " && asked()[7].hasPrefix("3 of 3"))
      #expect(first.notes.contains("kept 2 verdicts: 1 duplicate, 1 distinct; 1 pair left"))
      #expect(await Self.verdicts(bench).count == 2)
      let given = try bench.session.workspace.verdicts()
      #expect(given.allSatisfy { $0.judge == "anna" && $0.score != nil && $0.identity != nil })
      let (again, _) = Self.answering(["y"], bench)
      await bench.succeed("g = cluster c@base --min-score 0")
      // Of a result, with its threshold, by hand.
      #expect(await bench.type("judge g --margin 2").code == 0)
      #expect(again().count == 1 && again()[0].hasPrefix("1 of 1"))
      let (none, _) = Self.answering([], bench)
      let done = await bench.succeed("judge c@base --min-score 0 --margin 2")
      #expect(none().isEmpty && done.notes.contains("all 3 pairs"))
      // An answer that is taken back leaves what was said before.
      let before = try bench.session.workspace.verdicts()
      _ = Self.answering(["y", "u", "q"], bench)
      let some = await bench.succeed("judge c@base --min-score 0 --margin 2 --again --top 2")
      #expect(some.notes.contains("3 pairs left, 1 of them beyond --top"), "\(some.notes)")
      #expect(try bench.session.workspace.verdicts() == before)
    }
  }

  @Test func `nobody is asked where nobody can answer`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let outcome = await bench.run("judge c@base --min-score 0 --margin 2")
      #expect(outcome.code == 2 && outcome.notes.contains("'import-verdicts FILE'"))
      // A script refuses before its first line runs.
      #expect(await bench.run("drop collection c --yes ; judge c@base").code == 2)
      #expect(try bench.session.workspace.collections().count == 1)
    }
  }

  @Test func `verdicts go to a file and come back, also where ids are others`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let file = "\(bench.folder)/pairs.csv"
      try TestFiles.write("left,right,same\nb,a,yes\na,c,no\n", to: file)
      let first = await bench.succeed("import-verdicts \(file) --collection c --by anna")
      #expect(first.notes.contains("kept 2 verdicts"))
      #expect(await Self.verdicts(bench) == ["a,b,duplicate", "a,c,distinct"])
      let saved = "\(bench.folder)/verdicts.csv"
      await bench.succeed("list verdicts c | export --to \(saved)")
      let known = await bench.succeed("import-verdicts \(saved) --collection c")
      #expect(known.notes.contains("kept 0 verdicts, 2 as before"))
      // The same bytes under another name, in a collection of its own.
      try bench.pictures(["x/other.jpg": "mug-001", "x/b.jpg": "shoe-001"])
      await bench.succeed("create collection d ; ingest d \(bench.folder)/in/x")
      #expect(await bench.rows("list verdicts d | show --columns left,verdict") == ["b,duplicate"])
      try TestFiles.write("left,right,same\nb,a,no\nz,a,yes\nb,a,no\n", to: file)
      let other = await bench.succeed("import-verdicts \(file) --collection c")
      #expect(other.notes.contains("says otherwise: not changed without --replace"))
      #expect(other.notes.contains("1 pair of '\(file)' is left out: 'c' has no 'z'"))
      #expect(other.notes.contains("1 row repeats a pair"))
      #expect(await bench.run("set strict on ; import-verdicts \(file) --collection c").code == 1)
      await bench.succeed("set strict off ; import-verdicts \(file) --collection c --replace")
      #expect(await Self.verdicts(bench) == ["a,b,distinct", "a,c,distinct"])
      try TestFiles.write("left,right\nz,y\n", to: file)
      #expect(await bench.run("import-verdicts \(file) --collection c").code == 1)
      #expect(await bench.run("import-verdicts \(bench.folder)/none --collection c").code != 0)
    }
  }

  @Test func `what of a file is no label is said, and costs nothing else`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      try bench.pictures(["b2.jpg": "shoe-001"])
      await bench.succeed("sync c ; embed c")
      let file = "\(bench.folder)/pairs.csv"
      let (gone, other) = (String(repeating: "0a", count: 32), String(repeating: "b0", count: 32))
      try TestFiles.write(
        "left,right,same,left_hash,right_hash\na,b,yes,,\na,a,yes,,\nb,b2,no,,\na,c,no,,\n"
          + "a,b,no,\(gone),\na,z,no,\(gone),\(other)\n", to: file)
      let line = "eval c@base --truth \(file)"
      let outcome = await bench.succeed("set mode csv ; \(line)")
      #expect(outcome.output.contains(",1,0,1\n"), "\(outcome.output)")
      for words in [
        "1 row of '\(file)' names one picture twice, and no pair: left out, such as line 3, 'a'",
        "1 pair of '\(file)' is of files with the same bytes, and said to be distinct: left out, such as line 4, 'b' and 'b2'",
        // Twice in the file, and one id.
        "1 id has other bytes now than '\(file)' says",
        "2 pairs of '\(file)' are of files that 'c' does not have, which cannot be compared: such as line 6, 'a' and 'b'",
      ] { #expect(outcome.notes.contains(words), "\(words) not in \(outcome.notes)") }
      #expect(await bench.run("set strict on ; \(line)").code == 1)
      // A verdict is of bytes, wherever they are.
      try TestFiles.write(
        "left,right,same,left_hash,right_hash\nx,y,yes,\(gone),\(other)\n", to: file)
      let none = await bench.run("set strict off ; \(line)")
      #expect(none.code == 1 && none.notes.contains("no pair is of two pictures of 'c'"))
      await bench.succeed("import-verdicts \(file) --collection c")
      #expect(try bench.session.workspace.verdicts().count == 1)
    }
  }

  @Test func `counts of several collections are told apart`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      await bench.succeed(
        "create collection d ; ingest d \(bench.folder)/in ; embed d --as base --model mini")
      try bench.pictures(["late.jpg": "lamp-001"])
      await bench.succeed("sync d ; embed d")
      let file = "\(bench.folder)/pairs.csv"
      try TestFiles.write("left,right\na,b\n", to: file)
      let same = await bench.succeed("eval c@base --truth \(file)")
      #expect(same.notes.contains("draws of 2 true groups"), "\(same.notes)")
      let both = await bench.succeed("eval c@base d@base --truth \(file)")
      #expect(
        both.notes.contains("1 duplicate, all others distinct")
          && both.notes.contains("draws of 'c@base' 2 true groups; 'd@base' 3 true groups"),
        "\(both.notes)")
    }
  }

  @Test func `groups follow verdicts, and say so`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let file = "\(bench.folder)/pairs.csv"
      try TestFiles.write("left,right,same\nb,a,yes\na,c,no\n", to: file)
      await bench.succeed("import-verdicts \(file) --collection c")
      let outcome = await bench.succeed("dedupe c@base --min-score 0.999 --keep path")
      #expect(outcome.output.contains("1  a ") && outcome.output.contains("1  b "))
      #expect(outcome.notes.contains("2 verdicts counted (1 duplicate, 1 distinct)"))
      #expect(await bench.rows("cluster c@base --min-score -1 --method components").count == 2)
      try TestFiles.write("left,right,same\nb,c,yes\n", to: file)
      await bench.succeed("import-verdicts \(file) --collection c")
      let told = await bench.succeed("dedupe c@base --min-score 0.999")
      #expect(told.notes.contains("verdicts contradict one another: 'a' = 'b' = 'c'"))
      #expect(await bench.run("set strict on ; dedupe c@base --min-score 0.999").code == 1)
    }
  }

  @Test func `pairs are measured by truth`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let file = "\(bench.folder)/pairs.csv"
      try TestFiles.write("a,b\na,b\n", to: file)
      let rows = await bench.rows(
        "eval c@base --truth \(file) | show --columns metric,value,duplicates,distinct")
      #expect(
        rows.count == 3 && rows[0].hasPrefix("micro-ap,") && rows.allSatisfy { $0.hasSuffix(",1,") }
      )
      let curve = await bench.rows("eval c@base --truth \(file) --curve")
      #expect(curve.count == 1)
      let none = await bench.succeed("eval c@base --truth \(file) --min-score 1")
      #expect(none.notes.contains("1 duplicate of 'c@base' has no score from 1 on"))
      await bench.succeed("g = cluster c@base --min-score -1")
      let groups = await bench.rows(
        "eval g --truth \(file) | show --columns metric,value")
      // Three pictures in one group, two of which belong together.
      #expect(groups.contains("pairwise precision,0.3333333333333333"))
      #expect(groups.contains { $0.hasPrefix("b-cubed precision,0.5555555555") })
      #expect(groups.contains("over-merged groups,1.0") || groups.contains("over-merged groups,1"))
      try TestFiles.write("left,right,same\na,b,yes\na,c,no\n", to: file)
      let labelled = await bench.succeed("set mode csv ; eval g --truth \(file)")
      #expect(
        labelled.output.contains("pairwise precision,0.5") && !labelled.output.contains("b-cubed"))
      #expect(labelled.notes.contains("B-cubed is not reported"))
      #expect(await bench.run("eval c@base --truth verdicts").code == 1)
      await bench.succeed("import-verdicts \(file) --collection c ; eval c@base --truth verdicts")
      for line in [
        "eval c@base --truth \(file) --metric ndcg@10", "eval c@base --curve",
        "eval c@base --truth \(file) --min-score 3",
      ] { #expect(await bench.run(line).code == 2, "\(line)") }
      #expect(await bench.run("eval q.run --truth \(file)").code != 0)
      try TestFiles.write("left,right,same\na,b,yes\nb,c,yes\na,c,no\n", to: file)
      let contrary = await bench.run("eval c@base --truth \(file)")
      #expect(contrary.code == 1 && contrary.notes.contains("contradict one another"))
    }
  }
}
