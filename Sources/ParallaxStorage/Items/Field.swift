package import ParallaxCore

/// What `describe` shows of a metadata field.
package struct FieldSummary: Sendable, Hashable {
  /// `distinct` counts up to here.
  package static let distinctLimit = 1_000

  package let name: String
  package let kind: ValueKind
  /// Whether an item may have several values.
  package let isList: Bool
  /// Items that have a value.
  package let count: Int
  /// Items that have none.
  package let nulls: Int
  /// The number of different values; `nil` when there are more than ``distinctLimit``.
  package let distinct: Int?
  /// The smallest value, texts by their bytes; null when no item has one. Texts that do not fit the
  /// field's kind do not count here.
  package let minimum: Value
  package let maximum: Value
}

/// The fields every item has, which `--where` and `--columns` know beside the metadata.
///
/// Reading a table gives its columns other names; should a metadata field still have the same name,
/// it hides the built-in one, which is then there as `item.width`.
package enum BuiltInField: String, Sendable, Hashable, CaseIterable {
  case id, path, width, height, format, size, text

  package var kind: ValueKind {
    switch self {
    case .id, .path, .format, .text: .text
    case .width, .height, .size: .integer
    }
  }
}
