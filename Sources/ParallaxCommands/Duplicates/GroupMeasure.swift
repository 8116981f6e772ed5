internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxWorkbench

/// What `--by` names.
enum GroupMeasure: String, Sendable, CaseIterable {
  case cosine, hash, pixels
}

extension GroupBasis {
  /// A similarity as a cell: a cosine as `query` shows it, or bits that differ.
  func cell(_ similarity: Double?) -> Value {
    guard let similarity else { return .null }
    switch self {
    case .cosine: return .real(GroupListing.shown(similarity))
    case .hash, .pixels: return Value(Int(-similarity))
    }
  }

  /// `0.9731`, or `7 bits`.
  func words(_ similarity: Double) -> String {
    switch self {
    case .cosine: Wording.number((similarity * 10_000).rounded() / 10_000)
    case .hash, .pixels: Wording.count(Int(-similarity), "bit")
    }
  }

  /// Whether a group has a least similarity, which may be a large one.
  var hasDegrees: Bool { self != .pixels }

  /// A column of similarities, of cosines by one name, of bits by another.
  func columns(_ cosine: String, _ bits: String) -> [Table.Column] {
    switch self {
    case .cosine: [.init(cosine, .real)]
    case .hash: [.init(bits, .integer)]
    case .pixels: []
    }
  }

  /// Cells of such a column.
  func cells(_ similarity: Double?) -> [Value] { hasDegrees ? [cell(similarity)] : [] }
}
