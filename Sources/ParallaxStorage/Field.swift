package import ParallaxCore

/// What `describe` shows of a metadata field.
package struct FieldSummary: Sendable, Hashable {
  /// `distinct` counts up to here.
  package static let distinctLimit = 1_000

  package let name: String
  package let kind: ValueKind
  /// Items that have a value.
  package let count: Int
  /// Items that have none.
  package let nulls: Int
  /// The number of different values; `nil` when there are more than ``distinctLimit``.
  package let distinct: Int?
  /// The smallest value, texts by their bytes; null when no item has one.
  package let minimum: Value
  package let maximum: Value
}

/// The fields every item has, which `--where` and `--columns` know beside the metadata.
///
/// A metadata field of the same name hides a built-in one, quoted or not; the
/// built-in one is then still there as `item.width`.
package enum BuiltInField: String, Sendable, Hashable, CaseIterable {
  case id, path, width, height, format, size, text

  package var kind: ValueKind {
    switch self {
    case .id, .path, .format, .text: .text
    case .width, .height, .size: .integer
    }
  }
}
