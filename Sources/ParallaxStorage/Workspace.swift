internal import ParallaxCore
private import ParallaxSystem
private import Synchronization

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// One SQLite file holding everything a session knows.
///
/// One process writes at a time; others may read beside it. Within a process, changes come one after
/// another, and readers never wait: a read sees one state of the file, with everything
/// that was committed before it began. Every change is one transaction, so a kill at any moment
/// leaves the last finished one.
package final class Workspace: Sendable {
  package enum Mode: Sendable, Hashable {
    case readWrite, readOnly
  }

  /// As given.
  package let path: String
  package let mode: Mode
  private let isTemporary: Bool
  /// Without links.
  let resolvedPath: String
  /// What was opened: a name may come to mean another file.
  private let identity: FileStatus.Identity?
  private let database: Database
  private let lock: Mutex<WriterLock?>
  /// What conditions have read.
  let whereColumns = WhereColumnCache()

  /// Opens a workspace, creating the file when it is missing and `mode` is `readWrite`.
  ///
  /// - Parameter isTemporary: the file goes when the program ends, so nothing waits for the disk.
  /// - Throws: `workspace-in-use` with the other process's id, `newer-workspace`, `not-a-workspace`,
  ///   `unreadable-file`, `damaged-data`.
  package init(path: String, mode: Mode = .readWrite, isTemporary: Bool = false) throws {
    let file = try WorkspaceFile(path: path, mode: mode, isTemporary: isTemporary)
    let lock = mode == .readWrite ? try WriterLock(workspace: file.resolvedPath) : nil
    self.path = path
    self.mode = mode
    self.isTemporary = isTemporary
    resolvedPath = file.resolvedPath
    let primary = try file.open()
    let identity = FileStatus(at: file.resolvedPath)?.identity
    self.identity = identity
    database = Database(primary, writes: mode == .readWrite) {
      try file.openReader(of: identity)
    }
    self.lock = Mutex(lock)
  }

  deinit { close() }

  /// Writes the log back into the file, unless that goes too, and releases it; a second call does
  /// nothing.
  package func close() {
    database.closeReaders()
    if mode == .readWrite {
      // Without it everything is still there, in the log beside the file.
      _ = try? database.withConnection { connection in
        if isTemporary { return connection.skipCheckpoint() }
        if isGone { connection.keepLog() }
        try connection.run("PRAGMA wal_checkpoint(TRUNCATE)")
      }
    }
    database.close()
    lock.withLock { $0 = nil }
  }

  /// Whether the session before, which wrote the workspace, did not end by closing it.
  package var endedUncleanly: Bool { lock.withLock { $0?.isSuspect ?? false } }

  /// Whoever opens the workspace next need not check it.
  func trust() { lock.withLock { $0?.isSuspect = false } }

  // MARK: For the extensions

  /// Runs `body` on one state of the workspace, with errors a person can act on.
  func read<Result: Sendable>(
    _ body: (borrowing Connection) throws -> Result
  ) throws -> Result {
    try translatingErrors { try database.read(body) }
  }

  /// Runs `body` as one change, made wholly or not at all.
  func write<Result: Sendable>(
    _ body: (borrowing Connection) throws -> Result
  ) throws -> Result {
    guard mode == .readWrite else {
      throw ParallaxError(
        .readOnly, "'\(path)' is open for reading only",
        hint: "end the session that writes it, then open it for writing")
    }
    try checkInPlace()
    return try translatingErrors { try database.write(body) }
  }

  /// Whether the name no longer leads to the file that was opened.
  private var isGone: Bool {
    guard let identity else { return false }
    if let present = FileStatus(at: resolvedPath) { return present.identity != identity }
    // A disk that does not answer for the moment does not mean a removed file.
    return [ENOENT, ENOTDIR].contains(errno)
  }

  /// - Throws: `workspace-gone`: what is written then would be in no file that anybody opens again.
  private func checkInPlace() throws {
    guard isGone else { return }
    let isReplaced = FileStatus(at: resolvedPath) != nil
    throw ParallaxError(
      .workspaceGone,
      isReplaced
        ? "'\(path)' was replaced by another file while it was open; the change was not made"
        : "'\(path)' was removed or renamed while it was open; the change was not made",
      hint: "restore the file under its name, or export what you need and open a workspace again")
  }

  /// Gives the room of deleted rows back to the disk.
  func releaseFreePages() throws {
    try translatingErrors {
      try database.withConnection { try $0.run("PRAGMA incremental_vacuum") }
    }
  }

  private func translatingErrors<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as SQLiteError {
      if error.isInterruption { throw CancellationError() }
      throw error.parallaxError(path: path)
    } catch is DatabaseClosed {
      throw ParallaxError(.internalError, "'\(path)' was closed")
    }
  }
}
