private import CSQLite

/// A value to bind to a parameter.
enum SQLValue: Sendable, Hashable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])

  init(_ value: Int) { self = .integer(Int64(value)) }
  init(_ value: Int?) { self = value.map { .integer(Int64($0)) } ?? .null }
  init(_ value: String?) { self = value.map(SQLValue.text) ?? .null }
}

/// A prepared statement; finalised when it goes out of scope.
///
/// Lives inside one ``Database/withConnection(_:)`` call: it must not outlive the connection.
struct Statement: ~Copyable {
  private let handle: OpaquePointer
  private let connection: OpaquePointer
  private let sql: String

  init(_ sql: String, on connection: OpaquePointer) throws(SQLiteError) {
    var prepared: OpaquePointer?
    let code = sqlite3_prepare_v2(connection, sql, -1, &prepared, nil)
    try SQLiteError.check(code, on: connection, sql: sql)
    guard let prepared else {
      throw SQLiteError(code: SQLITE_MISUSE, message: "empty statement", sql: sql)
    }
    handle = prepared
    self.connection = connection
    self.sql = sql
  }

  deinit { sqlite3_finalize(handle) }

  /// Makes the statement ready to run again with other values, bound in order.
  func bind(_ values: [SQLValue]) throws(SQLiteError) {
    sqlite3_reset(handle)
    for (index, value) in values.enumerated() {
      try SQLiteError.check(bind(value, at: Int32(index + 1)), on: connection, sql: sql)
    }
  }

  /// The same with a key and `count` keys of a list; where there are fewer, the last one stands for those that lack.
  func bind(_ first: Int64, _ list: [Int64], filling count: Int) throws(SQLiteError) {
    sqlite3_reset(handle)
    try SQLiteError.check(sqlite3_bind_int64(handle, 1, first), on: connection, sql: sql)
    for place in 0..<count {
      let key = list[min(place, list.count - 1)]
      try SQLiteError.check(
        sqlite3_bind_int64(handle, Int32(place + 2), key), on: connection, sql: sql)
    }
  }

  private func bind(_ value: SQLValue, at index: Int32) -> Int32 {
    switch value {
    case .null: sqlite3_bind_null(handle, index)
    case .integer(let value): sqlite3_bind_int64(handle, index, value)
    case .real(let value): sqlite3_bind_double(handle, index, value)
    case .text(var value):
      value.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) {
          // An empty text may have no address, which SQLite would take for null.
          guard let address = $0.baseAddress else {
            return sqlite3_bind_text(handle, index, "", 0, csqlite_transient())
          }
          return sqlite3_bind_text64(
            handle, index, address, UInt64($0.count), csqlite_transient(), UInt8(SQLITE_UTF8))
        }
      }
    case .blob(let value):
      value.withUnsafeBytes { bytes in
        guard let address = bytes.baseAddress, !bytes.isEmpty else {
          return sqlite3_bind_zeroblob(handle, index, 0)
        }
        return sqlite3_bind_blob64(
          handle, index, address, UInt64(bytes.count), csqlite_transient())
      }
    }
  }

  /// Advances to the next row.
  ///
  /// - Returns: whether there is one.
  func step() throws(SQLiteError) -> Bool {
    let code = sqlite3_step(handle)
    try SQLiteError.check(code, on: connection, sql: sql)
    return code == SQLITE_ROW
  }

  /// Binds, runs to the end and ignores rows.
  func run(_ values: [SQLValue]) throws(SQLiteError) {
    try bind(values)
    while try step() {}
    sqlite3_reset(handle)
  }

  /// Lets go of the rows, so that others may change them.
  func reset() { sqlite3_reset(handle) }

  // MARK: The current row

  /// How SQLite stores a value.
  enum StorageKind { case null, integer, real, text, blob }

  func kind(_ column: Int32) -> StorageKind {
    switch sqlite3_column_type(handle, column) {
    case SQLITE_INTEGER: .integer
    case SQLITE_FLOAT: .real
    case SQLITE_TEXT: .text
    case SQLITE_BLOB: .blob
    default: .null
    }
  }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }
  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
  func real(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

  func optionalInteger(_ column: Int32) -> Int? {
    isNull(column) ? nil : Int(integer(column))
  }

  func text(_ column: Int32) -> String { optionalText(column) ?? "" }

  func optionalText(_ column: Int32) -> String? {
    guard let start = sqlite3_column_text(handle, column) else { return nil }
    let count = Int(sqlite3_column_bytes(handle, column))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  /// Calls `body` with the UTF-8 in SQLite's memory; it must not escape.
  func withText<Result>(
    _ column: Int32, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    let start = sqlite3_column_text(handle, column)
    let count = start == nil ? 0 : Int(sqlite3_column_bytes(handle, column))
    return try body(UnsafeBufferPointer(start: start, count: count))
  }

  func blob(_ column: Int32) -> [UInt8] { withBlob(column) { Array($0) } }

  /// Calls `body` with the bytes in SQLite's memory; they must not escape.
  func withBlob<Result>(
    _ column: Int32, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    let start = sqlite3_column_blob(handle, column)
    let count = Int(sqlite3_column_bytes(handle, column))
    return try body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
  }

  /// The value as SQLite holds it, whatever the column was declared as.
  func value(_ column: Int32) -> SQLValue {
    switch kind(column) {
    case .integer: .integer(integer(column))
    case .real: .real(real(column))
    case .text: .text(text(column))
    case .blob: .blob(blob(column))
    case .null: .null
    }
  }
}
