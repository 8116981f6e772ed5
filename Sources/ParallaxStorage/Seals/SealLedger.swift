private import CSQLite

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// What the changes of a connection add to the seals since they were last stored.
///
/// SQLite reports each row before it changes, also one that a foreign key takes along. (Triggers
/// would do it in SQL, and make every insertion four times as slow.)
///
/// `@unchecked Sendable`: it belongs to one connection, which one thread uses at a time.
final class SealLedger: @unchecked Sendable {
  private struct Part: Hashable {
    var table: Int
    var key: Int64
  }

  private var tables: [Seals.Table] = []
  private var names: [[CChar]] = []
  private var changes: [Part: SealSum] = [:]
  /// The table of the row before, which the next one mostly is of.
  private var last = 0

  /// Begins to listen.
  ///
  /// - Returns: whether the library can.
  func watch(_ connection: OpaquePointer, tables: [Seals.Table]) -> Bool {
    self.tables = tables
    names = tables.map { Array($0.name.utf8CString) }
    changes = [:]
    return csqlite_watch_rows(
      connection,
      { context, connection, operation, _, table, _, _ in
        guard let context, let connection, let table else { return }
        Unmanaged<SealLedger>.fromOpaque(context).takeUnretainedValue()
          .note(connection, operation, table)
      }, Unmanaged.passUnretained(self).toOpaque()) != 0
  }

  /// The changes by table and part, to be added to the stored seals.
  func take() -> [(table: String, key: Int64, change: SealSum)] {
    defer { changes.removeAll(keepingCapacity: true) }
    return changes.filter { $0.value != SealSum() }
      .map { (tables[$0.key.table].name, $0.key.key, $0.value) }
  }

  /// Forgets the changes, which were taken back.
  func forget() { changes.removeAll(keepingCapacity: true) }

  private func note(
    _ connection: OpaquePointer, _ operation: Int32, _ table: UnsafePointer<CChar>
  ) {
    guard let index = index(of: table) else { return }
    if operation != SQLITE_INSERT { add(index, -1, connection, sqlite3_preupdate_old) }
    if operation != SQLITE_DELETE { add(index, 1, connection, sqlite3_preupdate_new) }
  }

  private func index(of name: UnsafePointer<CChar>) -> Int? {
    if last < names.count, strcmp(names[last], name) == 0 { return last }
    guard let found = names.firstIndex(where: { strcmp($0, name) == 0 }) else { return nil }
    last = found
    return found
  }

  private func add(
    _ index: Int, _ count: Int64, _ connection: OpaquePointer,
    _ read: (OpaquePointer, Int32, UnsafeMutablePointer<OpaquePointer?>) -> Int32
  ) {
    let table = tables[index]
    var seal = RowSeal()
    var key: Int64 = 0
    var value: OpaquePointer?
    for column in table.columnIndices {
      guard read(connection, column, &value) == SQLITE_OK, let value else { continue }
      if column == table.keyIndex { key = sqlite3_value_int64(value) }
      seal.add(value)
    }
    let part = Part(table: index, key: key)
    changes[part, default: SealSum()].count += count
    changes[part, default: SealSum()].value ^= Int64(bitPattern: seal.value)
  }
}
