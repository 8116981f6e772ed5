private import CSQLite

/// Reads a blob column row by row into memory of the caller's, without SQLite making a copy of its own.
struct BlobReader: ~Copyable {
  private let blob: OpaquePointer
  private let connection: OpaquePointer

  /// Begins at a row.
  init(
    _ connection: OpaquePointer, table: String, column: String, row: Int64
  ) throws(SQLiteError) {
    var opened: OpaquePointer?
    let code = sqlite3_blob_open(connection, "main", table, column, row, 0, &opened)
    do throws(SQLiteError) {
      try SQLiteError.check(code, on: connection)
    } catch {
      sqlite3_blob_close(opened)
      throw error
    }
    guard let opened else {
      throw SQLiteError(code: SQLITE_NOMEM, message: "out of memory", sql: nil)
    }
    blob = opened
    self.connection = connection
  }

  deinit { sqlite3_blob_close(blob) }

  /// Goes to another row.
  func move(to row: Int64) throws(SQLiteError) {
    try SQLiteError.check(sqlite3_blob_reopen(blob, row), on: connection)
  }

  /// Bytes of the present row's blob.
  var count: Int { Int(sqlite3_blob_bytes(blob)) }

  /// - Precondition: `target` has room for ``count`` bytes.
  func read(into target: UnsafeMutableRawBufferPointer) throws(SQLiteError) {
    let code = sqlite3_blob_read(blob, target.baseAddress, Int32(count), 0)
    try SQLiteError.check(code, on: connection)
  }
}
