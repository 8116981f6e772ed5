package import ParallaxCore
private import ParallaxDigest

/// A part of a workspace that is not what was stored.
package struct WorkspaceFault: Sendable, Hashable {
  /// Such as `the field 'year' of 'photos'`.
  package let part: String
  package let problem: String
}

extension Workspace {
  package enum CheckDepth: Sendable {
    /// Everything, vectors and replies too.
    case whole
    /// What is not verified each time it is read: all but vectors and replies.
    case rows
  }

  /// Looks for damage: in SQLite's trees, in the rows of each table, in vectors and replies.
  ///
  /// Reads one state of the file through a connection of its own; the session can continue meanwhile.
  ///
  /// - Returns: what is damaged, once each; empty when all is well.
  /// - Throws: `cancelled`; `damaged-data` where the file cannot be read at all.
  package func check(
    _ depth: CheckDepth = .whole, progress: ProgressHandler? = nil
  ) throws -> [WorkspaceFault] {
    let connection = try WorkspaceFile(path: path, mode: .readOnly).open()
    var check = WorkspaceCheck(depth: depth, progress: progress)
    do {
      try connection.transaction(begin: "BEGIN") { try check.run($0) }
    } catch let error as SQLiteError {
      let known = error.parallaxError(path: path)
      guard known.code == .damagedData else { throw known }
      check.add("the file", error.message)
    }
    if check.faults.isEmpty { trust() }
    return check.faults
  }

  /// Takes what is there as right from now on, after a person has seen what ``check(_:progress:)``
  /// found: whatever can be read stays, damaged vectors and replies are discarded.
  package func acceptDamage() throws {
    try write { connection in
      for space in try Self.allSpaces(connection) {
        for chunk in try Self.damagedChunks(in: space, connection) {
          try connection.run("DELETE FROM chunk WHERE id = ?", [.integer(chunk.number)])
        }
        if try Self.damagedPairBlocks(of: space, connection) > 0 {
          try connection.run("DELETE FROM pair_join WHERE space = ?", [.integer(space.rowID)])
        }
      }
      for collection in try Self.collections(connection)
      where try ColumnPack.damagedCount(of: collection, connection) > 0 {
        try connection.run(
          "DELETE FROM column_pack WHERE collection = ?", [.integer(collection.rowID)])
      }
      for row in try Self.damagedReplies(connection) {
        try connection.run("DELETE FROM reply WHERE id = ?", [.integer(row)])
      }
      try Self.discardDamagedVerdicts(connection)
      try Self.discardDamagedGrades(connection)
      try Seals.renew(connection)
    }
    trust()
  }

  /// The keys of the replies whose vector is not what was stored.
  static func damagedReplies(
    _ connection: borrowing Connection, progress: ProgressHandler? = nil
  ) throws -> [Int64] {
    let rows = try connection.prepare("SELECT id, checksum, vector, dimension FROM reply")
    var damaged: [Int64] = []
    var count = 0
    while try rows.step() {
      if Task.isCancelled { throw ParallaxError(.cancelled, "cancelled while checking") }
      let isIntact = rows.withBlob(2) { bytes in
        let (size, overflows) = rows.integer(3).multipliedReportingOverflow(by: 4)
        return !overflows && size == bytes.count
          && Int64(bitPattern: Digest.checksum(bytes)) == rows.integer(1)
      }
      if !isIntact { damaged.append(rows.integer(0)) }
      count += 1
      if count % 1_024 == 0 {
        progress?(Progress("checking", completed: count, total: nil, unit: "replies"))
      }
    }
    return damaged
  }

  /// The spaces of every collection whose description can be read.
  static func allSpaces(_ connection: borrowing Connection) throws -> [Space] {
    try collections(connection).flatMap { (try? spaces(in: $0, connection)) ?? [] }
  }
}

/// One pass over a workspace.
private struct WorkspaceCheck: ~Copyable {
  let depth: Workspace.CheckDepth
  let progress: ProgressHandler?
  private(set) var faults: [WorkspaceFault] = []

  init(depth: Workspace.CheckDepth, progress: ProgressHandler?) {
    self.depth = depth
    self.progress = progress
  }

  mutating func add(_ part: String, _ problem: String) {
    let fault = WorkspaceFault(part: part, problem: problem)
    if !faults.contains(fault) { faults.append(fault) }
  }

  mutating func run(_ connection: borrowing Connection) throws {
    let tables = try Seals.tables(connection)
    try checkTrees(tables, connection)
    if try Seals.areKept(connection) { try checkRows(tables, connection) }
    guard depth == .whole else { return }
    try checkVectors(connection)
    try checkPacks(connection)
    let replies = try Workspace.damagedReplies(connection, progress: progress).count
    if replies > 0 { add("the kept replies", "\(replies) do not match their checksums") }
  }

  /// SQLite's own check; of vectors and replies, which are large, only where all is asked for.
  private mutating func checkTrees(
    _ tables: [Seals.Table], _ connection: borrowing Connection
  ) throws {
    let large = ["chunk", "reply", "pair_block"]
    let parts =
      depth == .whole ? [""] : tables.map(\.name).filter { !large.contains($0) }.map { "(\($0))" }
    for (index, part) in parts.enumerated() {
      try continueUnlessCancelled()
      progress?(Progress("checking", completed: index, total: parts.count, unit: "tables"))
      let findings = try connection.stoppable {
        try $0.rows("PRAGMA integrity_check\(part)") { $0.text(0) }
      }
      for finding in findings.prefix(20) where finding != "ok" {
        add("the file", finding.split(separator: "\n").joined(separator: "; "))
      }
    }
  }

  private mutating func checkRows(
    _ tables: [Seals.Table], _ connection: borrowing Connection
  ) throws {
    let total = try connection.integer("SELECT sum(count) FROM \(Seals.table)")
    var done = 0
    for table in tables {
      let kept = try SealSum.kept(of: table, connection)
      let present = try SealSum.all(of: table, connection) { rows in
        done += rows
        try continueUnlessCancelled()
        progress?(
          Progress("checking", completed: done, total: Int(max(total, Int64(done))), unit: "rows"))
      }
      for key in Set(kept.keys).union(present.keys).sorted() where kept[key] != present[key] {
        let (before, now) = (kept[key]?.count ?? 0, present[key]?.count ?? 0)
        add(
          try Self.name(of: table, key, connection),
          before == now
            ? "a row is not what was stored" : "\(now) rows can be read, \(before) were stored")
      }
    }
  }

  private mutating func checkVectors(_ connection: borrowing Connection) throws {
    for space in try Workspace.allSpaces(connection) {
      let damaged = try Workspace.damagedChunks(in: space, connection, progress: progress)
      if !damaged.isEmpty {
        add(
          "the vectors of '\(space.reference)'",
          "\(damaged.count) chunks do not match their checksums: 'embed \(space.collection.name) "
            + "--as \(space.name) --resume' makes them again")
      }
      let blocks = try Workspace.damagedPairBlocks(of: space, connection)
      if blocks > 0 {
        add(
          "the pairs of '\(space.reference)'",
          "\(blocks) blocks do not match their checksums: they are found again when they are next "
            + "asked for")
      }
    }
  }

  private mutating func checkPacks(_ connection: borrowing Connection) throws {
    for collection in try Workspace.collections(connection) {
      try continueUnlessCancelled()
      let damaged = try ColumnPack.damagedCount(of: collection, connection)
      guard damaged > 0 else { continue }
      add(
        "the packed columns of '\(collection.name)'",
        "\(damaged) do not match their checksums: they are packed again when conditions next ask for them"
      )
    }
  }

  private borrowing func continueUnlessCancelled() throws {
    if Task.isCancelled { throw ParallaxError(.cancelled, "cancelled while checking") }
  }

  /// A part of a table in a person's words.
  private static func name(
    of table: Seals.Table, _ key: Int64, _ connection: borrowing Connection
  ) throws -> String {
    func first(_ sql: String) throws -> String? {
      try connection.first(sql, [.integer(key)]) { $0.text(0) }
    }
    let names = [
      "item": "the items", "field": "the fields", "space": "the spaces", "chunk": "the vectors",
      "failure": "the failures", "collection": "the collections", "reply": "the kept replies",
      "charge": "the charges", "setting": "the settings",
      "vector_count": "the number of vectors", "source": "the sources",
      "source_field": "the fields of the sources", "promotion": "the promoted spaces",
      "fingerprint": "the fingerprints", "pair_join": "the pairs",
      "pair_block": "the blocks of pairs", "verdict": "the verdicts",
      "calibration": "the calibrations", "calibration_rate": "the curves of calibrations",
      "watch": "the watches", "watch_match": "the matches of watches",
      "column_pack": "the packed columns", "batch_job": "the batch jobs",
      "batch_item": "what batch jobs ask for",
      "batch_folder": "the folders of batch jobs",
      "judgement_set": "the sets of judgements", "judged_term": "the judged questions",
      "grade": "the grades",
    ]
    let whole = names[table.name] ?? "the table '\(table.name)'"
    switch table.key {
    case "collection":
      return "\(whole) of '\(try first("SELECT name FROM collection WHERE id = ?") ?? "?")'"
    case "space":
      return "\(whole) of the space '\(try first("SELECT name FROM space WHERE id = ?") ?? "?")'"
    case "field":
      let field = try first("SELECT name FROM field WHERE id = ?") ?? "?"
      let owner = try first(
        "SELECT collection.name FROM field JOIN collection ON collection.id = field.collection "
          + "WHERE field.id = ?")
      return "the field '\(field)' of '\(owner ?? "?")'"
    default: return whole
    }
  }
}
