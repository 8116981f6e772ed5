/// Checksums over the rows of every table, kept with each change.
///
/// SQLite's own check sees damage to its trees, not within a row: a flipped bit of a caption or a
/// hash would be served. Each part of a table (the items of a collection, the values of a field) has
/// the number of its rows and the exclusive or of their seals, which no order of changes alters.
///
/// The tables and columns are read from the schema, so that a migration need not think of seals.
enum Seals {
  /// A table as it is sealed.
  struct Table: Sendable {
    let name: String
    /// The column whose values tell the parts apart.
    let key: String?
    let columns: [String]
    /// Where they stand in the table.
    let columnIndices: [Int32]
    let keyIndex: Int32?
  }

  static let table = "seal"

  /// What the rows of a table are part of.
  private static let keys = [
    "item": "collection", "field": "collection", "space": "collection", "metadata": "field",
    "chunk": "space", "failure": "space", "vector_count": "space",
    "source": "collection", "pair_join": "space", "pair_block": "space",
    "column_pack": "collection",
  ]
  /// Columns with a checksum of their own, and too large to be read twice.
  private static let excluded = [
    "chunk": ["vectors"], "reply": ["vector"], "pair_join": ["members"], "pair_block": ["pairs"],
    "column_pack": ["cells"],
  ]

  /// Every table but the seals themselves; none where the schema is older than they are.
  static func tables(_ connection: borrowing Connection) throws -> [Table] {
    guard try exist(connection) else { return [] }
    return try names(connection).map { name in
      let all = try connection.rows(
        "SELECT name FROM pragma_table_info(?) ORDER BY cid", [.text(name)]
      ) { $0.text(0) }
      let sealed = all.enumerated().filter { !(excluded[name] ?? []).contains($0.element) }
      let key = keys[name].flatMap { all.contains($0) ? $0 : nil }
      return Table(
        name: name, key: key, columns: sealed.map(\.element),
        columnIndices: sealed.map { Int32($0.offset) },
        keyIndex: key.flatMap { all.firstIndex(of: $0) }.map { Int32($0) })
    }
  }

  /// Every table but the seals themselves.
  static func names(_ connection: borrowing Connection) throws -> [String] {
    try connection.rows(
      """
      SELECT name FROM sqlite_schema
      WHERE type = 'table' AND name <> '\(table)' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
      ORDER BY name
      """
    ) { $0.text(0) }
  }

  static func exist(_ connection: borrowing Connection) throws -> Bool {
    try connection.integer("SELECT count(*) FROM sqlite_schema WHERE name = '\(table)'") > 0
  }

  /// Whether there is any: none are in a new workspace, and in one that was written where changes are
  /// not reported.
  static func areKept(_ connection: borrowing Connection) throws -> Bool {
    guard try exist(connection) else { return false }
    return try connection.integer("SELECT EXISTS (SELECT 1 FROM \(table))") == 1
  }

  /// Keeps the seals of a connection that writes.
  ///
  /// A library that does not report changes writes without: then there are no seals, and whoever can
  /// makes them again.
  static func keep(_ connection: borrowing Connection) throws {
    let tables = try tables(connection)
    guard !tables.isEmpty else { return }
    let areKept = try areKept(connection)
    guard connection.keepSeals(of: tables) else {
      if areKept { try connection.run("DELETE FROM \(table)") }
      return
    }
    if !areKept { try connection.transaction(begin: "BEGIN IMMEDIATE") { try renew($0) } }
  }

  /// Seals what is there, inside a transaction.
  static func renew(_ connection: borrowing Connection) throws {
    connection.forgetSealChanges()
    try connection.run("DELETE FROM \(table)")
    let insert = try connection.prepare("INSERT INTO \(table) VALUES (?, ?, ?, ?)")
    for table in try tables(connection) {
      for (key, sum) in try SealSum.all(of: table, connection) {
        try insert.run([
          .text(table.name), .integer(key), .integer(sum.count), .integer(sum.value),
        ])
      }
    }
  }

  /// Stores changes, inside the transaction that made them.
  static func add(
    _ changes: [(table: String, key: Int64, change: SealSum)], _ connection: borrowing Connection
  ) throws(SQLiteError) {
    let store = try connection.prepare(
      """
      INSERT INTO \(table) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (subject, key)
      DO UPDATE SET count = count + ?3, sum = (sum | ?4) - (sum & ?4)
      """)
    for (table, key, change) in changes {
      try store.run([.text(table), .integer(key), .integer(change.count), .integer(change.value)])
    }
  }
}

/// The number of some rows and the exclusive or of their seals.
struct SealSum: Hashable, Sendable {
  var count: Int64 = 0
  var value: Int64 = 0

  /// Those of each part of a table, from its rows.
  ///
  /// - Parameter step: called with the number of further rows, now and then.
  static func all(
    of table: Seals.Table, _ connection: borrowing Connection, step: (Int) throws -> Void = { _ in }
  ) throws -> [Int64: SealSum] {
    let columns = table.columns.map { "\"\($0)\"" }.joined(separator: ", ")
    let rows = try connection.prepare(
      """
      SELECT \(table.key.map { "\"\($0)\"" } ?? "0"), \(RowSeal.function)(\(columns)) \
      FROM "\(table.name)" NOT INDEXED
      """)
    var sums: [Int64: SealSum] = [:]
    // Parts mostly lie together: a dictionary for each row would cost more than its seal.
    var (key, sum) = (Int64(0), SealSum())
    func keep() {
      guard sum.count > 0 else { return }
      sums[key, default: SealSum()].count += sum.count
      sums[key, default: SealSum()].value ^= sum.value
    }
    var pending = 0
    while try rows.step() {
      let next = rows.integer(0)
      if next != key {
        keep()
        (key, sum) = (next, SealSum())
      }
      sum.count += 1
      sum.value ^= rows.integer(1)
      pending += 1
      if pending == 1_024 {
        try step(pending)
        pending = 0
      }
    }
    keep()
    try step(pending)
    return sums
  }

  /// The one that was kept of a part of a table.
  static func kept(
    ofTable table: String, key: Int64, _ connection: borrowing Connection
  ) throws -> SealSum {
    try connection.first(
      "SELECT count, sum FROM \(Seals.table) WHERE subject = ? AND key = ?",
      [.text(table), .integer(key)]
    ) { SealSum(count: $0.integer(0), value: $0.integer(1)) } ?? SealSum()
  }

  /// Those that were kept with each change.
  static func kept(
    of table: Seals.Table, _ connection: borrowing Connection
  ) throws -> [Int64: SealSum] {
    let rows = try connection.rows(
      "SELECT key, count, sum FROM \(Seals.table) WHERE subject = ?", [.text(table.name)]
    ) { ($0.integer(0), SealSum(count: $0.integer(1), value: $0.integer(2))) }
    return Dictionary(rows.filter { $0.1 != SealSum() }) { first, _ in first }
  }
}
