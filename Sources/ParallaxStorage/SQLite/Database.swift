internal import Synchronization

/// A connection that threads share one at a time.
final class Database: Sendable {
  private let connection: Mutex<Connection?>

  init(_ connection: consuming Connection) {
    self.connection = Mutex(connection)
  }

  /// Runs `body` outside of any transaction.
  ///
  /// - Throws: ``DatabaseClosed`` after ``close()``.
  func withConnection<Result: Sendable>(
    _ body: (borrowing Connection) throws -> Result
  ) throws -> Result {
    try connection.withLock { connection in
      switch connection {
      case .some(let open): try body(open)
      case .none: throw DatabaseClosed()
      }
    }
  }

  /// Runs `body` on one state of the file, whatever a writer does meanwhile; stops soon when the task
  /// is cancelled.
  func read<Result: Sendable>(
    _ body: (borrowing Connection) throws -> Result
  ) throws -> Result {
    try withConnection { try $0.stoppable { try $0.transaction(begin: "BEGIN", body) } }
  }

  /// Runs `body` as one change, made wholly or not at all.
  func write<Result: Sendable>(
    _ body: (borrowing Connection) throws -> Result
  ) throws -> Result {
    try withConnection { try $0.transaction(begin: "BEGIN IMMEDIATE", body) }
  }

  /// Closes the connection; a second call does nothing.
  func close() {
    connection.withLock { $0 = nil }
  }
}

/// Thrown by a database that was closed.
struct DatabaseClosed: Error {}
