internal import Synchronization

/// The connections of one file: one that may write, and as many that read as are wanted at once.
///
/// SQLite writes changes to a log beside the file, so that a reader sees one state of it, with
/// everything that was committed before it began, and neither waits for a writer nor keeps one
/// waiting.
final class Database: Sendable {
  /// A connection that threads share one at a time.
  private final class Seat: Sendable {
    private let connection: Mutex<Connection?>

    init(_ connection: consuming Connection) { self.connection = Mutex(connection) }

    /// - Throws: ``DatabaseClosed`` after ``close()``.
    func use<Result: Sendable>(
      _ body: (borrowing Connection) throws -> Result
    ) throws -> Result {
      try connection.withLock { connection in
        switch connection {
        case .some(let open): try body(open)
        case .none: throw DatabaseClosed()
        }
      }
    }

    /// Waits for whoever uses it.
    func close() { connection.withLock { $0 = nil } }
  }

  private struct Readers {
    var idle: [Seat] = []
    var busy: [ObjectIdentifier: Seat] = [:]
    var isClosed = false
  }

  /// Readers that stay open while unused.
  private static let idleLimit = 4

  /// The one that writes; of a file that is open for reading, one that reads.
  private let primary: Seat
  private let readers: Mutex<Readers>
  private let openReader: @Sendable () throws -> Connection

  /// - Parameters:
  ///   - primary: the connection that writes, or any where nothing is written.
  ///   - openReader: opens a further connection, to the same file. Where it throws, reading goes
  ///     through `primary`.
  init(
    _ primary: consuming Connection, writes: Bool,
    openReader: @escaping @Sendable () throws -> Connection
  ) {
    self.primary = Seat(primary)
    self.openReader = openReader
    readers = Mutex(Readers(idle: writes ? [] : [self.primary]))
  }

  /// Runs `body` on the connection that writes, outside of any transaction.
  ///
  /// - Throws: ``DatabaseClosed`` after ``close()``.
  func withConnection<Result: Sendable>(
    _ body: (borrowing Connection) throws -> Result
  ) throws -> Result {
    try primary.use(body)
  }

  /// Runs `body` on one state of the file, whatever a writer does meanwhile; stops soon when the task
  /// is cancelled.
  func read<Result: Sendable>(
    _ body: (borrowing Connection) throws -> Result
  ) throws -> Result {
    let seat = try takeReader()
    defer { giveBack(seat) }
    return try seat.use { try $0.stoppable { try $0.transaction(begin: "BEGIN", body) } }
  }

  /// Runs `body` as one change, made wholly or not at all.
  func write<Result: Sendable>(
    _ body: (borrowing Connection) throws -> Result
  ) throws -> Result {
    try primary.use { try $0.transaction(begin: "BEGIN IMMEDIATE", body) }
  }

  /// Closes the readers, waiting for those that are in use. Nobody reads from then on.
  func closeReaders() {
    let seats = readers.withLock { readers in
      defer { readers = Readers(isClosed: true) }
      return readers.idle + readers.busy.values
    }
    for seat in seats { seat.close() }
  }

  /// Closes every connection; a second call does nothing.
  func close() {
    closeReaders()
    primary.close()
  }

  private func takeReader() throws -> Seat {
    if let seat = try readers.withLock({ readers in
      if readers.isClosed { throw DatabaseClosed() }
      let seat = readers.idle.popLast()
      if let seat { readers.busy[ObjectIdentifier(seat)] = seat }
      return seat
    }) {
      return seat
    }
    guard let opened = try? Seat(openReader()) else { return primary }
    try readers.withLock { readers in
      if readers.isClosed { throw DatabaseClosed() }
      readers.busy[ObjectIdentifier(opened)] = opened
    }
    return opened
  }

  private func giveBack(_ seat: Seat) {
    readers.withLock { readers in
      // The primary one may be shared, and closing has taken note of all that were in use.
      guard readers.busy.removeValue(forKey: ObjectIdentifier(seat)) != nil,
        readers.idle.count < Self.idleLimit
      else { return }
      readers.idle.append(seat)
    }
  }
}

/// Thrown by a database that was closed.
struct DatabaseClosed: Error {}
