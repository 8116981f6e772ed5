import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

@MainActor @Suite struct WorkspaceCommandTests {
  @Test func `damage is listed and accepted`() async throws {
    try await withDamage { bench in
      let check = await bench.run("set mode csv ; workspace check")
      #expect(check.code == 3)
      #expect(check.output == "part,problem\nthe items of 'c',a row is not what was stored\n")
      #expect(check.notes.contains("error: '\(bench.folder)/work.parallax' is damaged"))
      let refused = await bench.run("workspace check --accept")
      #expect(refused.code == 2 && refused.notes.contains("'workspace' needs --yes"))
      bench.session.confirm = { _ in false }
      #expect(await bench.run("workspace check --accept").notes.contains("nothing was done"))
      let accepted = await bench.succeed("workspace check --accept --yes")
      #expect(accepted.notes.contains("what is there now counts as right"))
      let intact = await bench.succeed("workspace check")
      #expect(intact.notes.contains("nothing in '\(bench.folder)/work.parallax' is damaged"))
    }
  }

  @Test func `a session that was cut off is looked at when the next begins`() async throws {
    try await withDamage(isCutOff: true) { bench in
      #expect(await bench.session.checkAfterUncleanEnd() == nil)
      let said = await bench.succeed("set strict on").notes
      #expect(
        said.contains("warning: '\(bench.folder)/work.parallax' is damaged: the items of 'c'"))
      #expect(await bench.session.checkAfterUncleanEnd() == 1)
    }
    try await withDamage(isCutOff: true, changes: false) { bench in
      #expect(await bench.session.checkAfterUncleanEnd() == nil)
      let said = await bench.succeed("quit").notes
      #expect(said.contains("the last session did not end properly; nothing is damaged"))
    }
    try await Bench.inNewFolder { bench in
      #expect(await bench.session.checkAfterUncleanEnd() == nil)
    }
  }

  /// - Parameters:
  ///   - isCutOff: whether the session before left its lock.
  ///   - changes: whether a letter of an item's path is another.
  private func withDamage(
    isCutOff: Bool = false, changes: Bool = true, _ body: (Bench) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { folder in
      let bench = try Bench(folder: folder)
      try bench.pictures(["a.jpg": "mug-001"])
      await bench.succeed("create collection c ; ingest c \(folder)/in")
      bench.session.workspace.close()
      let path = folder + "/work.parallax"
      if changes {
        var bytes = try TestFiles.bytes(of: path)
        let name = Array("/in/a.jpg".utf8)
        let start = try #require(
          bytes.indices.first { bytes[$0...].prefix(name.count).elementsEqual(name) })
        bytes[start + 4] = UInt8(ascii: "j")
        try TestFiles.write(bytes, to: path)
      }
      if isCutOff { try TestFiles.write("1\n", to: path + "-lock") }
      let next = try Bench(folder: folder)
      defer { next.session.workspace.close() }
      try await body(next)
    }
  }
}
