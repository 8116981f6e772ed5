internal import ParallaxCore
private import Synchronization

/// Columns that conditions have read, kept while what they were read from does not change, so that the
/// next condition on the same fields reads nothing.
final class WhereColumnCache: Sendable {
  /// Columns beyond this many bytes are forgotten, those used longest ago first.
  static let byteLimit = 64 << 20

  struct Key: Hashable, Sendable {
    var collection: Int64
    /// As an expression names it; `nil` stands for the items themselves.
    var field: String?
  }

  /// A state of the rows that a column is read from, by their seals: it means the same to every
  /// connection, in every process.
  struct Stamp: Hashable, Sendable {
    var items: SealSum
    var fields: SealSum
    /// Of a metadata field.
    var values: SealSum?
  }

  private struct Entry {
    var column: WhereColumn
    var stamp: Stamp
    var lastUse: Int
  }

  private struct State {
    var columns: [Key: Entry] = [:]
    var uses = 0
    var byteCount = 0

    mutating func remove(_ key: Key) {
      byteCount -= columns.removeValue(forKey: key)?.column.byteCount ?? 0
    }
  }

  private let state = Mutex(State())

  /// The column as it was kept at `stamp`, or as `read` gives it.
  ///
  /// - Parameter stamp: `nil` where states cannot be distinguished: then nothing is kept.
  func column(
    _ key: Key, at stamp: Stamp?, _ read: () throws -> WhereColumn
  ) rethrows -> WhereColumn {
    guard let stamp else { return try read() }
    if let kept = kept(key, at: stamp) { return kept }
    let column = try read()
    keep(column, as: key, at: stamp)
    return column
  }

  private func kept(_ key: Key, at stamp: Stamp) -> WhereColumn? {
    state.withLock { state in
      guard let entry = state.columns[key], entry.stamp == stamp else { return nil }
      state.uses += 1
      state.columns[key]?.lastUse = state.uses
      return entry.column
    }
  }

  private func keep(_ column: WhereColumn, as key: Key, at stamp: Stamp) {
    guard column.byteCount <= Self.byteLimit else { return }
    state.withLock { state in
      state.remove(key)
      state.uses += 1
      state.columns[key] = Entry(column: column, stamp: stamp, lastUse: state.uses)
      state.byteCount += column.byteCount
      while state.byteCount > Self.byteLimit,
        let oldest = state.columns.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        state.remove(oldest.key)
      }
    }
  }
}
