internal import ParallaxConditions
internal import ParallaxCore
private import ParallaxSystem

/// What conditions read of one state of a collection.
struct ReadColumns: Sendable {
  var items: ItemKeys
  /// By the names of fields.
  var columns: [String: WhereColumn] = [:]
  /// Columns that were read row by row, to be kept for the next time.
  fileprivate var fresh: [FreshColumn] = []

  /// - Throws: `CancellationError`.
  func verdict(on condition: WhereNode) throws -> WhereVerdict {
    try WhereEvaluator(count: items.count, columns: columns).verdict(on: condition)
  }
}

/// A column that no pack holds yet.
private struct FreshColumn: Sendable {
  var key: WhereColumnCache.Key
  var stamp: WhereColumnCache.Stamp
  var column: WhereColumn
}

extension Workspace {
  /// Columns of fewer items are read row by row as fast.
  package static let packedFrom = 10_000

  /// Reads what `body` asks for, with the columns that an expression names.
  ///
  /// - Parameter own: fields that are not the collection's.
  func readColumns<Result: Sendable>(
    of expression: WhereExpression, in collection: ItemCollection, besides own: Set<String> = [],
    _ body: (FieldCatalog, borrowing Connection) throws -> Result
  ) throws -> (result: Result, read: ReadColumns) {
    let (result, columns) = try read { connection in
      let catalog = try FieldCatalog(collection, connection)
      let result = try body(catalog, connection)
      var reader = try ColumnReader(collection, whereColumns, connection)
      for name in Set(expression.fieldNames.map(\.name)).subtracting(own) {
        try reader.read(catalog.required(name, in: expression.form.option), named: name, connection)
      }
      return (result, reader.columns)
    }
    keep(columns)
    return (result, columns)
  }

  /// Packs the metadata of a collection anew where it has changed, and what else was packed of it.
  ///
  /// The first condition would do it otherwise, and wait for it.
  ///
  /// - Parameter least: of fewer items nothing is packed.
  package func packColumns(
    of collection: ItemCollection, from least: Int = packedFrom
  ) throws {
    guard mode == .readWrite else { return }
    let names: [String] = try read { connection in
      let count = try SealSum.kept(ofTable: "item", key: collection.rowID, connection).count
      guard count >= least else { return [] }
      let packed = try connection.rows(
        "SELECT subject FROM column_pack WHERE collection = ?", [.integer(collection.rowID)]
      ) { $0.text(0) }
      let builtIn = BuiltInField.allCases.map { "item.\($0.rawValue)" }.filter(packed.contains)
      return try FieldCatalog(collection, connection).metadata.map(\.name) + builtIn
    }
    // One after another: all of them may not fit into memory.
    for name in names {
      let columns = try read { connection in
        var reader = try ColumnReader(collection, whereColumns, connection)
        if let field = try FieldCatalog(collection, connection).resolve(name) {
          try reader.read(field, named: name, connection)
        }
        return reader.columns
      }
      keep(columns, from: least)
    }
  }

  /// Gives the memory back that the columns of a collection take.
  package func forgetColumns(of collection: ItemCollection) {
    whereColumns.forget(collection.rowID)
  }

  /// Bytes in memory of the columns that conditions have read of a collection.
  package func columnBytes(of collection: ItemCollection) -> Int {
    whereColumns.byteCount(of: collection.rowID)
  }

  /// Stores what was read row by row. Where that fails it is read so again.
  private func keep(_ columns: ReadColumns, from least: Int = packedFrom) {
    guard mode == .readWrite, !columns.fresh.isEmpty, columns.items.count >= least else { return }
    _ = try? write { connection in
      let store = try connection.prepare(
        """
        INSERT INTO column_pack (collection, subject, stamp, checksum, cells) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (collection, subject) DO UPDATE
        SET stamp = excluded.stamp, checksum = excluded.checksum, cells = excluded.cells
        """)
      for fresh in columns.fresh where fresh.column.byteCount <= WhereColumnCache.byteLimit {
        try Task.checkCancellation()
        let cells = ColumnPack.packed(fresh.column)
        try store.run([
          .integer(fresh.key.collection), .text(fresh.key.subject.name), .blob(fresh.stamp.bytes),
          .integer(cells.withUnsafeBytes { ColumnPack.checksum($0) }), .blob(cells),
        ])
      }
    }
  }
}

/// Reads what a condition asks of a collection: from memory, else from its pack, else row by row.
private struct ColumnReader {
  private(set) var columns: ReadColumns
  private let collection: Int64
  private let cache: WhereColumnCache
  /// The seal of the items; `nil` where no seals are kept, and states cannot be distinguished.
  private let seal: SealSum?

  init(
    _ collection: ItemCollection, _ cache: WhereColumnCache, _ connection: borrowing Connection
  ) throws {
    (self.collection, self.cache) = (collection.rowID, cache)
    seal =
      try Seals.areKept(connection)
      ? try SealSum.kept(ofTable: "item", key: collection.rowID, connection) : nil
    columns = ReadColumns(items: ItemKeys([]))
    // An item takes more bytes of the file: what claims more was not written by this program.
    let most =
      try connection.integer("PRAGMA page_count") * connection.integer("PRAGMA page_size") / 16
    let sealed = seal?.count
    let runs = try column(
      .keys, at: seal.map { .init(items: $0) }, connection,
      isSound: { column in
        guard case .integers(let runs) = column.cells, let keys = ItemKeys(lengths: runs) else {
          return false
        }
        return Int64(keys.count) == sealed && Int64(keys.count) <= most
      }
    ) { connection in
      let keys = try connection.rows(
        "SELECT id FROM item WHERE collection = ?", [.integer(collection.rowID)]
      ) { $0.integer(0) }
      return WhereColumn(
        cells: .integers(CellArray(ItemKeys(keys.sorted()).lengths)), known: [])
    }
    guard case .integers(let runs) = runs.cells, let keys = ItemKeys(lengths: runs) else {
      throw ParallaxError(
        .damagedData, "the items of '\(collection.name)' have keys that no item has",
        hint: "restore the workspace from a copy, or ingest the images into a new one")
    }
    columns.items = keys
  }

  mutating func read(
    _ field: FieldCatalog.Resolved, named name: String, _ connection: borrowing Connection
  ) throws {
    let items = columns.items
    columns.columns[name] = try column(
      subject(of: field), at: stamp(of: field, connection), connection,
      isSound: { $0.belongs(to: items, kind: field.kind, isList: field.isList) }
    ) { connection in
      let statement = try connection.prepare(field.scan)
      try statement.bind(field.scanBindings)
      return field.isList
        ? try WhereColumn(readingLists: statement, of: items, kind: field.kind, field: name)
        : try WhereColumn(reading: statement, of: items, kind: field.kind, field: name)
    }
  }

  private func subject(of field: FieldCatalog.Resolved) -> WhereColumnCache.Subject {
    field.builtIn.map { .builtIn($0) } ?? .field(field.rowID ?? 0)
  }

  private func stamp(
    of field: FieldCatalog.Resolved, _ connection: borrowing Connection
  ) throws -> WhereColumnCache.Stamp? {
    guard let seal else { return nil }
    guard let key = field.rowID else { return .init(items: seal) }
    return .init(
      keys: columns.items, values: try SealSum.kept(ofTable: "metadata", key: key, connection),
      kind: field.kind, isList: field.isList)
  }

  private mutating func column(
    _ subject: WhereColumnCache.Subject, at stamp: WhereColumnCache.Stamp?,
    _ connection: borrowing Connection, isSound: (WhereColumn) -> Bool,
    _ read: (borrowing Connection) throws -> WhereColumn
  ) throws -> WhereColumn {
    guard let stamp else { return try read(connection) }
    let key = WhereColumnCache.Key(collection: collection, subject: subject)
    if let kept = cache.column(key, at: stamp) { return kept }
    let column: WhereColumn
    if let packed = try packed(key, at: stamp, connection), isSound(packed) {
      column = packed
    } else {
      column = try read(connection)
      columns.fresh.append(FreshColumn(key: key, stamp: stamp, column: column))
    }
    cache.keep(column, as: key, at: stamp)
    return column
  }

  /// - Returns: `nil` where there is none of this state, or it is damaged.
  private func packed(
    _ key: WhereColumnCache.Key, at stamp: WhereColumnCache.Stamp,
    _ connection: borrowing Connection
  ) throws -> WhereColumn? {
    let row = try connection.first(
      "SELECT id, checksum FROM column_pack WHERE collection = ? AND subject = ? AND stamp = ?",
      [.integer(key.collection), .text(key.subject.name), .blob(stamp.bytes)]
    ) { (id: $0.integer(0), checksum: $0.integer(1)) }
    guard let row, let stored = try ColumnPack.read(row.id, row.checksum, connection) else {
      return nil
    }
    return ColumnPack.column(in: stored.memory, count: stored.count)
  }
}

extension ColumnPack {
  /// The bytes of a pack; `nil` where they do not match their checksum, and for more than one may have.
  fileprivate static func read(
    _ id: Int64, _ checksum: Int64, _ connection: borrowing Connection
  ) throws -> (memory: LargeMemory, count: Int)? {
    let blob = try connection.blobs(ofTable: "column_pack", column: "cells", from: id)
    guard blob.count <= byteLimit else { return nil }
    let memory = LargeMemory(count: blob.count)
    let cells = UnsafeMutableRawBufferPointer(start: memory.start, count: blob.count)
    try blob.read(into: cells)
    return self.checksum(UnsafeRawBufferPointer(cells)) == checksum ? (memory, blob.count) : nil
  }

  /// How many packs of a collection are damaged.
  static func damagedCount(
    of collection: ItemCollection, _ connection: borrowing Connection
  ) throws -> Int {
    var count = 0
    let packs = try connection.rows(
      "SELECT id, checksum FROM column_pack WHERE collection = ?", [.integer(collection.rowID)]
    ) { (id: $0.integer(0), checksum: $0.integer(1)) }
    for pack in packs where try read(pack.id, pack.checksum, connection) == nil { count += 1 }
    return count
  }
}

extension WhereColumn {
  /// Whether it has a cell of a kind for each of some items, or elements of these.
  fileprivate func belongs(to items: ItemKeys, kind: ValueKind, isList: Bool) -> Bool {
    let isOfKind =
      switch (cells, kind) {
      case (.integers, .integer), (.integers, .boolean), (.reals, .real), (.texts, .text),
        (.texts, .date):
        true
      default: false
      }
    let (cellCount, wordCount) = (count, known.count)
    guard isOfKind, isList == (owners != nil), wordCount == (cellCount + 63) / 64,
      cellCount % 64 == 0 || (known.last ?? 0) >> UInt64(cellCount % 64) == 0
    else { return false }
    guard let owners else { return cellCount == items.count }
    return (owners.first ?? 0) >= 0 && (owners.last ?? 0) < max(items.count, 1)
      && zip(owners, owners.dropFirst()).allSatisfy { $0 <= $1 }
  }
}
