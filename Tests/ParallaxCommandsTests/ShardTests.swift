import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands
@testable import ParallaxWorkbench

/// Machines that share the work, and the joining of what they made.
@MainActor @Suite struct ShardTests {
  @Test func `shards are parts that make the whole`() throws {
    for text in [
      "0/3", "4/3", "3", "a/b", "1/2/3", "-1/2", " 1/2", "1/65537", "99999999999999999999/2",
    ] {
      #expect(EmbeddingShard(text) == nil, "\(text)")
    }
    let shards = try (1...3).map { try #require(EmbeddingShard("\($0)/3")) }
    // The first eight bytes as a number: 0x0100000000000000 mod 3 is 1, 0x…02 more is 0.
    for (last, part) in [(UInt8(0), 2), (1, 3), (2, 1)] {
      let hash = try #require(
        ContentHash(bytes: [1, 0, 0, 0, 0, 0, 0, last] + [UInt8](repeating: 7, count: 24)))
      #expect(shards.filter { $0.holds(hash) }.map(\.number) == [part])
    }
  }

  private func prepare(_ bench: Bench) async throws {
    try bench.pictures([
      "a.jpg": "mug-001", "b.jpg": "shoe-001", "c.jpg": "brick-001", "d.jpg": "mug-002",
      "copy of a.jpg": "mug-001", "e.jpg": "car-001",
    ])
    await bench.succeed("create collection p ; ingest p \(bench.folder)/in")
    await bench.succeed("embed p --as whole --model mini")
  }

  @Test func `the vectors of all shards are joined into the space of one machine`() async throws {
    try await Bench.inNewFolder { bench in
      try await prepare(bench)
      await bench.succeed("create collection q ; ingest q \(bench.folder)/in")
      var files: [String] = []
      for number in 1...3 {
        // A space for each part: what another has is not taken over from it.
        let done = await bench.succeed(
          "embed q --as part\(number) --model mini --shard \(number)/3 ; "
            + "export q@part\(number) --to \(bench.folder)/\(number).npy")
        #expect(done.notes.contains("in other shards"), "\(done.notes)")
        files.append("--vectors \(bench.folder)/\(number).npy")
      }
      let joined = await bench.succeed(
        "set strict on ; import p --as joined \(files.joined(separator: " ")) ; set strict off")
      #expect(joined.notes.contains("made p@joined: 6 vectors of 256"), "\(joined.notes)")
      #expect(
        await bench.rows("query p@joined --text 'a red mug'")
          == bench.rows("query p@whole --text 'a red mug'"))
      let some = await bench.succeed("import p --as some \(files[0]) \(files[1])")
      #expect(some.notes.contains("no vector in the files"), "\(some.notes)")
      let rest = await bench.succeed("set strict on ; import p --as some \(files[2])")
      #expect(rest.notes.contains("completed p@some"), "\(rest.notes)")
    }
  }

  @Test func `a part of another identity, or of other bytes, is refused`() async throws {
    try await Bench.inNewFolder { bench in
      try await prepare(bench)
      let folder = bench.folder
      await bench.succeed(
        "embed p --as old --model mini@2 ; export p@whole --to \(folder)/new.npy ; "
          + "export p@old --to \(folder)/old.npy")
      let mixed = await bench.run(
        "import p --as x --vectors \(folder)/new.npy --vectors \(folder)/old.npy")
      #expect(
        mixed.code != 0 && mixed.notes.contains("has another identity than")
          && mixed.notes.contains("version is"), "\(mixed.notes)")
      let contradicted = await bench.run(
        "import p --as x --vectors \(folder)/new.npy --model other")
      #expect(
        contradicted.code != 0
          && contradicted.notes.contains("says that the vectors' model is 'mini'"),
        "\(contradicted.notes)")
      // The file of one model in the place of another's.
      try TestFiles.write(
        TestFiles.bytes(of: folder + "/old.npy"), to: folder + "/new.npy")
      let swapped = await bench.run("import p --as x --vectors \(folder)/new.npy")
      #expect(
        swapped.code != 0 && swapped.notes.contains("was written beside other vectors"),
        "\(swapped.notes)")
      try TestFiles.write("{\"identity model\": ", to: folder + "/new.npy-metadata.json")
      let broken = await bench.run("import p --as x --vectors \(folder)/new.npy")
      #expect(broken.code != 0 && broken.notes.contains("is not the file that 'export' writes"))
      #expect(await bench.rows("list spaces p").count == 2)
      let ids = await bench.run(
        "import p --as x --vectors \(folder)/old.npy --vectors \(folder)/old.npy --ids \(folder)/old.ids.txt"
      )
      #expect(ids.code == 2 && ids.notes.contains("2 of --vectors and 1 of --ids"), "\(ids.notes)")
      for wrong in ["0/3", "3", "4/3"] {
        let refused = await bench.run("embed p --as y --model mini --shard \(wrong)")
        #expect(refused.code == 2 || refused.code == 1)
        #expect(refused.notes.contains("such as 3/16"), "\(refused.notes)")
      }
    }
  }
}
