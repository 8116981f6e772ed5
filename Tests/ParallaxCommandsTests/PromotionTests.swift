import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// promote and demote, and what a collection's name stands for.
@MainActor @Suite struct PromotionTests {
  /// The dimension of the space that `query c` searches.
  private func searched(_ bench: Bench) async -> [String] {
    let rows = await bench.rows("query c --like a --top 1 ; describe _")
    return rows.filter { $0.hasPrefix("space,") }.map {
      String($0.dropFirst("space,".count).prefix { $0 != ":" })
    }
  }

  private func withSpaces(_ body: (Bench) async throws -> Void) async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      await bench.succeed("project c@base --dim 64,32")
      try await body(bench)
    }
  }

  @Test func `a promoted space is what the collection's name stands for`() async throws {
    try await withSpaces { bench in
      #expect(await searched(bench) == ["c@base"])
      let first = await bench.succeed("promote c@base-64")
      #expect(first.notes == "'c' stands for c@base-64, no longer for c@base\n")
      #expect(await searched(bench) == ["c@base-64"])
      #expect(
        await bench.succeed("promote c@base-64").notes == "'c' stands for c@base-64 already\n")
      await bench.succeed("promote c@base-32")
      #expect(await searched(bench) == ["c@base-32"])
      let listed = await bench.rows("list spaces").map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
      #expect(
        listed.map { [$0[0], $0.last] } == [
          ["c@base", "false"], ["c@base-32", "true"], ["c@base-64", "false"],
        ])
      // What is named is what is searched.
      #expect(await bench.rows("query c@base --like a --columns id").count == 3)

      let wrong = await bench.run("demote c@base-64")
      #expect(wrong.code == 2 && wrong.notes.contains("that is 'c@base-32'"), "\(wrong.notes)")
      #expect(await bench.succeed("demote c").notes == "'c' stands for c@base-64 again\n")
      #expect(await searched(bench) == ["c@base-64"])
      #expect(await bench.succeed("demote c@base-64").notes == "'c' stands for c@base again\n")
      #expect(await searched(bench) == ["c@base"])
      let none = await bench.run("demote c")
      #expect(none.code == 2 && none.notes.contains("no space of 'c' is promoted"))
    }
  }

  @Test func `a promotion outlives the session and ends with its space`() async throws {
    try await withTemporaryDirectory { folder in
      let before = try Bench(folder: folder)
      try await before.prepare()
      await before.succeed("project c@base --dim 64 ; promote c@base-64 ; promote c@base")
      await before.succeed("promote c@base-64")
      before.session.workspace.close()
      let bench = try Bench(folder: folder)
      defer { bench.session.workspace.close() }
      #expect(await searched(bench) == ["c@base-64"])
      let described = await bench.rows("describe c").last
      #expect(described?.hasPrefix("default space,\"base-64, promoted 20") == true)
      #expect(await bench.rows("describe c@base").contains { $0.contains("replaced by c@base-64") })
      let dropped = await bench.succeed("drop space c@base-64 --yes")
      #expect(dropped.notes == "dropped space 'c@base-64'\n'c' stands for c@base again\n")
      #expect(await searched(bench) == ["c@base"])
      #expect(
        await bench.succeed("demote c").notes
          == "'c' stands for c@base without a promotion, too\n")
      #expect(await bench.rows("describe c").last == "default space,base")
      #expect(await bench.rows("describe c@base").contains("promoted,no"))
      let last = await bench.succeed("promote c@base ; drop space c@base --yes")
      #expect(last.notes.hasSuffix("'c' stands for no space now\n"), "\(last.notes)")
    }
  }

  @Test func `what a promotion would hide is said, and refused when strict`() async throws {
    try await withSpaces { bench in
      try bench.pictures(["d.jpg": "vase-001"])
      await bench.succeed("ingest c \(bench.folder)/in ; embed c")
      let strict = await bench.run("set strict on ; promote c@base-64")
      #expect(strict.code == 1 && strict.notes.contains("1 item has no vector in c@base-64"))
      #expect(await searched(bench) == ["c@base"])
      let promoted = await bench.succeed("set strict off ; promote c@base-64")
      #expect(
        promoted.notes.contains("warning: 1 item has no vector in c@base-64, so queries do not"))
      #expect(await searched(bench) == ["c@base-64"])
    }
  }

  @Test(arguments: [
    ("promote c", "'promote' takes COLLECTION@SPACE; got 'c'"),
    ("promote c@bsae", "did you mean 'base'?"),
    ("demote c", "no space of 'c' is promoted"),
    ("demote d", "there is no collection 'd'"),
    ("promote c@base ; demote c ; demote c", "no space of 'c' is promoted"),
    ("promote c@base ; demote c@base-64", "that is 'c@base'"),
    ("promote c@base-64 ; drop space c@base-64 --yes ; demote c", "no space of 'c' is promoted"),
    ("drop space c@base-64 --yes ; promote c@base-64", "'c@base-64' is dropped before this line"),
  ])
  func `a mistake is found before anything runs`(line: String, message: String) async throws {
    try await withSpaces { bench in
      let outcome = await bench.run("create collection first ; \(line)")
      #expect(outcome.code == 2 && outcome.notes.contains(message), "\(outcome.notes)")
      #expect(await bench.rows("list collections").count == 1)
    }
  }

  @Test func `a script promotes what it makes, and takes it back`() async throws {
    try await withSpaces { bench in
      await bench.succeed(
        "embed c --as new --model mini@2 ; promote c@new ; promote c@base ; promote c@new ; "
          + "demote c@new ; demote c@base ; demote c@new")
      #expect(await searched(bench) == ["c@base"])
      // A collection whose spaces have names of their own stands for none of them.
      await bench.succeed(
        "create collection d ; ingest d \(bench.folder)/in ; embed d --as x ; promote d@x ; "
          + "project d@x --dim 32")
      #expect(await bench.succeed("demote d").notes == "'d' stands for no space now\n")
      let ambiguous = await bench.run("query d --like a")
      #expect(ambiguous.notes.contains("choose one for good with 'promote'"), "\(ambiguous.notes)")
      #expect(
        await bench.rows("describe d").last?.hasPrefix("default space,none: there are") == true)
    }
  }
}
