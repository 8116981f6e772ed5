internal import ParallaxCore
private import Synchronization

/// Columns that conditions have read, kept while what they were read from does not change, so that the
/// next condition on the same fields reads nothing.
final class WhereColumnCache: Sendable {
  /// Columns beyond this many bytes are forgotten, those used longest ago first.
  static let byteLimit = 256 << 20

  /// What a column holds.
  enum Subject: Hashable, Sendable {
    /// The items' keys, as ``ItemKeys/lengths``.
    case keys
    /// What every item has.
    case builtIn(BuiltInField)
    /// A metadata field, by its key.
    case field(Int64)

    /// As it is stored.
    var name: String {
      switch self {
      case .keys: "item"
      case .builtIn(let field): "item.\(field.rawValue)"
      case .field(let key): "field.\(key)"
      }
    }
  }

  struct Key: Hashable, Sendable {
    var collection: Int64
    var subject: Subject
  }

  /// A state of the rows that a column is read from, by their seals: it means the same to every
  /// connection, in every process.
  struct Stamp: Hashable, Sendable {
    let bytes: [UInt8]

    /// Of what is read from the items.
    init(items: SealSum) { bytes = Self.bytes([items.count, items.value]) }

    /// Of a metadata field.
    init(keys: ItemKeys, values: SealSum, kind: ValueKind, isList: Bool) {
      bytes =
        Self.bytes([keys.checksum, values.count, values.value, isList ? 1 : 0])
        + Array(kind.rawValue.utf8)
    }

    private static func bytes(_ numbers: [Int64]) -> [UInt8] {
      numbers.withUnsafeBytes { Array($0) }
    }
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

  /// The column as it was kept at `stamp`.
  func column(_ key: Key, at stamp: Stamp) -> WhereColumn? {
    state.withLock { state in
      guard let entry = state.columns[key], entry.stamp == stamp else { return nil }
      state.uses += 1
      state.columns[key]?.lastUse = state.uses
      return entry.column
    }
  }

  func keep(_ column: WhereColumn, as key: Key, at stamp: Stamp) {
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

  /// Forgets what was read of a collection.
  func forget(_ collection: Int64) {
    state.withLock { state in
      for key in state.columns.keys where key.collection == collection { state.remove(key) }
    }
  }

  /// Bytes kept of a collection.
  func byteCount(of collection: Int64) -> Int {
    state.withLock { state in
      state.columns.lazy.filter { $0.key.collection == collection }
        .reduce(0) { $0 + $1.value.column.byteCount }
    }
  }
}
