/// The identifier of an item within its collection.
///
/// By default the path relative to the ingested folder without its ending; a
/// manifest may name another column.
package struct ItemID: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible {
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }
  package init(_ rawValue: String) { self.rawValue = rawValue }

  package var description: String { rawValue }

  /// Orders by UTF-8 bytes, as SQLite does, so that ties break the same everywhere.
  package static func < (left: Self, right: Self) -> Bool {
    left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
  }
}
