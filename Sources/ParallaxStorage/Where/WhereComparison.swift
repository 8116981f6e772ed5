internal import ParallaxConditions

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// One side of a comparison: a column, or one value that stands for every item.
struct WhereSide: Sendable {
  var cells: WhereColumn.Cells
  var known: [UInt64]
  /// 0 for one value, 1 for a column: the cell of a position is at `position * step`.
  var step: Int

  init(_ column: WhereColumn) {
    (cells, known, step) = (column.cells, column.known, 1)
  }

  init(_ constant: WhereColumn.Cells, count: Int) {
    (cells, known, step) = (constant, WhereVerdict.everything(count), 0)
  }

  /// No value for any of so many items.
  init(unknownFor count: Int) {
    (cells, known, step) = (.integers([0]), [UInt64](repeating: 0, count: (count + 63) / 64), 0)
  }

  /// A value of the kind of `other`, where that is the same number; comparing is faster then.
  fileprivate func fitted(to other: WhereSide) -> WhereSide {
    var fitted = self
    switch (cells, other.cells) {
    case (.integers(let values), .reals) where step == 0 && values.count == 1:
      if let value = Double(exactly: values[0]) { fitted.cells = .reals([value]) }
    case (.reals(let values), .integers) where step == 0 && values.count == 1:
      if let value = Int64(exactly: values[0]) { fitted.cells = .integers([value]) }
    default: break
    }
    return fitted
  }
}

/// Comparisons of two sides, item by item. What has no order between it was refused before.
struct WhereComparison {
  let count: Int

  func verdict(
    _ left: WhereSide, _ comparison: WhereNode.Comparison, _ right: WhereSide
  ) -> WhereVerdict {
    let (left, right) = (left.fitted(to: right), right.fitted(to: left))
    let known = zip(left.known, right.known).map { $0 & $1 }
    let (here, there) = (left.step, right.step)
    switch (left.cells, right.cells) {
    case (.integers(let values), .integers(let others)):
      return compared(known, comparison, { values[$0 &* here] }, { others[$0 &* there] })
    case (.reals(let values), .reals(let others)):
      return compared(known, comparison, { values[$0 &* here] }, { others[$0 &* there] })
    case (.integers(let values), .reals(let others)):
      return compared(
        known, comparison, { Self.order(values[$0 &* here], others[$0 &* there]) }, { _ in 0 })
    case (.reals(let values), .integers(let others)):
      return compared(
        known, comparison, { _ in 0 }, { Self.order(others[$0 &* there], values[$0 &* here]) })
    case (.texts(let texts), .texts(let others)):
      return texts.withCells { cell in
        others.withCells { other in
          compared(
            known, comparison, { Self.order(cell($0 &* here), other($0 &* there)) }, { _ in 0 })
        }
      }
    default:
      // Of no order between them: unknown.
      return WhereVerdict(count: count, known: known.map { _ in 0 }) { _ in false }
    }
  }

  /// Whether the left side is among some values, all of its own class.
  func membership(_ left: WhereSide, among values: [WhereColumn.Cells]) -> WhereVerdict {
    let step = left.step
    switch left.cells {
    case .integers(let cells):
      let wanted = Set(values.compactMap(Self.integer))
      return WhereVerdict(count: count, known: left.known) { wanted.contains(cells[$0 &* step]) }
    case .reals(let cells):
      let wanted = Set(values.compactMap(Self.real))
      return WhereVerdict(count: count, known: left.known) { wanted.contains(cells[$0 &* step]) }
    case .texts(let texts):
      let wanted = values.compactMap { value -> [UInt8]? in
        if case .texts(let text) = value { text.bytes } else { nil }
      }.sorted { $0.lexicographicallyPrecedes($1) }
      return texts.withCells { cell in
        WhereVerdict(count: count, known: left.known) {
          Self.isAmong(wanted, cell($0 &* step))
        }
      }
    }
  }

  /// - Throws: `CancellationError`.
  func like(_ left: WhereSide, _ pattern: WhereSide) throws -> WhereVerdict {
    guard case .texts(let texts) = left.cells, case .texts(let patterns) = pattern.cells else {
      return WhereVerdict(count: count, known: left.known.map { _ in 0 }) { _ in false }
    }
    let known = zip(left.known, pattern.known).map { $0 & $1 }
    let (here, there) = (left.step, pattern.step)
    return try texts.withCells { cell in
      try patterns.withCells { pattern in
        try WhereVerdict(count: count, known: known) {
          if $0 & 0xFFF == 0 { try Task.checkCancellation() }
          return try LikePattern.matches(cell($0 &* here), pattern($0 &* there))
        }
      }
    }
  }

  @inline(__always)
  private func compared<T: Comparable>(
    _ known: [UInt64], _ comparison: WhereNode.Comparison, _ left: (Int) -> T, _ right: (Int) -> T
  ) -> WhereVerdict {
    switch comparison {
    case .equal: WhereVerdict(count: count, known: known) { left($0) == right($0) }
    case .unequal: WhereVerdict(count: count, known: known) { left($0) != right($0) }
    case .less: WhereVerdict(count: count, known: known) { left($0) < right($0) }
    case .lessOrEqual: WhereVerdict(count: count, known: known) { left($0) <= right($0) }
    case .greater: WhereVerdict(count: count, known: known) { left($0) > right($0) }
    case .greaterOrEqual: WhereVerdict(count: count, known: known) { left($0) >= right($0) }
    }
  }

  // MARK: Order

  /// Below, at or above zero, as by subtraction; exact, which neither number as the other's kind is.
  private static func order(_ integer: Int64, _ real: Double) -> Int {
    if real >= 0x1p63 { return -1 }
    if real < -0x1p63 { return 1 }
    let whole = Int64(real)
    if integer != whole { return integer < whole ? -1 : 1 }
    let rest = real - Double(whole)
    return rest > 0 ? -1 : rest < 0 ? 1 : 0
  }

  /// Byte by byte.
  static func order(
    _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
  ) -> Int {
    let shared = min(left.count, right.count)
    if let start = left.baseAddress, let other = right.baseAddress, shared > 0 {
      let order = memcmp(start, other, shared)
      if order != 0 { return Int(order) }
    }
    return left.count - right.count
  }

  /// A binary search.
  private static func isAmong(_ sorted: [[UInt8]], _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      let order = sorted[middle].withUnsafeBufferPointer { Self.order($0, text) }
      if order == 0 { return true }
      if order < 0 { low = middle + 1 } else { high = middle }
    }
    return false
  }

  private static func integer(_ cells: WhereColumn.Cells) -> Int64? {
    switch cells {
    case .integers(let values): values.first
    case .reals(let values): values.first.flatMap(Int64.init(exactly:))
    case .texts: nil
    }
  }

  private static func real(_ cells: WhereColumn.Cells) -> Double? {
    switch cells {
    case .integers(let values): values.first.flatMap(Double.init(exactly:))
    case .reals(let values): values.first
    case .texts: nil
    }
  }
}
