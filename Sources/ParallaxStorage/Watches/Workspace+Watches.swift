internal import ParallaxCore
private import ParallaxDigest

extension Workspace {
  /// Keeps a watch, with the items that match already and are not new.
  ///
  /// - Throws: `already-exists`; `invalid-value` for a name that cannot be typed bare.
  package func add(_ watch: Watch, matching present: [WatchMatch]) throws {
    try write { connection in
      try Self.checkNewWatch(named: watch.name, connection)
      let (bytes, checksum) = watch.vector.withUnsafeBytes {
        (Array($0), Int64(bitPattern: Digest.checksum($0)))
      }
      try connection.run(
        """
        INSERT INTO watch
          (provider, model, version, task, query_task, dimension, preprocessing, normalized, content,
           name, collection, space, question, condition, minimum, created, vector, checksum)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        watch.spec.bindings + [
          .text(watch.name), .integer(watch.collection.rowID), .text(watch.space),
          .text(watch.question), SQLValue(watch.condition), .real(Double(watch.minimumScore)),
          .text(watch.created), .blob(bytes), .integer(checksum),
        ])
      _ = try Self.note(present, of: connection.lastInsertedRowID, found: nil, connection)
    }
  }

  /// - Throws: `already-exists`; `invalid-value` for a name that cannot be typed bare.
  package func checkNewWatch(named name: String) throws {
    try read { try Self.checkNewWatch(named: name, $0) }
  }

  private static func checkNewWatch(
    named name: String, _ connection: borrowing Connection
  ) throws {
    try ObjectName.check(name, kind: "watch")
    guard try key(ofWatch: name, connection) == nil else {
      throw ParallaxError(
        .alreadyExists, "there is a watch '\(name)'",
        hint: "choose another name, or remove it first: watch remove \(name)")
    }
  }

  /// The watches of a collection, or all, by name.
  ///
  /// - Throws: `damaged-data` naming the watch.
  package func watches(in collection: ItemCollection? = nil) throws -> [Watch] {
    try read { try Self.watches(in: collection, $0).map(\.watch) }
  }

  /// How many watches a collection has, or one of its spaces, damaged or not.
  package func watchCount(
    in collection: ItemCollection, of space: String? = nil
  ) throws -> Int {
    try read { connection in
      Int(
        try connection.integer(
          "SELECT count(*) FROM watch WHERE collection = ?1 AND (?2 IS NULL OR space = ?2)",
          [.integer(collection.rowID), SQLValue(space)]))
    }
  }

  /// - Throws: `unknown-name` with a near name; `damaged-data`.
  package func watch(named name: String) throws -> Watch {
    try read { connection in
      let all = try connection.rows("SELECT name FROM watch ORDER BY name") { $0.text(0) }
      guard all.contains(name) else { throw Self.noWatch(name, among: all) }
      guard let found = try Self.watches(in: nil, connection, named: name).first else {
        throw Self.noWatch(name, among: all)
      }
      return found.watch
    }
  }

  /// All watches with what they have found, by name.
  package func watchSummaries() throws -> [WatchSummary] {
    try read { connection in
      try Self.watches(in: nil, connection).map { key, watch in
        let found = try connection.first(
          "SELECT count(found), max(found) FROM watch_match WHERE watch = ?", [.integer(key)]
        ) { (count: Int($0.integer(0)), last: $0.optionalText(1)) }
        return WatchSummary(watch: watch, found: found?.count ?? 0, lastFound: found?.last)
      }
    }
  }

  /// Removes a watch with what it has found, damaged or not.
  ///
  /// - Throws: `unknown-name` with a near name.
  package func removeWatch(named name: String) throws {
    try write { connection in
      guard let key = try Self.key(ofWatch: name, connection) else {
        throw Self.noWatch(
          name, among: try connection.rows("SELECT name FROM watch ORDER BY name") { $0.text(0) })
      }
      try connection.run("DELETE FROM watch WHERE id = ?", [.integer(key)])
    }
  }

  /// Notes which items match a watch now, all or nothing.
  ///
  /// - Parameters:
  ///   - matches: all that match.
  ///   - found: the time.
  /// - Returns: those that had not been noted: each item is returned once, however often it is asked.
  package func note(
    _ matches: [WatchMatch], of watch: Watch, found: String
  ) throws -> [WatchMatch] {
    try write { connection in
      guard let key = try Self.key(ofWatch: watch.name, connection) else { return [] }
      return try Self.note(matches, of: key, found: found, connection)
    }
  }

  /// The matches that were noted of a watch, with the time; of those that matched when it was added, the time
  /// is `nil`.
  package func matches(of watch: Watch) throws -> [WatchMatch: String?] {
    try read { connection in
      guard let key = try Self.key(ofWatch: watch.name, connection) else { return [:] }
      let rows = try connection.rows(
        "SELECT item, hash, found FROM watch_match WHERE watch = ?", [.integer(key)]
      ) {
        (
          WatchMatch(
            item: ItemRecord.RowID(rawValue: $0.integer(0)), hash: try $0.contentHash(1)),
          $0.optionalText(2)
        )
      }
      return Dictionary(rows) { first, _ in first }
    }
  }

  private static func note(
    _ matches: [WatchMatch], of watch: Int64, found: String?, _ connection: borrowing Connection
  ) throws -> [WatchMatch] {
    let known = try connection.prepare(
      "SELECT 1 FROM watch_match WHERE watch = ? AND item = ? AND hash = ?")
    let insert = try connection.prepare(
      "INSERT INTO watch_match (watch, item, hash, found) VALUES (?, ?, ?, ?)")
    let isThere = try connection.prepare("SELECT 1 FROM item WHERE id = ?")
    var new: [WatchMatch] = []
    for match in matches {
      let item = SQLValue.integer(match.item.rawValue)
      try known.bind([.integer(watch), item, .blob(match.hash.bytes)])
      if try known.step() { continue }
      try isThere.bind([item])
      guard try isThere.step() else { continue }
      try insert.run([.integer(watch), item, .blob(match.hash.bytes), SQLValue(found)])
      new.append(match)
    }
    return new
  }

  private static func key(
    ofWatch name: String, _ connection: borrowing Connection
  ) throws -> Int64? {
    try connection.first("SELECT id FROM watch WHERE name = ?", [.text(name)]) { $0.integer(0) }
  }

  private static func noWatch(_ name: String, among names: [String]) -> ParallaxError {
    ParallaxError(
      .unknownName, "there is no watch '\(name)'",
      hint: Suggestion.hint(for: name, among: names)
        ?? (names.isEmpty ? "'watch add' makes one" : "'watch list' shows them"))
  }

  private static func watches(
    in collection: ItemCollection?, _ connection: borrowing Connection, named name: String? = nil
  ) throws -> [(key: Int64, watch: Watch)] {
    try connection.rows(
      """
      SELECT watch.provider, watch.model, watch.version, watch.task, watch.query_task,
        watch.dimension, watch.preprocessing, watch.normalized, watch.content,
        watch.id, watch.name, watch.space, question, condition, minimum, watch.created, vector,
        checksum, collection.id, collection.name, collection.description, collection.created
      FROM watch JOIN collection ON collection.id = watch.collection
      WHERE (?1 IS NULL OR collection.id = ?1) AND (?2 IS NULL OR watch.name = ?2)
      ORDER BY watch.name
      """, [collection.map { .integer($0.rowID) } ?? .null, SQLValue(name)]
    ) { row in (row.integer(9), try Watch(row)) }
  }
}

extension Watch {
  /// - Throws: `damaged-data` where the vector is not what was kept.
  fileprivate init(_ row: borrowing Statement) throws {
    let spec = try EmbeddingSpec(row)
    let checksum = row.integer(17)
    let vector = row.withBlob(16) { bytes -> [Float]? in
      guard bytes.count == spec.dimension * MemoryLayout<Float>.stride,
        Int64(bitPattern: Digest.checksum(bytes)) == checksum
      else { return nil }
      return (0..<spec.dimension).map {
        bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Float>.stride, as: Float.self)
      }
    }
    let name = row.text(10)
    guard let vector else {
      throw ParallaxError(
        .damagedData, "the watch '\(name)' is damaged",
        hint: "'watch remove \(name)' removes it; then add it anew")
    }
    self.name = name
    self.collection = ItemCollection(
      rowID: row.integer(18), name: row.text(19), description: row.optionalText(20),
      created: row.text(21))
    self.space = row.text(11)
    self.spec = spec
    self.question = row.text(12)
    self.condition = row.optionalText(13)
    self.minimumScore = Float(row.real(14))
    self.created = row.text(15)
    self.vector = vector
  }
}
