import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// A vector is stored under the hash of the bytes it was made of, or not at all.
@MainActor
@Suite struct ChangedFileTests {
  private static func tile(_ name: String) -> String { "\(Bench.tiles)/images/\(name).jpg" }

  @Test func `an image changed since ingest fails alone`() async throws {
    try await Bench.inNewFolder { bench in
      try bench.pictures(["a.jpg": "mug-001", "b.jpg": "shoe-001"])
      await bench.succeed("create collection c ; ingest c \(bench.folder)/in")
      try bench.pictures(["a.jpg": "brick-001"])
      let embedding = await bench.run("set mode csv ; embed c")
      #expect(embedding.code == 0)
      #expect(embedding.notes.contains("1 embedded · 1 failed"))
      #expect(embedding.notes.contains("warning: 1 image has no vector"))
      #expect(embedding.output.contains("changed-file,'a' changed since ingest; run 'sync c'"))

      // A collection that has the old picture finds no vector of it.
      try TestFiles.copy(Self.tile("mug-001"), to: "\(bench.folder)/other/mug.jpg")
      try TestFiles.copy(Self.tile("brick-001"), to: "\(bench.folder)/other/brick.jpg")
      await bench.succeed("create collection d ; ingest d \(bench.folder)/other ; embed d")
      for name in ["mug", "brick"] {
        let query = "query d@base --image \(Self.tile("\(name)-001")) --top 1 --columns id,score"
        let cells = try #require(await bench.rows(query).first).split(separator: ",")
        #expect(cells[0] == name)
        #expect(try #require(Double(cells[1])) > 0.999)
      }
      await bench.succeed("sync c ; embed c")
      let rows = await bench.rows("query c@base --image \(Self.tile("brick-001")) --top 1")
      #expect(rows.first?.contains("a") == true)
    }
  }

  @Test func `the same size and time do not hide a change, and --strict fails`() async throws {
    try await Bench.inNewFolder { bench in
      try bench.pictures(["a.jpg": "mug-001"])
      let path = bench.folder + "/in/a.jpg"
      try TestFiles.setModified(1_700_000_000_000_000_000, of: path)
      await bench.succeed("create collection c ; ingest c \(bench.folder)/in")
      var bytes = try TestFiles.bytes(of: path)
      bytes[bytes.count / 2] ^= 1
      try TestFiles.write(bytes, to: path)
      try TestFiles.setModified(1_700_000_000_000_000_000, of: path)
      let embedding = await bench.run("set strict on ; embed c")
      #expect(embedding.code == 1)
      let failures = await bench.rows("set strict off ; embed c")
      #expect(failures.last?.hasSuffix("'a' changed since ingest; run 'sync c'") == true)
    }
  }

  @Test func `another file of the same content serves`() async throws {
    try await Bench.inNewFolder { bench in
      try bench.pictures(["a.jpg": "mug-001", "b.jpg": "mug-001", "c.jpg": "mug-001"])
      await bench.succeed("create collection c ; ingest c \(bench.folder)/in")
      try bench.pictures(["a.jpg": "brick-001", "b.jpg": "shoe-001"])
      let embedding = await bench.run("set mode csv ; embed c")
      #expect(embedding.notes.contains("1 embedded · 2 failed"))
      for name in ["a", "b"] {
        #expect(embedding.output.contains("changed-file,'\(name)' changed since ingest"))
      }
    }
  }
}
