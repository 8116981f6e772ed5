private import CSQLite
internal import ParallaxCore
private import ParallaxSystem

/// SQLite's message, with the statement that caused it; values are bound, so the text holds none.
struct SQLiteError: Error, Sendable, CustomStringConvertible {
  /// The extended result code.
  let code: Int32
  let message: String
  let sql: String?
  /// The system's reason, where it refused something.
  var reason: String?

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
    // SQLite keeps the number of the last failure; for other codes it may be an old one.
    let isOfSystem = [SQLITE_IOERR, SQLITE_CANTOPEN].contains(code & 0xFF)
    let number = isOfSystem ? connection.map { sqlite3_system_errno($0) } ?? 0 : 0
    throw SQLiteError(
      code: extended & 0xFF == code & 0xFF ? extended : code,
      message: message.map { String(cString: $0) } ?? "unknown error", sql: sql,
      reason: number == 0 ? nil : SystemError(number).reason)
  }
}

extension SQLiteError {
  var isNotADatabase: Bool { primaryCode == SQLITE_NOTADB }
  /// The task was cancelled while a statement ran.
  var isInterruption: Bool { primaryCode == SQLITE_INTERRUPT }
  /// What a reader gets in a folder where SQLite cannot make its shared memory.
  var lacksSharedMemory: Bool { [SQLITE_CANTOPEN, SQLITE_READONLY].contains(primaryCode) }

  /// The error a person sees, with the remedy for the cases that have one.
  func parallaxError(path: String) -> ParallaxError {
    switch primaryCode {
    case SQLITE_BUSY, SQLITE_LOCKED:
      return ParallaxError(
        .workspaceInUse, "'\(path)' is locked by another program; try again when it has finished",
        cause: self)
    case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_NOMEM:
      // A damaged length asks for more memory than there is, and nothing tells that from a machine without memory.
      let doubt = primaryCode == SQLITE_NOMEM ? ", or this machine is short of memory" : ""
      return ParallaxError(
        .damagedData, "'\(path)' is damaged\(doubt): \(message)",
        hint:
          "'workspace check' shows where; restore it from a copy, or save what can be read with "
          + "'sqlite3 FILE .recover'",
        cause: self)
    case SQLITE_FULL:
      return ParallaxError(
        .storage,
        "there is no space left on the disk that holds '\(path)'; the change was not made",
        cause: self)
    case SQLITE_READONLY, SQLITE_PERM:
      return ParallaxError(.readOnly, "'\(path)' cannot be written", cause: self)
    case SQLITE_CANTOPEN:
      return ParallaxError(
        .unreadableFile, "cannot open '\(path)': \(reason ?? message)", cause: self)
    case SQLITE_IOERR:
      return ParallaxError(
        .storage, "cannot read or write '\(path)': \(reason ?? message)",
        hint: "check that its disk works and has space, and that 'ulimit -f' allows a larger file",
        cause: self)
    case SQLITE_TOOBIG:
      return ParallaxError(
        .invalidValue, "a value of a workspace is at most 1 GB long", cause: self)
    case SQLITE_ERROR
    where ["integer overflow", "no such", "unsupported file format"]
      .contains { message.hasPrefix($0) },
      SQLITE_CONSTRAINT, SQLITE_MISMATCH:
      return ParallaxError(
        .damagedData, "'\(path)' is damaged: \(message)", hint: "'workspace check' shows where",
        cause: self)
    default:
      return ParallaxError(.internalError, "the workspace '\(path)' failed", cause: self)
    }
  }
}
