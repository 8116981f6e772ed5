import ParallaxCore
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// `audit` of collections that have what it looks for.
@MainActor @Suite struct AuditCommandTests {
  private static func counts(_ bench: Bench, _ command: String) async -> [String: Int] {
    let rows = await bench.rows("\(command) | show --columns finding,count")
    return Dictionary(
      rows.map { row in
        let cells = row.split(separator: ",")
        return (String(cells[0]), Int(cells[1]) ?? -1)
      }, uniquingKeysWith: +)
  }

  @Test func `each kind of fault is found, with the command that shows it`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      try bench.pictures(["a2.jpg": "mug-001", "late.jpg": "lamp-001"])
      let whole = try TestFiles.bytes(of: "\(Bench.tiles)/images/vase-001.jpg")
      try TestFiles.write(whole.prefix(700), to: "\(bench.folder)/in/broken.jpg")
      try TestFiles.write(
        "file,split\na.jpg,train\na2.jpg,test\nb.jpg,train\n", to: "\(bench.folder)/split.csv")
      await bench.succeed(
        "ingest c \(bench.folder)/in --meta \(bench.folder)/split.csv --key file")
      try TestFiles.write("other bytes", to: "\(bench.folder)/in/b.jpg")
      let counts = await Self.counts(bench, "audit c@base --field split")
      #expect(counts["copies"] == 1 && counts["leaks"] == 1, "\(counts)")
      #expect(counts["missing"] == 1 && counts["broken"] == 1 && counts["vectors"] == 3)
      #expect(counts["blank"] == 0 && counts["pixels"] == 0)
      let leaks = await bench.rows("audit c@base --field split --list leaks")
      #expect(leaks == ["leaks,split,a,a2,train and test: the same bytes"])
      let outcome = await bench.succeed("audit c@base")
      #expect(outcome.output.contains("embed c --as base --resume"))
      #expect(await bench.run("audit c --list leaks").code == 2)
      #expect(await bench.run("audit c --field nothing").code == 1)
      await bench.succeed("audit c@base --list copies | export --to \(bench.folder)/copies.csv")
    }
  }

  @Test func `a leak is found also where the first copy has no value`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      try bench.pictures(["a2.jpg": "mug-001", "a3.jpg": "mug-001", "b2.jpg": "shoe-001"])
      try TestFiles.write(
        "file,split,tags\na2.jpg,train,x\na3.jpg,test,y\nb.jpg,train,z\nb2.jpg,train,z\nc.jpg,val,z\n",
        to: "\(bench.folder)/split.csv")
      await bench.succeed(
        "ingest c \(bench.folder)/in --meta \(bench.folder)/split.csv --key file --multi tags ; embed c"
      )
      let leaks = await bench.rows("audit c@base --field split --list leaks")
      #expect(leaks == ["leaks,split,a2,a3,train and test: the same bytes"])
      // Near-copies, where one speaks for the copies of its bytes.
      let near = await bench.rows("audit c@base --field split --min-score -1 --list leaks")
      let pairs = near.map { $0.split(separator: ",")[2...3].joined(separator: " ") }
      #expect(Set(pairs).count == pairs.count, "\(pairs)")
      #expect(pairs.contains("a3 b") && pairs.contains("a2 c") && !pairs.contains("a2 b"))
      #expect(
        await bench.rows("audit c@base --list values").filter { $0.contains("split") } == [
          "values,split,a,,no value"
        ])
      let list = await bench.run("audit c@base --field tags")
      #expect(list.code == 1 && list.notes.contains("'tags' holds several values"), "\(list.notes)")
    }
  }

  @Test func `vectors from elsewhere are not to be embedded`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      await bench.succeed("export c@base --to \(bench.folder)/v.npy")
      // Without what 'export' says beside it.
      try TestFiles.copy("\(bench.folder)/v.npy", to: "\(bench.folder)/other.npy")
      await bench.succeed(
        "import c --as other --vectors \(bench.folder)/other.npy --ids \(bench.folder)/v.ids.txt")
      try bench.pictures(["late.jpg": "lamp-001"])
      await bench.succeed("sync c")
      let outcome = await bench.succeed("set mode csv ; audit c@base")
      #expect(outcome.output.contains("embed c --as base --resume"), "\(outcome.output)")
      #expect(outcome.output.contains("import c --as other --vectors FILE.npy --ids FILE"))
    }
  }

  @Test func `a border is on two opposite edges, about as wide on both`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let workspace = bench.session.workspace
      let items = try workspace.items(in: try workspace.collection(named: "c"))
      let margins: [Fingerprint.Margins] = [
        .init(left: 6, top: 0, right: 8, bottom: 0),
        // A sky, and a dark floor below it.
        .init(left: 0, top: 40, right: 0, bottom: 4),
        .init(left: 0, top: 9, right: 1, bottom: 9),
      ]
      var prints: [ContentHash: Fingerprint] = [:]
      for (item, margins) in zip(items, margins) {
        prints[item.hash] = Fingerprint(
          width: 96, height: 96, pixels: item.hash, hash: PerceptualHash(rawValue: 1),
          mirrored: PerceptualHash(rawValue: 2), spread: 40, margins: margins)
      }
      try workspace.keep(prints)
      #expect(
        await bench.rows("audit c --list borders") == [
          "borders,,a,,\"left 6, right 8 pixels\"", "borders,,c,,\"top 9, bottom 9 pixels\"",
        ])
    }
  }

  @Test func `a collection without a space is looked through all the same`() async throws {
    try await Bench.inNewFolder { bench in
      await bench.succeed("create collection e")
      let empty = await bench.succeed("audit e")
      #expect(
        empty.notes.contains("nothing to mend")
          && empty.notes.contains("'e' has no default space (name one as e@SPACE)"),
        "\(empty.notes)")
      let cosine = await bench.run("audit e --min-score 0.9")
      #expect(cosine.code == 2 && cosine.notes.contains("--min-score"), "\(cosine.notes)")
      #expect(cosine.notes.contains("e@SPACE") && cosine.notes.contains("--hash-bits"))
    }
  }
}
