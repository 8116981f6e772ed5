import ParallaxCore
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// `dedupe` and `cluster` of pictures without any vector: `--by hash` and `--by pixels`.
@MainActor @Suite struct HashGroupTests {
  /// A picture with a note on how it is to be turned: 1 is as it is, 2 is mirrored.
  private static func noted(_ tile: String, _ orientation: UInt8) throws -> [UInt8] {
    let note: [UInt8] =
      [0xFF, 0xE1, 0, 34] + Array("Exif".utf8) + [0, 0] + Array("II*".utf8)
      + [0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]
    let whole = try TestFiles.bytes(of: "\(Bench.tiles)/images/\(tile).jpg")
    return Array(whole.prefix(2)) + note + whole.dropFirst(2)
  }

  /// A mug in four files: twice the same bytes, once with a note, once mirrored; and two others.
  private static func mugs(_ body: (Bench) async throws -> Void) async throws {
    try await Bench.inNewFolder { bench in
      try bench.pictures([
        "a.jpg": "mug-001", "b.jpg": "mug-001", "other.jpg": "shoe-001", "third.jpg": "brick-001",
      ])
      try TestFiles.write(try noted("mug-001", 1), to: bench.folder + "/in/noted.jpg")
      try TestFiles.write(try noted("mug-001", 2), to: bench.folder + "/in/turned.jpg")
      await bench.succeed("create collection c ; ingest c \(bench.folder)/in")
      try await body(bench)
    }
  }

  private static func cells(_ rows: [String]) -> [[String]] {
    rows.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  @Test func `near copies are found without a space, in bits and never as cosines`() async throws {
    try await Self.mugs { bench in
      let missing = await bench.run("dedupe c")
      #expect(missing.code == 1 && missing.notes.contains("'--by hash' needs none"))
      let outcome = await bench.succeed("set mode csv ; d = dedupe c --by hash --keep path")
      let lines = outcome.output.split(separator: "\n").map(String.init)
      #expect(
        lines[0]
          == "group,id,action,hash_distance,copy,same_pixels,hash_most,width,height,bytes,path")
      let rows = Self.cells(Array(lines.dropFirst()))
      #expect(
        rows.map { $0[0...6].joined(separator: ",") } == [
          "1,a,keep,,true,true,0", "1,b,would go,,true,true,0", "1,noted,would go,0,false,true,0",
        ])
      #expect(
        outcome.notes.contains("2 would go (1 same bytes, 1 same pixels)"), "\(outcome.notes)")
      let mirrored = Self.cells(
        await bench.rows("dedupe c --by hash --mirrored --hash-bits 2 --keep path"))
      #expect(mirrored.map { $0[1] } == ["a", "b", "noted", "turned"])
      #expect(mirrored[3][3...5].joined(separator: ",") == "0,false,false")
      let all = Self.cells(
        await bench.rows("cluster c --by hash --hash-bits 64 --method components"))
      #expect(all.count == 6 && all.allSatisfy { $0[0] == "1" })
    }
  }

  @Test func `what other commands make of groups by hash is in bits, too`() async throws {
    try await Self.mugs { bench in
      let folder = bench.folder
      let told = await bench.succeed(
        "set mode csv ; d = dedupe c --by hash --hash-bits 64 --keep path ; explain d group 1")
      #expect(
        told.output.contains(
          "id,role,hash_distance,nearest,nearest_distance,farthest,farthest_distance,complete,"),
        "\(told.output)")
      #expect(told.notes.contains("complete linkage at 64 bits: every two members reach"))
      #expect(told.notes.contains("the same pixels: 'a', 'noted'"), "\(told.notes)")
      let curve = await bench.rows("explain d")
      #expect(curve.count == 65 && curve[0] == "64,1,6,6,5" && curve[64] == "0,1,3,3,2", "\(curve)")
      #expect(await bench.rows("filter d --where \"hash_distance = 0\"").count == 1)
      #expect(await bench.rows("filter d --where same_pixels").count == 3)
      let scores = await bench.run("filter d --min-score 0.5")
      #expect(
        scores.code == 1 && scores.notes.contains("compares pictures, not vectors"),
        "\(scores.notes)")
      await bench.succeed("plot d --to \(folder)/curve.svg ; report d --to \(folder)/d.html")
      #expect(TestFiles.text(of: "\(folder)/curve.svg")?.contains("hash_bits") == true)
      let page = try #require(TestFiles.text(of: "\(folder)/d.html"))
      #expect(page.contains("hash distance") && page.contains("same pixels"))
      await bench.succeed("dedupe c --by hash --keep path --script \(folder)/goes.sh")
      #expect(TestFiles.text(of: "\(folder)/goes.sh")?.contains("2 files of") == true)
      try TestFiles.write("left,right\na,b\na,noted\n", to: folder + "/truth.csv")
      let truth = await bench.rows("e = dedupe c --by hash ; eval e --truth \(folder)/truth.csv")
      #expect(truth.contains { $0.hasPrefix("e,pairwise f1,1.0,") }, "\(truth)")
      let judge = await bench.run("explain d nothing")
      #expect(judge.code == 1 && judge.notes.contains("'nothing' is in no group"))
    }
  }

  @Test func `the same pixels are copies, unless somebody says no`() async throws {
    try await Self.mugs { bench in
      await bench.succeed("embed c --as base --model mini")
      let pixels = await bench.succeed("set mode csv ; p = dedupe c --by pixels --keep path")
      #expect(
        pixels.output.hasPrefix(
          "group,id,action,copy,same_pixels,width,height,bytes,path\n1,a,keep,true,true,"),
        "\(pixels.output)")
      #expect(pixels.output.split(separator: "\n").count == 4)
      let told = await bench.succeed("explain p group 1")
      #expect(told.notes.contains("group 1: 3 images\n"), "\(told.notes)")
      let curve = await bench.run("explain p")
      #expect(curve.code == 1 && curve.notes.contains("have no threshold"))
      let near = await bench.succeed("dedupe c@base --min-score 0.9999 --keep path")
      #expect(near.notes.contains("(1 same bytes, 1 same pixels)"), "\(near.notes)")
      #expect(near.output.hasPrefix("group,id,action,score,copy,same_pixels,least,"))
      // Nothing is decoded for what has no near-duplicate.
      let prints = try bench.session.workspace.fingerprints(
        in: try bench.session.workspace.collection(named: "c"))
      #expect(prints.count == 5)
      try TestFiles.write(
        "left,right,same\na,noted,distinct\n", to: bench.folder + "/said.csv")
      await bench.succeed("import-verdicts \(bench.folder)/said.csv --collection c")
      for way in ["c --by pixels", "c --by hash", "c@base --min-score 0.9999"] {
        let rows = Self.cells(await bench.rows("dedupe \(way) --keep path"))
        #expect(rows.map { $0[1] } == ["a", "b"], "\(way)")
      }
    }
  }

  @Test func `options that go with another measure are refused`() async throws {
    try await Self.mugs { bench in
      for line in [
        "dedupe c --by hash --min-score 0.9", "dedupe c --by hash --also-hash",
        "cluster c --by pixels --normalize", "dedupe c --by hash --through-index",
        "dedupe c --by pixels --hash-bits 3", "dedupe c --mirrored", "cluster c --hash-bits 3",
        "dedupe c --by hash --hash-bits 65", "dedupe c --by sound",
        "audit c --hash-bits 3 --min-score 0.9",
      ] {
        let outcome = await bench.run(line)
        #expect(outcome.code == 2, "\(line): \(outcome.notes)")
      }
      await bench.succeed("embed c --as base --model mini")
      #expect(await bench.run("dedupe c@typo --by hash").code == 2)
      let outcome = await bench.run("cluster c@base --by pixels")
      #expect(outcome.code == 2 && outcome.notes.contains("write 'c' without '@base'"))
      let judge = await bench.run("d = dedupe c --by hash ; filter d --max-score 1")
      #expect(judge.code == 1)
    }
  }

  @Test func `pictures without a hash, and those whose hash says nothing, are said`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      try TestFiles.write("no picture", to: bench.folder + "/in/c.jpg")
      let workspace = bench.session.workspace
      let items = try workspace.items(in: try workspace.collection(named: "c"))
      var prints: [ContentHash: Fingerprint] = [:]
      for item in items.prefix(2) {
        prints[item.hash] = Fingerprint(
          width: 96, height: 96, pixels: item.hash, hash: PerceptualHash(rawValue: 1),
          mirrored: PerceptualHash(rawValue: 2), spread: 1, margins: .none)
      }
      try workspace.keep(prints)
      let outcome = await bench.succeed("dedupe c --by hash")
      #expect(
        outcome.notes.contains("2 pictures, such as 'a', are nearly of one colour"),
        "\(outcome.notes)")
      #expect(outcome.notes.contains("1 picture has no perceptual hash"))
      #expect(await bench.run("set strict on ; dedupe c --by hash").code != 0)
    }
  }

  @Test func `an audit without a space looks for near-duplicates by hash`() async throws {
    try await Self.mugs { bench in
      try TestFiles.write(
        "file,split\na.jpg,train\nnoted.jpg,test\nother.jpg,train\nthird.jpg,test\n",
        to: bench.folder + "/split.csv")
      await bench.succeed(
        "ingest c \(bench.folder)/in --meta \(bench.folder)/split.csv --key file")
      let outcome = await bench.succeed("audit c")
      #expect(outcome.notes.contains("looked for by perceptual hashes"), "\(outcome.notes)")
      #expect(outcome.output.contains("dedupe c --by pixels"))
      let near = await bench.rows("audit c --hash-bits 64 --list near")
      #expect(near.count == 9 && near.allSatisfy { $0.hasPrefix("near,hash,") }, "\(near)")
      #expect(near.allSatisfy { $0.hasSuffix(" bits differ") })
      let leaks = await bench.rows("audit c --field split --hash-bits 64 --list leaks")
      #expect(leaks.contains("leaks,split,a,noted,train and test: the same pixels"), "\(leaks)")
      #expect(leaks.count { $0.contains("bits differ") } == 3, "\(leaks)")
    }
  }
}
