internal import ParallaxCore

/// Where each of some items stands in a list.
///
/// Keys of a workspace are given in order and nearly without gaps: an array then does what a
/// dictionary does, many times faster.
struct RowIDIndex: Sendable {
  private var first: Int64 = 0
  /// Positions from `first` on, -1 for none; empty where the keys lie too far apart.
  private var dense: [Int32] = []
  private var sparse: [ItemRecord.RowID: Int] = [:]

  init(_ items: [ItemRecord.RowID]) {
    guard let least = items.min()?.rawValue, let most = items.max()?.rawValue else { return }
    let (span, overflows) = most.subtractingReportingOverflow(least)
    guard !overflows, span < 4 * items.count + 1_024, items.count < Int32.max else {
      sparse = Dictionary(
        items.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
      return
    }
    first = least
    dense = [Int32](repeating: -1, count: Int(span) + 1)
    for (position, item) in items.enumerated() {
      dense[Int(item.rawValue - least)] = Int32(position)
    }
  }

  subscript(_ item: ItemRecord.RowID) -> Int? {
    guard !dense.isEmpty else { return sparse[item] }
    // Far keys wrap around to what is out of range as well.
    let offset = item.rawValue &- first
    guard offset >= 0, offset < dense.count, dense[Int(offset)] >= 0 else { return nil }
    return Int(dense[Int(offset)])
  }
}
