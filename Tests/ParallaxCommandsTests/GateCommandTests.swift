import ParallaxCore
import ParallaxDigest
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// What `gate` decides.
@MainActor @Suite struct GateCommandTests {
  /// The three pictures of `c@base`, and some that come in.
  private static func incoming(
    _ pictures: [String: String], _ body: (Bench, String) async throws -> Void
  ) async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      for (name, tile) in pictures {
        try TestFiles.copy("\(Bench.tiles)/images/\(tile).jpg", to: "\(bench.folder)/new/\(name)")
      }
      try await body(bench, "\(bench.folder)/new")
    }
  }

  /// The first cells of each row: picture and decision.
  private static func decisions(_ rows: [String], below folder: String) -> [String] {
    rows.map { row in
      row.split(separator: ",", omittingEmptySubsequences: false).prefix(2).joined(separator: " ")
        .replacing("\(folder)/", with: "")
    }
  }

  @Test func `copies are rejected whatever their vectors, others by their nearest`() async throws {
    let pictures = [
      "b.jpg": "wood-001", "a.jpg": "mug-001", "sub/c.jpg": "wood-001", "d.jpg": "car-001",
    ]
    try await Self.incoming(pictures) { bench, new in
      try TestFiles.write("no picture", to: "\(new)/bad.jpg")
      try TestFiles.write("", to: "\(new)/empty.png")
      let rows = await bench.rows("gate c@base \(new) --max-score 1 --review -1")
      #expect(
        Self.decisions(rows, below: new) == [
          "a.jpg reject", "b.jpg review", "bad.jpg unreadable", "d.jpg review",
          "empty.png unreadable", "sub/c.jpg reject",
        ])
      #expect(rows[0].hasPrefix("\(new)/a.jpg,reject,,") && rows[0].contains(",a,true,false,"))
      #expect(rows[5].contains(",\(new)/b.jpg,true,true,"), "\(rows[5])")
      #expect(rows[2].contains("text file") && rows[4].contains("the file is empty"))
      let pass = await bench.rows("gate c@base \(new)/b.jpg \(new)/d.jpg --max-score 1 --k 1")
      #expect(Self.decisions(pass, below: new) == ["b.jpg pass", "d.jpg pass"])
      let collections = await bench.rows("list collections")
      #expect(collections.count == 1 && collections.allSatisfy { $0.contains(",3") })
      #expect(TestFiles.exists("\(new)/a.jpg"))
    }
  }

  @Test func `scores are those of query, and the earlier of two that come in is no match`()
    async throws
  {
    try await Self.incoming(["b.jpg": "wood-001", "d.jpg": "car-001"]) { bench, new in
      let asked = await bench.rows("query c@base --image \(new)/d.jpg --columns score,id --top 3")
      let rows = await bench.rows("gate c@base \(new) --max-score 1 --k 4")
      let cells = rows.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      for rank in 0..<4 {
        let (score, match) = (cells[1][3 + 6 * rank], cells[1][4 + 6 * rank])
        #expect(asked.contains("\(score),\(match)") || match == "\(new)/b.jpg")
      }
      #expect(!rows[0].contains("d.jpg"))
      #expect(cells[0][21...26].joined().isEmpty, "only three are there before it")
    }
  }

  @Test func `exit code 3 is for those who ask`() async throws {
    try await Self.incoming(["b.jpg": "wood-001", "a.jpg": "mug-001"]) { bench, new in
      let plain = await bench.run("gate c@base \(new) --max-score 1")
      #expect(plain.code == 0)
      #expect(plain.notes.contains("2 pictures: 1 pass, 1 rejected"), "\(plain.notes)")
      #expect(plain.notes.contains("uncalibrated"))
      let failing = await bench.run("set mode csv ; gate c@base \(new) --max-score 1 --fail")
      #expect(failing.code == 3 && failing.notes.contains("of 2 pictures, 1 is rejected"))
      #expect(failing.output.contains("b.jpg,pass"), "\(failing.output)")
      let review = "gate c@base \(new)/b.jpg --max-score 1 --review -1"
      #expect(await bench.run("\(review) --fail").code == 0)
      #expect(await bench.run("\(review) --fail-review").code == 3)
      try TestFiles.write("no picture", to: "\(new)/bad.jpg")
      #expect(await bench.run("gate c@base \(new)/bad.jpg --max-score 1 --fail").code == 3)
    }
  }

  @Test func `what cannot be decided is refused`() async throws {
    try await Self.incoming(["b.jpg": "wood-001"]) { bench, new in
      try TestFiles.write("x", to: "\(bench.folder)/none/readme.txt")
      for (line, code, words) in [
        ("gate c@base \(bench.folder)/none --max-score 0.9", 1, "there is no picture in"),
        ("gate c@base \(bench.folder)/nowhere --max-score 0.9", 2, "No such file"),
        ("gate c@base \(new)", 1, "is not calibrated"),
        ("gate c@base \(new) --max-score 1.5", 2, "from -1 to 1"),
        ("gate c@base \(new) --max-score 0.5 --review 0.6", 2, "0.6 is above 0.5"),
        ("gate c@base --max-score 0.9", 2, "PATH"),
      ] {
        let outcome = await bench.run(line)
        #expect(outcome.code == Int32(code), "\(line): \(outcome.notes)")
        #expect(outcome.notes.contains(words), "\(line): \(outcome.notes)")
      }
      await bench.succeed("embed c --as words --content text")
      let texts = await bench.run("gate c@words \(new) --max-score 0.9")
      #expect(texts.code == 1 && texts.notes.contains("holds vectors of texts"), "\(texts.notes)")
    }
  }

  @Test func `what somebody has said counts more than a score`() async throws {
    try await Self.incoming(["b.jpg": "wood-001", "d.jpg": "car-001"]) { bench, new in
      // Whatever its score, and though other pictures are nearer.
      try Self.say("wood-001", "mug-001", .duplicate, bench)
      for tile in ["mug-001", "shoe-001", "brick-001"] {
        try Self.say("car-001", tile, .distinct, bench)
      }
      let rows = await bench.rows("gate c@base \(new) --max-score 1 --review -1 --k 1")
      #expect(Self.decisions(rows, below: new) == ["b.jpg reject", "d.jpg pass"])
      #expect(rows[0].contains(",a,false,false,duplicate"), "\(rows[0])")
      // What is no mug is no duplicate of one either, which leaves nothing that counts.
      #expect(rows[1].contains(",distinct,"), "\(rows[1])")
      let alone = await bench.rows("gate c@base \(new)/d.jpg --max-score -1 --k 2")
      #expect(Self.decisions(alone, below: new) == ["d.jpg pass"] && alone[0].contains(",distinct"))
    }
  }

  /// Keeps a verdict about two of the bundled pictures.
  private static func say(
    _ one: String, _ other: String, _ answer: Verdict.Answer, _ bench: Bench
  ) throws {
    let hashes = try [one, other].map {
      try Digest.sha256(fileAt: "\(Bench.tiles)/images/\($0).jpg")
    }
    let pair = try #require(ContentPair(hashes[0], hashes[1]))
    try bench.session.workspace.keep([Verdict(pair, answer, at: "2026-01-01T00:00:00Z")])
  }

  @Test func `what follows from verdicts counts, unless they contradict one another`()
    async throws
  {
    let pictures = ["b.jpg": "wood-001", "d.jpg": "car-001", "e.jpg": "vase-001"]
    try await Self.incoming(pictures) { bench, new in
      // By a picture that is nowhere any more.
      try Self.say("wood-001", "lamp-001", .duplicate, bench)
      try Self.say("lamp-001", "mug-001", .duplicate, bench)
      try Self.say("shoe-001", "brick-001", .duplicate, bench)
      for tile in ["mug-001", "shoe-001"] { try Self.say("car-001", tile, .distinct, bench) }
      let rows = await bench.rows("gate c@base \(new)/b.jpg \(new)/d.jpg --max-score 1 --k 1")
      #expect(Self.decisions(rows, below: new) == ["b.jpg reject", "d.jpg pass"])
      #expect(rows[0].contains(",a,false,false,duplicate"), "\(rows[0])")
      let apart = await bench.rows("gate c@base \(new)/d.jpg --max-score -1")
      #expect(Self.decisions(apart, below: new) == ["d.jpg pass"])
      #expect(apart[0].ranges(of: ",distinct").count == 3, "\(apart[0])")

      try Self.say("vase-001", "shoe-001", .duplicate, bench)
      try Self.say("vase-001", "brick-001", .distinct, bench)
      let line = "gate c@base \(new)/e.jpg --max-score 1"
      let told = await bench.succeed("set mode csv ; \(line)")
      #expect(told.output.contains("e.jpg,pass,"), "\(told.output)")
      #expect(
        told.notes.contains("verdicts contradict one another: ")
          && told.notes.contains("' = 'b' = '"), "\(told.notes)")
      #expect(await bench.run("set strict on ; \(line)").code == 1)
      // A contradiction about other pictures is no matter of this gate.
      let other = await bench.succeed("set strict off ; gate c@base \(new)/b.jpg --max-score 1")
      #expect(!other.notes.contains("contradict"), "\(other.notes)")
    }
  }

  @Test func `copies of what does not count take no places`() async throws {
    try await Self.incoming(["s.jpg": "shoe-002"]) { bench, new in
      try bench.pictures(
        Dictionary(uniqueKeysWithValues: (1...5).map { ("copy\($0).jpg", "shoe-001") }))
      await bench.succeed("sync c ; embed c")
      try Self.say("shoe-002", "shoe-001", .distinct, bench)
      let rows = await bench.rows("gate c@base \(new) --max-score -1 --k 1")
      #expect(Self.decisions(rows, below: new) == ["s.jpg reject"])
      #expect(!rows[0].contains("copy") && !rows[0].contains(",b,"), "\(rows[0])")
      // Of many copies of what comes in, no more are shown than were asked for.
      try TestFiles.copy("\(Bench.tiles)/images/shoe-001.jpg", to: "\(new)/t.jpg")
      let copies = await bench.rows("gate c@base \(new)/t.jpg --max-score 1 --k 3")
      #expect(copies.count == 1 && copies[0].ranges(of: ",true,false").count == 3, "\(copies)")
      #expect(copies[0].contains(",reject,,1.0,b,true"), "those with a vector have a score")
    }
  }

  @Test func `with a second sign a match needs both`() async throws {
    try await Self.incoming(["b.jpg": "mug-002", "d.jpg": "car-001"]) { bench, new in
      let line = "gate c@base \(new) --max-score -1 --k 1"
      #expect(
        Self.decisions(await bench.rows(line), below: new) == ["b.jpg reject", "d.jpg reject"])
      // Every picture is as near as -1, and none has the hash of another.
      let none = await bench.rows("\(line) --also-hash --hash-bits 0")
      #expect(Self.decisions(none, below: new) == ["b.jpg pass", "d.jpg pass"])
      let all = await bench.rows("\(line) --also-hash --hash-bits 64")
      #expect(Self.decisions(all, below: new) == ["b.jpg reject", "d.jpg reject"])
      // The first match is one that counts, though another may have a higher score.
      let some = await bench.rows("\(line) --also-hash --hash-bits 30")
      #expect(some.count == 2)
      for row in some where row.contains(",reject,") {
        let cells = row.split(separator: ",", omittingEmptySubsequences: false)
        #expect(Int(cells[8]).map { $0 <= 30 } == true, "\(row)")
      }
      let refused = await bench.run("gate c@base \(new) --also-hash --hash-bits 8")
      #expect(
        refused.code == 1 && refused.notes.contains("--also-hash --hash-bits 8"), "\(refused.notes)"
      )
      #expect(await bench.run("\(line) --also-hash --hash-bits 65").code == 2)
    }
  }

  @Test func `a page shows each picture beside its matches`() async throws {
    try await Self.incoming(["b.jpg": "wood-001", "a.jpg": "mug-001"]) { bench, new in
      try TestFiles.write("no picture", to: "\(new)/<b>.jpg")
      let page = "\(bench.folder)/gate.html"
      let line = "g = gate c@base \(new) --max-score 1 --fail --to \(page)"
      let failing = await bench.run(line)
      #expect(failing.code == 3 && failing.notes.contains("wrote 3 sections"), "\(failing.notes)")
      let text = try #require(TestFiles.text(of: page))
      for words in [
        "Rejected: 1 picture", "Unreadable: 1 picture", "Passed: 1 picture", "the same bytes",
        "&lt;b&gt;.jpg", "3 pictures: 1 pass, 1 rejected, 1 unreadable.",
      ] { #expect(text.contains(words), "\(words)") }
      #expect(!text.contains("<b>.jpg"))
      // Two that come in and can be read, with three items each, and a before b.
      #expect(text.ranges(of: "data:image/jpeg").count == 2 + 3 + 3)
      #expect(await bench.run(line).code == 1, "it is there already")
      await bench.succeed("report g --to \(page) --replace --questions 1")
      #expect(try #require(TestFiles.text(of: page)).contains("Rejected: 1 picture"))
      #expect(await bench.run("gate c@base \(new) --max-score 1 --to g.txt").code == 2)
    }
  }

  @Test func `a page that shows some says what shows more`() async throws {
    let pictures = Dictionary(uniqueKeysWithValues: (1...101).map { ("\($0).jpg", "wood-001") })
    try await Self.incoming(pictures) { bench, new in
      let line =
        "set strict on ; gate c@base \(new) --max-score 1 --k 5 --to \(bench.folder)/g.html"
      let outcome = await bench.succeed(line)
      #expect(
        outcome.notes.contains("100 of 101 pictures of")
          && outcome.notes.contains("('report' takes --questions)"), "\(outcome.notes)")
      #expect(!outcome.notes.contains("--pictures"), "\(outcome.notes)")
    }
  }

  @Test func `a space that is not whole is a warning`() async throws {
    try await Self.incoming(["b.jpg": "wood-001"]) { bench, new in
      try bench.pictures(["late.jpg": "wood-002"])
      await bench.succeed("ingest c \(bench.folder)/in")
      let line = "gate c@base \(new) --max-score 1"
      let outcome = await bench.succeed(line)
      #expect(
        outcome.notes.contains("1 of 4 images have no vector in 'c@base'"), "\(outcome.notes)")
      #expect(await bench.run("set strict on ; \(line)").code == 1)
    }
  }
}
