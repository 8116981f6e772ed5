internal import ParallaxCore
private import Synchronization

/// Columns that conditions have read, kept while the workspace does not change, so that the next
/// condition on the same fields reads nothing.
final class WhereColumnCache: Sendable {
  /// Columns beyond this many bytes are forgotten, those used longest ago first.
  static let byteLimit = 64 << 20

  struct Key: Hashable, Sendable {
    var collection: Int64
    /// As an expression names it; `nil` stands for the items themselves.
    var field: String?
  }

  /// A state of the workspace's file, as this process sees it.
  struct Stamp: Hashable, Sendable {
    /// Changes by other processes, and by this one.
    var others: Int64
    var own: Int64
  }

  private struct State {
    var stamp: Stamp?
    var columns: [Key: (column: WhereColumn, lastUse: Int)] = [:]
    var uses = 0
    var byteCount = 0
  }

  private let state = Mutex(State())

  /// The column as it was kept at `stamp`, or as `read` gives it.
  func column(
    _ key: Key, at stamp: Stamp, _ read: () throws -> WhereColumn
  ) rethrows -> WhereColumn {
    if let kept = kept(key, at: stamp) { return kept }
    let column = try read()
    keep(column, as: key, at: stamp)
    return column
  }

  private func kept(_ key: Key, at stamp: Stamp) -> WhereColumn? {
    state.withLock { state in
      if state.stamp != stamp { state = State(stamp: stamp) }
      state.uses += 1
      state.columns[key]?.lastUse = state.uses
      return state.columns[key]?.column
    }
  }

  private func keep(_ column: WhereColumn, as key: Key, at stamp: Stamp) {
    state.withLock { state in
      guard state.stamp == stamp, state.columns[key] == nil, column.byteCount <= Self.byteLimit
      else { return }
      state.columns[key] = (column, state.uses)
      state.byteCount += column.byteCount
      while state.byteCount > Self.byteLimit,
        let oldest = state.columns.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        state.columns[oldest.key] = nil
        state.byteCount -= oldest.value.column.byteCount
      }
    }
  }
}
