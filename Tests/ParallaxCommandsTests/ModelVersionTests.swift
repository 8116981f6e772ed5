import ParallaxProviders
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// Spaces of an earlier version of the embedded model, in a program that has a newer one.
@MainActor @Suite struct ModelVersionTests {
  private static let resources =
    "\(TestData.packageRoot)/Sources/ParallaxProviders/Resources"

  /// Runs `body` on a workspace that a program wrote whose newest version was 2, with that program's
  /// answers to a text.
  private func withEarlierSpace(_ body: (Bench, [String]) async throws -> Void) async throws {
    try await withTemporaryDirectory { folder in
      var earlier = Bench.providers
      (earlier.miniFolder, earlier.isMiniNamed) = (Self.resources + "/mini-2", true)
      let before = try Bench(folder: folder, providers: earlier)
      try await before.prepare()
      let answers = await before.rows(Self.question)
      before.session.workspace.close()
      let bench = try Bench(folder: folder)
      defer { bench.session.workspace.close() }
      try await body(bench, answers)
    }
  }

  private static let question = "query c --text \"a red mug\" --columns id,score"

  @Test func `stay searchable, and go on with their version`() async throws {
    try await withEarlierSpace { bench, answers in
      #expect(answers.count == 3)
      #expect(await bench.rows(Self.question) == answers)
      try bench.pictures(["d.jpg": "vase-001"])
      let grown = await bench.succeed("ingest c \(bench.folder)/in ; embed c")
      #expect(grown.notes.contains("c@base: 1 embedded · 3 as before"), "\(grown.notes)")
      let resumed = await bench.succeed("embed c --as base --model mini@2 --resume")
      #expect(resumed.notes.contains("c@base: 0 embedded · 4 as before"), "\(resumed.notes)")
      let halved = await bench.succeed("project c@base --dim 64 ; query c@base-64 --text mug")
      #expect(halved.notes.contains("4 vectors of 64"))
      let mixed = await bench.run("embed c --as base --model mini")
      #expect(
        mixed.code == 1
          && mixed.notes.contains("version is '2+271af212525f', asked was '4+cc6f9fc86120'"),
        "\(mixed.notes)")
    }
  }

  @Test func `are asked under another task type by their version, too`() async throws {
    try await withTemporaryDirectory { folder in
      var earlier = Bench.providers
      (earlier.miniFolder, earlier.isMiniNamed) = (Self.resources + "/mini-2", true)
      let before = try Bench(folder: folder, providers: earlier)
      try await before.prepare()
      try TestFiles.write(
        "id,text,task\nq,a red mug,SEMANTIC_SIMILARITY\n", to: folder + "/queries.csv")
      let question = "query c --queries \(folder)/queries.csv --columns id,score"
      let answers = await before.rows(question)
      before.session.workspace.close()
      let bench = try Bench(folder: folder)
      defer { bench.session.workspace.close() }
      #expect(answers.count == 3)
      #expect(await bench.rows(question) == answers)
    }
  }

  @Test func `stand beside spaces of the newest, which has one identity`() async throws {
    try await withEarlierSpace { bench, answers in
      await bench.succeed("embed c --as new --model mini")
      #expect(await bench.rows("query c@new --text \"a red mug\" --columns id,score") != answers)
      let named = await bench.succeed("embed c --as named --model mini@4")
      #expect(named.notes.contains("c@named: 0 embedded · 3 known already"), "\(named.notes)")
      let old = await bench.succeed("embed c --as old --model mini@2")
      #expect(old.notes.contains("c@old: 0 embedded · 3 known already"), "\(old.notes)")
      #expect(await bench.rows("query c@named --like a --also c@new --columns id").count == 6)
      let apart = await bench.run("query c@old --like a --also c@new")
      #expect(apart.code == 1 && apart.notes.contains("has another identity"), "\(apart.notes)")
    }
  }

  @Test func `are named where models are named, and nowhere else`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let listed = await bench.rows("list models").filter {
        $0.hasPrefix("mini,") && $0.contains(",vectors,")
      }
      #expect(
        listed.map { $0.split(separator: ",")[1] } == ["mini", "mini@4", "mini@3", "mini@2"],
        "\(listed)")
      #expect(await bench.rows("describe model mini@2").contains("version,2"))
      let unknown = await bench.run("embed c --as x --model mini@5")
      #expect(unknown.code == 2 && unknown.notes.contains("did you mean 'mini@"))
      // A collection called as the model: an object is never a model.
      await bench.succeed("create collection mini ; ingest mini \(bench.folder)/in")
      await bench.succeed("embed mini --as x2 --model mini@2 ; query mini@x2 --like a")
      let object = await bench.run("query mini@2 --text mug")
      #expect(
        object.notes.contains("takes COLLECTION or COLLECTION@SPACE; got 'mini@2'"),
        "\(object.notes)")
      let setting = await bench.succeed("set model mini@2 ; embed c --as by-setting")
      #expect(setting.notes.contains("known already") || setting.notes.contains("3 embedded"))
      #expect(
        await bench.rows("list spaces c").contains {
          $0.hasPrefix("c@by-setting,mini,mini,2+271af212525f,")
        })
    }
  }
}
