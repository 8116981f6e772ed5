package import ParallaxCore

extension Workspace {
  /// The rows of a loaded space whose items' files have one of some contents.
  package func rows(
    of loaded: LoadedSpace, withContent hashes: Set<ContentHash>
  ) throws -> [Int] {
    guard !hashes.isEmpty else { return [] }
    return try read { connection in
      let collection = loaded.space.collection
      guard let state = loaded.state, try Seals.areKept(connection),
        state.items
          == (try SealSum.kept(ofTable: "item", key: collection.rowID, connection))
      else {
        let marks = hashes.map { _ in "?" }.joined(separator: ", ")
        return try connection.rows(
          "SELECT id FROM item WHERE collection = ? AND hash IN (\(marks))",
          [.integer(collection.rowID)] + hashes.map { .blob($0.bytes) }
        ) { loaded.row(of: ItemRecord.RowID(rawValue: $0.integer(0))) }.compactMap(\.self)
      }
      let item = try connection.prepare("SELECT hash FROM item WHERE id = ?")
      return try state.contents.rows(beginningAs: hashes).filter { row in
        try item.bind([.integer(loaded.items[row].rawValue)])
        return try item.step() && hashes.contains(item.contentHash(0))
      }
    }
  }
}

/// The first 64 bits of the SHA-256 of each row's file: few rows have those of another file.
struct ContentBeginnings: Sendable {
  private var beginnings: [UInt64] = []

  mutating func append(_ hash: UnsafeRawBufferPointer) {
    beginnings.append(hash.count < 8 ? 0 : hash.loadUnaligned(as: UInt64.self))
  }

  mutating func append(_ others: ContentBeginnings, at place: Int) {
    beginnings.append(others.beginnings[place])
  }

  func rows(beginningAs hashes: Set<ContentHash>) -> [Int] {
    let wanted = Set(hashes.map { $0.bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) } })
    return beginnings.withUnsafeBufferPointer { beginnings in
      // A look at every row for each of a few is faster than one into a table.
      guard wanted.count <= 8 else {
        return beginnings.indices.filter { wanted.contains(beginnings[$0]) }
      }
      return wanted.flatMap { wanted in beginnings.indices.filter { beginnings[$0] == wanted } }
        .sorted()
    }
  }
}
