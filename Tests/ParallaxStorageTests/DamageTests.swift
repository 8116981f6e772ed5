import ParallaxCore
import ParallaxDigest
import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

/// A workspace that something else than this program has written to.
@Suite struct DamageTests {
  /// Every part of the file takes its turn in one of them.
  @Test(arguments: 0..<8)
  func `a flipped bit is an error, found by the check, or harmless`(part: Int) async throws {
    var generator = SeededGenerator(seed: UInt64(part + 1))
    try await damaged(times: 60) { bytes in
      let offset = Self.occupied(bytes, &generator)
      bytes[offset] ^= 1 << UInt8.random(in: 0...7, using: &generator)
    }
  }

  @Test(arguments: 0..<4)
  func `an overwritten run is an error, found by the check, or harmless`(part: Int) async throws {
    var generator = SeededGenerator(seed: UInt64(part + 100))
    try await damaged(times: 40) { bytes in
      let offset = Self.occupied(bytes, &generator)
      let end = min(bytes.count, offset + Int.random(in: 2...600, using: &generator))
      let fill: UInt8? = [0, 0xFF, nil][Int.random(in: 0...2, using: &generator)]
      for index in offset..<end { bytes[index] = fill ?? .random(in: 0...255, using: &generator) }
    }
  }

  /// Numbers and texts where none of this program's are, in every column of every table.
  @Test func `values that nothing wrote are errors or answers, and end nothing`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      try Self.fill(path)
      let original = try TestFiles.bytes(of: path)
      let values = ["-1", "\(Int64.max)", "\(1 << 62)", "1e308", "''", "x'00'"]
      let tables = try Connection(path: path, access: .read).columns()
      for (table, column) in tables {
        // In all rows, and in one, whose keys stay different from the others'.
        for (value, rows) in values.flatMap({ [($0, ""), ($0, " WHERE rowid = 1")] }) {
          try TestFiles.write(original, to: path)
          do {
            let connection = try Connection(path: path, access: .write)
            try connection.runScript(
              """
              PRAGMA synchronous = OFF; PRAGMA ignore_check_constraints = ON;
              """)
            // What the table itself refuses no file holds either.
            guard (try? connection.run("UPDATE \(table) SET \(column) = \(value)\(rows)")) != nil
            else { continue }
          }
          do {
            let workspace = try Workspace(path: path, mode: .readOnly)
            defer { workspace.close() }
            _ = try Self.answers(of: workspace)
            _ = try workspace.check()
          } catch let error as ParallaxError {
            #expect(error.code == .damagedData, "\(table).\(column) = \(value): \(error)")
          }
        }
      }
    }
  }

  @Test func `an intact workspace passes, also while it changes`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      try Self.fill(path)
      let workspace = try Workspace(path: path)
      defer { workspace.close() }
      #expect(try workspace.check() == [])
      let collection = try workspace.collection(named: "c")
      try workspace.apply(
        [
          .rename(from: "a0", to: "z0", path: "z"), .remove("a1"), .setText("a2", "new"),
          .setMetadata("a3", ["year": .null, "note": "x"]), .update("a4", file("b", content: "q")),
        ], to: collection)
      #expect(try workspace.check() == [])
      try workspace.dropSpace(named: "base", in: collection)
      try workspace.dropCollection(named: "d")
      #expect(try workspace.check() == [])
      try workspace.pruneReplies(ofModel: nil)
      try workspace.dropCollection(named: "c")
      #expect(try workspace.check() == [])
    }
  }

  @Test func `the check names the part, and accepting it is the end of it`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      try Self.fill(path)
      do {
        let connection = try Connection(path: path, access: .write)
        try connection.run("UPDATE item SET text = 'other' WHERE name = 'a3'")
        try connection.run("DELETE FROM metadata WHERE item = 2 AND field = 1")
        try connection.run("UPDATE reply SET vector = zeroblob(16) WHERE id = 1")
        try connection.run("UPDATE chunk SET vectors = zeroblob(length(vectors))")
      }
      let reader = try Workspace(path: path, mode: .readOnly)
      let faults = try reader.check()
      reader.close()
      #expect(
        Set(faults.map(\.part)) == [
          "the items of 'c'", "the field 'made' of 'c'", "the kept replies",
          "the vectors of 'c@base'",
        ])
      let workspace = try Workspace(path: path)
      defer { workspace.close() }
      try workspace.acceptDamage()
      #expect(try workspace.check() == [])
      #expect(try workspace.row("a3", workspace.collection(named: "c")).text == "other")
    }
  }

  @Test func `items that are no longer found are missed when a space is loaded`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      try Self.fill(path)
      do {
        let connection = try Connection(path: path, access: .write)
        try connection.run("PRAGMA foreign_keys = OFF")
        try connection.run("DELETE FROM item WHERE name = 'a5'")
      }
      let workspace = try Workspace(path: path, mode: .readOnly)
      defer { workspace.close() }
      let space = try workspace.space(named: "base", in: workspace.collection(named: "c"))
      let error = parallaxError { try workspace.load(space) }
      #expect(error?.code == .damagedData)
      #expect(error?.message == "'c' is damaged: 11 of its 12 items can be read")
    }
  }

  @Test func `a session that did not end is noticed until the workspace was checked`() async throws
  {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      try Self.fill(path)
      try TestFiles.write("4711\n", to: path + "-lock")
      for _ in 0..<2 {
        let workspace = try Workspace(path: path)
        #expect(workspace.endedUncleanly)
        workspace.close()
      }
      let workspace = try Workspace(path: path)
      #expect(try workspace.check(.rows) == [])
      #expect(!workspace.endedUncleanly)
      workspace.close()
      let next = try Workspace(path: path)
      #expect(!next.endedUncleanly)
      next.close()
    }
  }

  // MARK: -

  /// Damages copies of a workspace, and holds the answers against those of the whole one.
  private func damaged(times: Int, by damage: (inout [UInt8]) -> Void) async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      try Self.fill(path)
      let original = try TestFiles.bytes(of: path)
      let whole = try Workspace(path: path, mode: .readOnly)
      let expected = try Self.answers(of: whole)
      whole.close()
      for _ in 0..<times {
        var bytes = original
        damage(&bytes)
        try TestFiles.write(bytes, to: path)
        do {
          let workspace = try Workspace(path: path, mode: .readOnly)
          defer { workspace.close() }
          let answers = try Self.answers(of: workspace)
          guard answers != expected else { continue }
          let faults = try workspace.check()
          let change = zip(answers, expected).first { $0 != $1 }
          #expect(!faults.isEmpty, "not found: \(String(describing: change))")
        } catch let error as ParallaxError {
          #expect(Self.codes.contains(error.code), "\(error)")
        }
      }
    }
  }

  private static let codes: [ParallaxError.Code] = [
    .damagedData, .notAWorkspace, .newerWorkspace, .unreadableFile, .unknownName, .readOnly,
  ]

  /// An offset within what is in use of a page.
  private static func occupied(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> Int {
    while true {
      let offset = Int.random(in: bytes.indices, using: &generator)
      if bytes[max(0, offset - 4)..<min(bytes.count, offset + 4)].contains(where: { $0 != 0 }) {
        return offset
      }
    }
  }

  /// Everything a person can ask of a workspace, as lines.
  private static func answers(of workspace: Workspace) throws -> [String] {
    var lines: [String] = []
    func say(_ value: some Any) { lines.append("\(value)") }
    for summary in try workspace.collectionSummaries() {
      say(summary)
      let collection = summary.collection
      try workspace.sources(of: collection).forEach(say)
      let items = try workspace.items(in: collection)
      items.forEach(say)
      for values in try workspace.metadata(of: items.map(\.rowID), in: collection) {
        say(values.sorted { $0.key < $1.key })
      }
      for field in try workspace.fields(in: collection) {
        say(field)
        say(try workspace.metadata(for: [field.name], in: collection))
      }
      for space in try workspace.spaces(in: collection) {
        say(try workspace.summaries(of: [space]))
        say(try workspace.failures(in: space))
        let loaded = try workspace.load(space)
        say(loaded.ids)
        say(try workspace.calibrations(of: collection))
        loaded.matrix.withValues { say(Array($0)) }
        say(try workspace.pairs(of: space)?.pairs ?? [])
      }
    }
    _ = try workspace.forEachReply(ofModel: nil) { say($0) }
    say(try workspace.replySummaries())
    say(try workspace.spending(provider: "p", at: 1_700_000_000))
    for group in ChargeGroup.allCases { say(try workspace.charges(by: group)) }
    try workspace.verdicts().forEach(say)
    for set in try workspace.judgementSets() {
      say(set)
      try workspace.grades(in: set).forEach(say)
      say(try workspace.judgedTerms(in: set).sorted { $0.key < $1.key })
    }
    say(try workspace.settings())
    return lines
  }

  private static func fill(_ path: String) throws {
    let workspace = try Workspace(path: path)
    defer { workspace.close() }
    let collection = try workspace.createCollection(named: "c", description: "a description")
    let items = (0..<12).map { index in
      item(
        "a\(index)", text: "caption \(index)",
        [
          "note": .text("note \(index)"), "year": .integer(2_000 + Int64(index)),
          "price": .real(0.5 + Double(index)), "made": .date("2020-01-0\(index % 9 + 1)"),
          "ok": .boolean(index.isMultiple(of: 2)),
        ])
    }
    try workspace.apply(items.map { .insert($0) }, to: collection)
    let space = try workspace.createSpace(named: "base", in: collection, spec: spec())
    for index in 0..<11 {
      let value = Float(index)
      try workspace.append("a\(index)", [value, 1, -value, 0.25], to: space)
    }
    let last = try workspace.row("a11", collection)
    try workspace.recordFailure(
      of: last.rowID, hash: last.hash, error: ParallaxError(.unsupported, "not today"), in: space)
    _ = try workspace.summaries(of: [space])
    let keys = try workspace.items(in: collection).map(\.rowID)
    try workspace.keep(
      StoredPairs(
        floor: 0.5, members: keys.map { .init(item: $0, checksum: UInt64($0.rawValue)) },
        pairs: (1..<12).map { .init(left: 0, right: $0, score: 1 / Float($0 + 1)) }),
      of: space, created: "2026-11-26T00:00:00Z")
    try workspace.addSource(
      ItemSource(.folder, path: "/a", glob: "*.jpg", kinds: ["year": .integer]), to: collection)
    let other = try workspace.createCollection(named: "d")
    try workspace.apply((0..<3).map { .insert(item("b\($0)")) }, to: other)
    for index in 0..<3 {
      let reply = CachedReply(
        key: Digest.sha256("\(index)"), kind: .text, vector: [Float(index), 1, 2, 3])
      try workspace.keep([reply], provider: "p", model: "m")
      let charge = Charge(
        provider: "p", model: "m", subject: "c@base", kind: .text, items: 1, micros: 7)
      _ = try workspace.write(charge, at: 1_700_000_000) { _ in }
    }
    try workspace.keep(
      keys.indices.dropFirst().map { index in
        Verdict(
          try #require(ContentPair(Digest.sha256("a0.jpg"), Digest.sha256("a\(index).jpg"))),
          index.isMultiple(of: 2) ? .duplicate : .distinct, at: "2026-11-26T00:00:00Z",
          judge: "me", score: 1, identity: "mini")
      })
    let set = try workspace.judgementSet(
      named: "g", of: collection, at: "2026-11-26T00:00:00Z")
    try workspace.keep(
      keys.indices.map { index in
        Grade(
          index % 4, of: ItemID("a\(index)"), for: "q", by: "me", Grade.Kind.allCases[index % 3],
          at: "2026-11-26T00:00:00Z", hash: Digest.sha256("a\(index).jpg"), identity: "x")
      }, in: set,
      asking: ["q": [JudgedTerm(.image, "/q.jpg", weight: 1, hash: Digest.sha256("q"))]])
    try workspace.setSetting("budget", to: "1.5")
    for bits in [nil, 8] {
      _ = try workspace.keep(
        Calibration(
          collection: collection, space: "base", identity: "mini", bits: bits,
          created: "2026-11-26T00:00:00Z", seed: 1, vectors: 11, pictures: 10, falseAlarms: 0.5,
          reviewAlarms: 0.5, reject: 0.75, review: 0.25,
          rates: [.init(series: "missed", threshold: 0.5, tried: 4, wrong: 1, low: 0, high: 1)]))
    }
  }
}

extension Connection {
  /// Every column of every table.
  fileprivate func columns() throws -> [(table: String, column: String)] {
    try rows(
      """
      SELECT m.name, i.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS i
      WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY 1, 2
      """
    ) { ($0.text(0), $0.text(1)) }
  }
}
