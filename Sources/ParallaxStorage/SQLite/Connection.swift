private import CSQLite

/// An open SQLite connection, closed when it goes out of scope.
///
/// `@unchecked Sendable`: it cannot be copied, so its one owner decides who uses it, and
/// ``Database`` keeps each inside a `Mutex`, so that SQLite need not lock a handle at each call; it ties
/// none to a thread.
struct Connection: ~Copyable, @unchecked Sendable {
  enum Access { case create, write, read, immutable }

  private let handle: OpaquePointer
  private let seals = SealLedger()

  /// How long a statement waits for another process, in milliseconds.
  private static let busyTimeout: Int32 = 5_000

  init(path: String, access: Access) throws(SQLiteError) {
    let flags =
      switch access {
      case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      case .write: SQLITE_OPEN_READWRITE
      case .read: SQLITE_OPEN_READONLY
      case .immutable: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
      }
    let name = access == .immutable ? Self.immutableURI(of: path) : path
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(name, &opened, flags | SQLITE_OPEN_NOMUTEX, nil)
    do throws(SQLiteError) {
      try SQLiteError.check(code, on: opened)
      guard let opened else {
        throw SQLiteError(code: SQLITE_NOMEM, message: "out of memory", sql: nil)
      }
      try RowSeal.register(on: opened)
      handle = opened
    } catch {
      sqlite3_close_v2(opened)
      throw error
    }
    sqlite3_extended_result_codes(opened, 1)
    sqlite3_busy_timeout(opened, Self.busyTimeout)
  }

  deinit { sqlite3_close_v2(handle) }

  /// Says that nobody writes the file, so that SQLite needs no files of its own beside it.
  private static func immutableURI(of path: String) -> String {
    let plain = Set("/-_.~".utf8)
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in path.utf8 {
      let isAlphanumeric =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      if isAlphanumeric || plain.contains(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return "file:" + String(decoding: bytes, as: UTF8.self) + "?immutable=1"
  }

  func prepare(_ sql: String) throws(SQLiteError) -> Statement {
    try Statement(sql, on: handle)
  }

  /// A reader of a blob column that begins at a row.
  func blobs(
    ofTable table: String, column: String, from row: Int64
  ) throws(SQLiteError) -> BlobReader {
    try BlobReader(handle, table: table, column: column, row: row)
  }

  /// Runs one statement, ignoring its rows.
  func run(_ sql: String, _ values: [SQLValue] = []) throws(SQLiteError) {
    try prepare(sql).run(values)
  }

  /// Runs several statements without parameters.
  func runScript(_ sql: String) throws(SQLiteError) {
    try SQLiteError.check(sqlite3_exec(handle, sql, nil, nil, nil), on: handle, sql: sql)
  }

  /// Every row as `read` takes it from the statement.
  func rows<Row>(
    _ sql: String, _ values: [SQLValue] = [], _ read: (borrowing Statement) throws -> Row
  ) throws -> [Row] {
    let statement = try prepare(sql)
    try statement.bind(values)
    var rows: [Row] = []
    while try statement.step() { rows.append(try read(statement)) }
    return rows
  }

  /// The first row, or `nil` when there is none.
  func first<Row>(
    _ sql: String, _ values: [SQLValue] = [], _ read: (borrowing Statement) throws -> Row
  ) throws -> Row? {
    let statement = try prepare(sql)
    try statement.bind(values)
    return try statement.step() ? try read(statement) : nil
  }

  /// The number in the first column of the first row, zero when there is none.
  func integer(_ sql: String, _ values: [SQLValue] = []) throws -> Int64 {
    try first(sql, values) { $0.integer(0) } ?? 0
  }

  var lastInsertedRowID: Int64 { sqlite3_last_insert_rowid(handle) }

  /// Runs `body` so that SQL stops soon after the task was cancelled.
  ///
  /// A task that was cancelled before is about to say how far it came, and is left alone.
  ///
  /// - Throws: a ``SQLiteError`` that `isInterruption`.
  func stoppable<Result>(_ body: (borrowing Connection) throws -> Result) throws -> Result {
    guard !Task.isCancelled else { return try body(self) }
    sqlite3_progress_handler(handle, Self.patience, { _ in Task.isCancelled ? 1 : 0 }, nil)
    defer { sqlite3_progress_handler(handle, 0, nil, nil) }
    return try body(self)
  }

  /// Instructions of SQLite's machine between two looks whether the task was cancelled.
  private static let patience: Int32 = 4_000

  /// Adds each change from now on to the seals, with the transaction that makes it.
  ///
  /// - Returns: whether the library reports changes.
  func keepSeals(of tables: [Seals.Table]) -> Bool { seals.watch(handle, tables: tables) }

  func forgetSealChanges() { seals.forget() }

  /// Leaves the log beside the file when the connection closes: its name may be another file's now.
  func keepLog() {
    var keeps: Int32 = 1
    sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &keeps)
  }

  /// Does not write the log back when the connection closes, for a file that goes with it.
  func skipCheckpoint() { _ = csqlite_skip_checkpoint(handle) }

  /// Runs `body` between `begin` and a commit; an error takes everything back.
  func transaction<Result>(
    begin: String, _ body: (borrowing Connection) throws -> Result
  ) throws -> Result {
    try run(begin)
    do {
      let result = try body(self)
      let changes = seals.take()
      if !changes.isEmpty { try Seals.add(changes, self) }
      try run("COMMIT")
      return result
    } catch {
      seals.forget()
      // Some failures (a full disk) have rolled back already.
      if sqlite3_get_autocommit(handle) == 0 { try run("ROLLBACK") }
      throw error
    }
  }
}
