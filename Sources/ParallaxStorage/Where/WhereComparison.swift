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
    let nothing = [UInt64](repeating: 0, count: (count + 63) / 64)
    (cells, known, step) = (.integers(CellArray([0])), nothing, 0)
  }

  /// Whether it is one text.
  fileprivate var isText: Bool {
    if step == 0, case .texts = cells { true } else { false }
  }

  /// A value of the kind of `other`, where that is the same number; comparing is faster then.
  fileprivate func fitted(to other: WhereSide) -> WhereSide {
    var fitted = self
    switch (cells, other.cells) {
    case (.integers(let values), .reals) where step == 0 && values.count == 1:
      if let value = Double(exactly: values[0]) { fitted.cells = .reals(CellArray([value])) }
    case (.reals(let values), .integers) where step == 0 && values.count == 1:
      if let value = Int64(exactly: values[0]) { fitted.cells = .integers(CellArray([value])) }
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
    if left.step == 0, right.step == 1 { return verdict(right, comparison.mirrored, left) }
    if let verdict = byValue(left, right, { $0.verdict($1, comparison, right) }) { return verdict }
    let known = zip(left.known, right.known).map { $0 & $1 }
    let there = right.step
    switch (left.cells, right.cells) {
    case (.integers(let values), .integers(let others)):
      return compared(known, comparison, left, right, values, others)
    case (.reals(let values), .reals(let others)):
      return compared(known, comparison, left, right, values, others)
    case (.integers(let values), .reals(let others)):
      let here = left.step
      return compared(known, comparison) {
        Self.order(values[$0 &* here], others[$0 &* there])
      }
    case (.reals(let values), .integers(let others)):
      let here = left.step
      return compared(known, comparison) {
        -Self.order(others[$0 &* there], values[$0 &* here])
      }
    case (.texts(let texts), .texts(let others)):
      let here = left.step
      return texts.withCells { cell in
        others.withCells { other in
          switch comparison {
          case .equal:
            WhereVerdict(count: count, known: known) {
              Self.areEqual(cell($0 &* here), other($0 &* there))
            }
          case .unequal:
            WhereVerdict(count: count, known: known) {
              !Self.areEqual(cell($0 &* here), other($0 &* there))
            }
          default:
            compared(known, comparison) { Self.order(cell($0 &* here), other($0 &* there)) }
          }
        }
      }
    default:
      // Of no order between them: unknown.
      return WhereVerdict(count: count, known: known.map { _ in 0 }) { _ in false }
    }
  }

  /// What is said of cells that share texts, beside one value: it is said once of each text.
  ///
  /// - Parameter body: says it of the texts as cells.
  /// - Returns: `nil` where texts are not shared.
  private func byValue(
    _ left: WhereSide, _ right: WhereSide?,
    _ body: (WhereComparison, WhereSide) throws -> WhereVerdict
  ) rethrows -> WhereVerdict? {
    guard left.step == 1, case .texts(let texts) = left.cells, let codes = texts.codes,
      right?.isText ?? true
    else { return nil }
    let values = texts.values
    let side = WhereSide(
      WhereColumn(cells: .texts(values), known: WhereVerdict.everything(values.count)))
    let verdict = try body(WhereComparison(count: values.count), side)
    let holds = (0..<values.count).map { verdict.isTrue(at: $0) }
    // Another verdict than true is false: of a known text beside a known value.
    let known = right.map { right in zip(left.known, right.known).map { $0 & $1 } } ?? left.known
    return holds.withUnsafeBufferPointer { holds in
      codes.withCells { codes in
        WhereVerdict(count: count, known: known) { holds[Int(codes[$0])] }
      }
    }
  }

  /// Whether the left side is among some values, all of its own class.
  func membership(_ left: WhereSide, among values: [WhereColumn.Cells]) -> WhereVerdict {
    if let verdict = byValue(left, nil, { $0.membership($1, among: values) }) { return verdict }
    let step = left.step
    switch left.cells {
    case .integers(let cells):
      return membership(left, cells, values.compactMap(Self.integer))
    case .reals(let cells):
      return membership(left, cells, values.compactMap(Self.real))
    case .texts(let texts):
      let wanted = values.compactMap { value -> [UInt8]? in
        if case .texts(let text) = value { Array(text.bytes) } else { nil }
      }.sorted { $0.lexicographicallyPrecedes($1) }
      return texts.withCells { cell in
        WhereVerdict(count: count, known: left.known) {
          Self.isAmong(wanted, cell($0 &* step))
        }
      }
    }
  }

  /// Few numbers are compared one after another, which takes no branches.
  private func membership<T: Hashable & BitwiseCopyable & Sendable>(
    _ left: WhereSide, _ cells: CellArray<T>, _ values: [T]
  ) -> WhereVerdict {
    let (step, wanted) = (left.step, Set(values))
    return cells.withCells { cells in
      guard wanted.count <= 8 else {
        return WhereVerdict(count: count, known: left.known) {
          wanted.contains(cells[$0 &* step])
        }
      }
      var verdict = WhereVerdict(count: count, known: left.known) { _ in false }
      for value in wanted {
        verdict.formOr(
          WhereVerdict(count: count, known: left.known) { cells[$0 &* step] == value })
      }
      return verdict
    }
  }

  /// - Throws: `CancellationError`.
  func like(_ left: WhereSide, _ pattern: WhereSide) throws -> WhereVerdict {
    if let verdict = try byValue(left, pattern, { try $0.like($1, pattern) }) { return verdict }
    guard case .texts(let texts) = left.cells, case .texts(let patterns) = pattern.cells else {
      return WhereVerdict(count: count, known: left.known.map { _ in 0 }) { _ in false }
    }
    let known = zip(left.known, pattern.known).map { $0 & $1 }
    let (here, isFixed) = (left.step, pattern.step == 0)
    return try texts.withCells { cell in
      try patterns.withCells { pattern in
        // A column of patterns may have none.
        let fixed = isFixed ? LikePattern(pattern(0)) : nil
        return try WhereVerdict(count: count, known: known) {
          if $0 & 0xFFF == 0 { try Task.checkCancellation() }
          let text = cell($0 &* here)
          if let fixed { return try fixed.matches(text) }
          return try LikePattern.matches(text, pattern($0))
        }
      }
    }
  }

  /// Item by item, in loops without branches.
  @inline(__always)
  private func compared<T: Comparable & BitwiseCopyable & Sendable>(
    _ known: [UInt64], _ comparison: WhereNode.Comparison, _ left: WhereSide, _ right: WhereSide,
    _ values: CellArray<T>, _ others: CellArray<T>
  ) -> WhereVerdict {
    values.withCells { values in
      others.withCells { others in
        guard left.step == 1, right.step == 0 else {
          let (here, there) = (left.step, right.step)
          return compared(known, comparison, { values[$0 &* here] }, { others[$0 &* there] })
        }
        let value = others[0]
        return compared(known, comparison, { values[$0] }, { _ in value })
      }
    }
  }

  @inline(__always)
  private func compared(
    _ known: [UInt64], _ comparison: WhereNode.Comparison, _ order: (Int) -> Int
  ) -> WhereVerdict {
    compared(known, comparison, order, { _ in 0 })
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

  static func areEqual(
    _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard left.count == right.count else { return false }
    guard let start = left.baseAddress, let other = right.baseAddress else { return true }
    return memcmp(start, other, left.count) == 0
  }

  /// A binary search, unless there are few.
  private static func isAmong(_ sorted: [[UInt8]], _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard sorted.count > 8 else {
      return sorted.contains { $0.withUnsafeBufferPointer { areEqual($0, text) } }
    }
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
