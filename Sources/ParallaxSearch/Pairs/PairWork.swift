internal import ParallaxCore

/// What a thread holds while it looks for pairs.
struct PairBlock: Sendable {
  /// Right rows that are looked at together.
  static let (coded, plain) = (2_048, 512)

  var scored = 0
  var found: [RowPair] = []
  /// A bit a pair.
  var masks: [UInt16]
  var scores: [Float]
  var positions: [UInt32]
  var factors: [Double]

  init(_ rows: Int) {
    masks = Array(repeating: 0, count: (rows + PanelRows.height) * Self.coded / PanelRows.height)
    scores = Array(repeating: 0, count: max(rows * Self.plain, Self.coded))
    positions = Array(repeating: 0, count: Self.coded)
    factors = Array(repeating: 0, count: Self.coded)
  }
}

/// The search for pairs, a block of left rows at a time.
struct PairWork: Sendable {
  private let join: PairJoin
  private let panels: (left: PanelRows, right: PanelRows)?
  private let inverses: (left: [Double], right: [Double])
  private let extreme: (left: Set<Int>, right: [Int])

  init(_ join: PairJoin, _ plan: PairPlan?, until stop: ScanStop?) {
    self.join = join
    inverses = (join.left.lengths.inverses, join.right.lengths.inverses)
    extreme = (Set(join.left.lengths.extreme), join.right.lengths.extreme)
    panels = plan.map { plan in
      func rows(of side: PairSide) -> PanelRows {
        PanelRows(
          side.matrix, side.lengths, plan.axes, plan.frame, kernel: side.kernel,
          threads: side.threads, until: stop)
      }
      let left = rows(of: join.left)
      return (left, join.isSelf ? left : rows(of: join.right))
    }
  }

  /// The pairs of some left rows, by left and then by right row; `nil` when it was stopped.
  func pairs(of rows: Range<Int>, _ block: inout PairBlock, until stop: ScanStop) -> [RowPair]? {
    block.found.removeAll(keepingCapacity: true)
    let size = panels == nil ? PairBlock.plain : PairBlock.coded
    let first = join.isSelf ? rows.lowerBound / PanelRows.height * PanelRows.height : 0
    for start in stride(from: first, to: join.right.rowCount, by: size) {
      guard !stop.isStopped else { return nil }
      let others = start..<min(start + size, join.right.rowCount)
      if let panels {
        byCodes(rows, others, panels, &block)
      } else {
        plainly(rows, others, &block)
      }
    }
    guard extremePairs(of: rows, &block, until: stop) else { return nil }
    return Self.ordered(block.found, rows)
  }

  // MARK: - By codes

  private func byCodes(
    _ rows: Range<Int>, _ others: Range<Int>, _ panels: (left: PanelRows, right: PanelRows),
    _ block: inout PairBlock
  ) {
    let height = PanelRows.height
    let own = rows.lowerBound..<(rows.upperBound + height - 1) / height * height
    let (first, last) = (others.lowerBound / height, (others.upperBound + height - 1) / height)
    let stride = PairBlock.coded / height
    if last - first < stride {
      // What an earlier chunk left beyond the last panel of this one.
      block.masks.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    }
    join.left.kernel.near(
      panels.left.memory, own, panels.right.memory, first..<last, masks: &block.masks,
      stride: stride)
    let near = Kernel.count(block.masks, rows.count * stride)
    guard near > 0 else { return }
    // Where many are left, all together are compared faster than each alone.
    let dimension = join.left.matrix.dimension
    let limit = PairPlan.Cost.blockPair(dimension) / PairPlan.Cost.pair(dimension)
    if Double(near) > limit * Double(rows.count * others.count) {
      for start in Swift.stride(from: others.lowerBound, to: others.upperBound, by: PairBlock.plain)
      {
        plainly(rows, start..<min(start + PairBlock.plain, others.upperBound), &block)
      }
      return
    }
    for row in rows {
      let place = (row - rows.lowerBound) * stride
      var count = block.masks.withUnsafeBufferPointer { masks in
        masks.baseAddress.map {
          Kernel.list($0 + place, stride, from: first * height, to: &block.positions)
        } ?? 0
      }
      if join.isSelf, others.lowerBound <= row {
        let kept = block.positions[..<count].filter { Int($0) > row }
        block.positions.replaceSubrange(0..<kept.count, with: kept)
        count = kept.count
      }
      if count > 0 { score(row, count, &block) }
    }
  }

  /// Compares a left row with those whose numbers are in the block.
  private func score(_ row: Int, _ count: Int, _ block: inout PairBlock) {
    let kernel = join.left.kernel
    for place in 0..<count { block.factors[place] = inverses.right[Int(block.positions[place])] }
    join.right.withPart(0..<join.right.rowCount) { part in
      join.left.withRow(row) {
        kernel.scan(part, $0, at: block.positions, count: count, scores: &block.scores)
      }
    }
    kernel.cosines(
      &block.scores, rows: block.factors, query: inverses.left[row], count: count)
    block.scored += count
    for place in 0..<count where block.scores[place] >= join.floor {
      block.found.append(
        RowPair(
          left: Int32(row), right: Int32(block.positions[place]), score: block.scores[place]))
    }
  }

  // MARK: - All together

  private func plainly(_ rows: Range<Int>, _ others: Range<Int>, _ block: inout PairBlock) {
    let (kernel, stride) = (join.left.kernel, PairBlock.plain)
    join.right.withPart(others) { part in
      join.left.withRow(rows.lowerBound) {
        kernel.scan(
          .cosine, part, queries: $0, count: rows.count, scores: &block.scores, stride: stride)
      }
    }
    block.scored += rows.count * others.count
    for row in rows where inverses.left[row] > 0 {
      let count = block.scores.withUnsafeMutableBufferPointer { scores in
        inverses.right.withUnsafeBufferPointer { factors in
          guard let factors = factors.baseAddress, let start = scores.baseAddress else { return 0 }
          let own = start + (row - rows.lowerBound) * stride
          kernel.cosines(
            own, rows: factors + others.lowerBound, query: inverses.left[row], count: others.count)
          return kernel.select(
            own, count: others.count, least: join.floor, positions: &block.positions)
        }
      }
      for place in 0..<count {
        let position = Int(block.positions[place])
        let other = others.lowerBound + position
        guard !join.isSelf || other > row, inverses.right[other] > 0 else { continue }
        let score = block.scores[(row - rows.lowerBound) * stride + position]
        block.found.append(RowPair(left: Int32(row), right: Int32(other), score: score))
      }
    }
  }

  // MARK: - Extreme rows

  /// Pairs of which one row's squares vanish or overflow in single precision: they are compared in double precision.
  ///
  /// - Returns: `false` when it was stopped.
  private func extremePairs(
    of rows: Range<Int>, _ block: inout PairBlock, until stop: ScanStop
  ) -> Bool {
    guard !extreme.left.isEmpty || !extreme.right.isEmpty else { return true }
    for row in rows where inverses.left[row] != 0 {
      let own = join.left.matrix.row(row)
      let first = join.isSelf ? row + 1 : 0
      let others =
        extreme.left.contains(row)
        ? Array(first..<join.right.rowCount) : extreme.right.filter { $0 >= first }
      for (place, other) in others.enumerated() where inverses.right[other] != 0 {
        if place % 256 == 0, stop.isStopped { return false }
        block.scored += 1
        guard let cosine = Vector.cosine(own, join.right.matrix.row(other)),
          Float(cosine) >= join.floor
        else { continue }
        block.found.append(
          RowPair(left: Int32(row), right: Int32(other), score: Float(cosine)))
      }
      if stop.isStopped { return false }
    }
    return true
  }

  // MARK: - Order

  /// By left row, then by right row: those of a left row come in order already, but for extreme ones.
  private static func ordered(_ found: [RowPair], _ rows: Range<Int>) -> [RowPair] {
    guard found.count > 1 else { return found }
    var places = [Int](repeating: 0, count: rows.count + 1)
    for pair in found { places[Int(pair.left) - rows.lowerBound + 1] += 1 }
    for row in 1...rows.count { places[row] += places[row - 1] }
    let bounds = places
    var ordered = found
    for pair in found {
      let row = Int(pair.left) - rows.lowerBound
      ordered[places[row]] = pair
      places[row] += 1
    }
    for row in 0..<rows.count {
      let range = bounds[row]..<bounds[row + 1]
      let isOrdered = range.dropFirst().allSatisfy { ordered[$0 - 1].right < ordered[$0].right }
      if !isOrdered { ordered[range].sort { $0.right < $1.right } }
    }
    return ordered
  }
}
