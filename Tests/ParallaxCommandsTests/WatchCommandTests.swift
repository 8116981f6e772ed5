import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// Questions that are kept, and what `embed` and `sync` say of them.
@MainActor @Suite struct WatchCommandTests {
  private func withWatch(_ body: (Bench) async throws -> Void) async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let added = await bench.succeed("watch add mugs c@base --like a --min-score 0.99")
      #expect(
        added.notes.contains("'mugs' watches 'c@base': 1 image matches from 0.99 on now"),
        "\(added.notes)")
      try await body(bench)
    }
  }

  @Test func `embed says which new images match, once`() async throws {
    try await withWatch { bench in
      try bench.pictures(["again.jpg": "mug-001", "other.jpg": "brick-002"])
      let synced = await bench.succeed("sync c")
      #expect(
        synced.notes.contains(
          "2 images have no vector in 'c@base', which 1 watch looks at: 'embed c --as base'"),
        "\(synced.notes)")
      #expect(!synced.notes.contains("new match"))
      let embedded = await bench.succeed("embed c")
      #expect(
        embedded.notes.contains("watch 'mugs': 1 new match: again (1.000); all: watch show mugs"),
        "\(embedded.notes)")
      for line in ["embed c", "sync c"] {
        let again = await bench.succeed(line)
        #expect(!again.notes.contains("watch"), "\(line) says \(again.notes)")
      }
      let shown = await bench.rows("watch show mugs")
      #expect(shown.count == 2 && shown.count { $0.contains("Z,") } == 1, "\(shown)")
      #expect(await bench.rows("watch show mugs --since 2020-01-01").count == 1)
      #expect(await bench.rows("watch show mugs --since 2999-01-01T00:00:00Z").isEmpty)
      let listed = await bench.rows("watch")
      #expect(
        listed.count == 1 && listed[0].hasPrefix("mugs,c@base,0.99,1,")
          && listed[0].hasSuffix(",--like a,,active"), "\(listed)")
      let pictures = await bench.run("watch show mugs | show --images")
      #expect(pictures.code == 0, "\(pictures.notes)")
    }
  }

  @Test func `a threshold is not applied to another model's vectors`() async throws {
    try await withWatch { bench in
      await bench.succeed("project c@base --dim 64")
      let dropped = await bench.succeed("drop space c@base --yes")
      #expect(dropped.notes.contains("1 watch of it is paused"), "\(dropped.notes)")
      let paused = await bench.succeed("sync c")
      #expect(
        paused.notes.contains("watch 'mugs' is paused: its space 'c@base' is gone"), "\(paused)")
      let refused = await bench.run("watch show mugs")
      #expect(refused.code == 1 && refused.notes.contains("is paused"))
      let left = await bench.rows("watch list")
      #expect(left.count == 1 && left.allSatisfy { $0.contains("is paused") })
      let removed = await bench.succeed("watch remove mugs")
      #expect(
        removed.notes.contains("watch add mugs c@base --like a --min-score 0.99"), "\(removed)")
      #expect(await bench.rows("watch list").isEmpty)
      await bench.succeed("watch add w c@base-64 --like a --min-score 0.5")
      let whole = await bench.succeed("drop collection c --yes")
      #expect(whole.notes.contains("dropped collection 'c' with 1 watch"), "\(whole.notes)")
    }
  }

  @Test func `what does not go together is refused, with its place`() async throws {
    try await withWatch { bench in
      for (line, part) in [
        ("watch add x c@base --min-score 0.3", "needs something to look for"),
        ("watch add x c@base --text red", "needs --min-score"),
        ("watch add x c@base --text red --min-score 2", "from -1 to 1"),
        ("watch add x c@base --text '' --min-score 0", "empty text"),
        ("watch list x", "takes no name"), ("watch show", "needs the name of a watch"),
        ("watch show mugs c@base", "takes one name"),
        ("watch show mugs --text red", "'watch show' takes no --text"),
        ("watch show mugs --since yesterday", "takes a date"),
        ("watch add x c@base --text red --min-score 0 --where \"yaer > 1\"", "yaer"),
      ] {
        let outcome = await bench.run(line)
        #expect(outcome.code != 0 && outcome.notes.contains(part), "\(line): \(outcome.notes)")
        #expect(!outcome.notes.contains("internal error"))
      }
      let twice = await bench.run("watch add mugs c@base --like b --min-score 0")
      #expect(twice.code == 1 && twice.notes.contains("there is a watch 'mugs'"))
      let none = await bench.run("watch remove mug")
      #expect(none.code == 1 && none.notes.contains("did you mean 'mugs'?"), "\(none.notes)")
    }
  }

  @Test func `a condition counts, and so does what changes in it`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let added = await bench.succeed(
        "watch add new c@base --like a --not-like b^0.1 --where \"year > 2021\" --min-score -1")
      #expect(added.notes.contains("1 image matches"), "\(added.notes)")
      try TestFiles.write(
        "file,year\na.jpg,2019\nb.jpg,2024\nc.jpg,2022\n", to: "\(bench.folder)/meta.csv")
      let synced = await bench.succeed("sync c")
      #expect(synced.notes.contains("watch 'new': 1 new match: b ("), "\(synced.notes)")
      #expect(
        await bench.rows("watch list")[0].contains(
          "--like a --not-like b^0.1,year > 2021,active"))
    }
  }
}
