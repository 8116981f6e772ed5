import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// index, project, load, unload and what describe says of a space.
@MainActor @Suite struct SpaceCommandTests {
  @Test func `an index is built, completed, said and dropped`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let without = await bench.succeed("query c --like a --ef 20")
      #expect(without.notes.contains("'c@base' has no index: --ef"))
      let built = await bench.succeed("set mode csv ; index c@base --m 8 --storage f32 --ef 50")
      #expect(built.output.hasPrefix("filter passes,queries,recall@10,at least (95 %)\n1.0,3,1.0,"))
      #expect(built.notes.contains("c@base: 3 added, 3 nodes"), "\(built.notes)")
      let described = await bench.succeed("describe c@base").output
      #expect(described.contains("\"hnsw, m 8, ef-construction 128, f32; scores are exact\""))
      #expect(described.contains("index,\"3 nodes, 0 of items that went, 0 images compared"))
      #expect(described.contains("\"recall@10, filter 1.0\","), "\(described)")
      let found = await bench.succeed("query c --like a --top 1 --columns id")
      #expect(found.output == "id\na\n")

      try bench.pictures(["d.jpg": "vase-001"])
      await bench.succeed("ingest c \(bench.folder)/in ; embed c")
      let grown = await bench.succeed("index c@base --m 8 --storage f32 --ef 50")
      #expect(grown.notes.contains("c@base: 1 added, 4 nodes"), "\(grown.notes)")
      let anew = await bench.succeed("index c@base --m 8 --storage f32 --rebuild")
      #expect(anew.notes.contains("c@base: 4 added, 4 nodes"), "\(anew.notes)")
      let dropped = await bench.succeed("index c@base --drop ; describe c@base")
      #expect(dropped.notes.contains("c@base is searched exactly"))
      #expect(dropped.output.contains("\"exact, cosine\""), "\(dropped.output)")
    }
  }

  @Test func `an index is not built where nothing may be written`() async throws {
    try await withTemporaryDirectory { folder in
      let bench = try Bench(folder: folder)
      try await bench.prepare()
      bench.session.workspace.close()
      let reader = try Bench(folder: folder, mode: .readOnly)
      defer { reader.session.workspace.close() }
      let refused = await reader.run("index c@base")
      #expect(refused.code == 1 && refused.notes.contains("open for reading only"))
      #expect(await reader.rows("query c --like a --top 1 --columns id") == ["a"])
    }
  }

  @Test func `a space is cut to dimensions that its model knows`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let made = await bench.succeed("project c@base --dim 64,32")
      #expect(made.notes == "made c@base-64: 3 vectors of 64\nmade c@base-32: 3 vectors of 32\n")
      let again = await bench.succeed("project c@base --dim 32")
      #expect(again.notes == "made c@base-32: 0 vectors of 32, 3 as before\n")
      #expect(await bench.rows("query c@base-32 --like a --top 1 --columns id") == ["a"])
      let large = await bench.run("project c@base --dim 32,4096")
      #expect(
        large.code == 1 && large.notes.contains("'dim' takes numbers below"), "\(large.notes)")
      #expect(large.notes.contains("test:1:25"), "\(large.notes)")
      let odd = await bench.run("project c@base --dim 33")
      #expect(odd.code == 1, "\(odd.notes)")
    }
  }

  @Test func `spaces are loaded and unloaded by name or all together`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      #expect(await bench.succeed("describe c@base").output.contains("known when it is loaded"))
      await bench.succeed("project c@base --dim 32 ; unload c")
      let loaded = await bench.succeed("load c")
      #expect(loaded.notes.contains("loaded c@base: 3 vectors of"), "\(loaded.notes)")
      #expect(loaded.notes.contains("loaded c@base-32: 3 vectors of 32"), "\(loaded.notes)")
      let unloaded = await bench.succeed("unload c@base ; unload c")
      #expect(
        unloaded.notes == """
          unloaded c@base
          c@base was not loaded
          unloaded c@base-32

          """)
    }
  }
}
