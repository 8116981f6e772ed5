private import CSQLite
internal import ParallaxCore

/// What SQLite said, with the statement it said it of; values are bound, so the text holds none.
struct SQLiteError: Error, Sendable, CustomStringConvertible {
  /// The extended result code.
  let code: Int32
  let message: String
  let sql: String?

  /// The result code without its extension.
  var primaryCode: Int32 { code & 0xFF }

  var description: String {
    let statement = sql.map { " - while executing '\($0)'" } ?? ""
    return "SQLite error \(code): \(message)\(statement)"
  }

  /// Throws unless `code` is one of success: the only place where a result becomes an error.
  static func check(
    _ code: Int32, on connection: OpaquePointer?, sql: String? = nil
  ) throws(SQLiteError) {
    guard code != SQLITE_OK, code != SQLITE_ROW, code != SQLITE_DONE else { return }
    let message = connection.flatMap { sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
    let extended = connection.map { sqlite3_extended_errcode($0) } ?? code
    throw SQLiteError(
      code: extended & 0xFF == code & 0xFF ? extended : code,
      message: message.map { String(cString: $0) } ?? "unknown error", sql: sql)
  }
}

extension SQLiteError {
  var isNotADatabase: Bool { primaryCode == SQLITE_NOTADB }
  /// A statement that SQLite does not take.
  var isPlainError: Bool { primaryCode == SQLITE_ERROR }
  var cannotOpen: Bool { primaryCode == SQLITE_CANTOPEN }

  /// The error a person sees, with the remedy for the cases that have one.
  func parallaxError(path: String) -> ParallaxError {
    switch primaryCode {
    case SQLITE_BUSY, SQLITE_LOCKED:
      return ParallaxError(
        .workspaceInUse, "'\(path)' is locked by another program; try again when it has finished",
        cause: self)
    case SQLITE_CORRUPT, SQLITE_NOTADB:
      return ParallaxError(
        .damagedData, "'\(path)' is damaged: \(message)",
        hint: "restore it from a copy, or save what can be read with 'sqlite3 FILE .recover'",
        cause: self)
    case SQLITE_FULL:
      return ParallaxError(
        .storage, "there is no room left on the disk that holds '\(path)'; the change was not made",
        cause: self)
    case SQLITE_READONLY, SQLITE_PERM:
      return ParallaxError(.readOnly, "'\(path)' cannot be written", cause: self)
    case SQLITE_CANTOPEN:
      return ParallaxError(.unreadableFile, "cannot open '\(path)': \(message)", cause: self)
    case SQLITE_IOERR:
      return ParallaxError(
        .storage, "the disk that holds '\(path)' failed: \(message)", cause: self)
    case SQLITE_INTERRUPT:
      return ParallaxError(.cancelled, "cancelled", cause: self)
    case SQLITE_TOOBIG:
      return ParallaxError(
        .invalidValue, "a value of a workspace is at most 1 GB long", cause: self)
    default:
      return ParallaxError(.internalError, "the workspace '\(path)' failed", cause: self)
    }
  }
}
