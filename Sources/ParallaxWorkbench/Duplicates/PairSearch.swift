internal import ParallaxCore
private import ParallaxDigest
internal import ParallaxSearch
internal import ParallaxStorage
private import Synchronization

/// The pairs of a loaded space, from kept ones as far as those go.
struct PairSearch {
  private let loaded: LoadedSpace
  private let floor: Float
  private let most: Int
  private let stop: ScanStop
  private let step: @Sendable (_ done: Int, _ total: Int) -> Void
  /// Of the rows.
  private let members: [StoredPairs.Member]

  init(
    _ loaded: LoadedSpace, floor: Float, atMost most: Int = PairLimit.most, until stop: ScanStop,
    step: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
  ) {
    self.loaded = loaded
    self.floor = floor
    self.most = most
    self.stop = stop
    self.step = step
    let size = loaded.matrix.dimension * MemoryLayout<Float>.stride
    members = loaded.matrix.withValues { values in
      let bytes = UnsafeRawBufferPointer(values)
      return loaded.items.enumerated().map { row, item in
        let own = UnsafeRawBufferPointer(rebasing: bytes[row * size..<(row + 1) * size])
        return StoredPairs.Member(item: item, checksum: Digest.checksum(own))
      }
    }
  }

  /// - Returns: pairs of rows, those below the floor of this search among them where the kept ones go further.
  func run(from kept: StoredPairs?) throws -> (StoredPairs, SpacePairs.Origin) {
    guard let kept, kept.floor <= floor else { return try searched(floor) }
    if kept.members == members { return (kept, .kept) }
    var rows: [StoredPairs.Member: UInt32] = [:]
    for (row, member) in members.enumerated() { rows[member] = UInt32(row) }
    let places = kept.members.map { rows[$0] }
    let known = Set(places.compactMap(\.self))
    let fresh = members.indices.filter { !known.contains(UInt32($0)) }
    // Comparing most rows with all costs more than comparing all once.
    guard fresh.count * 2 <= members.count else { return try searched(floor) }
    var pairs = kept.pairs.compactMap { pair -> StoredPairs.Pair? in
      guard let one = places[Int(pair.left)], let other = places[Int(pair.right)] else {
        return nil
      }
      return StoredPairs.Pair(left: min(one, other), right: max(one, other), score: pair.score)
    }
    do {
      if !fresh.isEmpty { pairs += try self.pairs(of: fresh, floor: kept.floor) }
    } catch let error as ParallaxError where error.code == .tooManyPairs {
      // As far down as was once asked for there are too many now, not as far as is asked for.
      return try searched(floor)
    }
    guard pairs.count <= most else { return try searched(floor) }
    pairs.sort { ($0.left, $0.right) < ($1.left, $1.right) }
    return (
      StoredPairs(floor: kept.floor, members: members, pairs: pairs),
      .extended(items: fresh.count)
    )
  }

  private func searched(_ floor: Float) throws -> (StoredPairs, SpacePairs.Origin) {
    let (pairs, summary) = try found(
      PairJoin(loaded.matrix, floor: floor), floor: floor,
      total: loaded.matrix.rowCount * (loaded.matrix.rowCount - 1) / 2
    ) { $0 }
    return (StoredPairs(floor: floor, members: members, pairs: pairs), .search(summary))
  }

  /// Pairs of some rows with all others.
  private func pairs(of fresh: [Int], floor: Float) throws -> [StoredPairs.Pair] {
    let (all, dimension) = (loaded.matrix, loaded.matrix.dimension)
    let own = VectorMatrix(rowCount: fresh.count, dimension: dimension) { copied in
      all.withValues { values in
        for (place, row) in fresh.enumerated() {
          for index in 0..<dimension {
            copied[place * dimension + index] = values[row * dimension + index]
          }
        }
      }
    }
    let isFresh = Set(fresh)
    return try found(
      PairJoin(own, with: all, floor: floor), floor: floor, total: fresh.count * all.rowCount
    ) { pair in
      let (row, other) = (fresh[Int(pair.left)], Int(pair.right))
      // Of two that are both new, each meets the other.
      guard row != other, !(isFresh.contains(other) && other < row) else { return nil }
      return RowPair(
        left: Int32(min(row, other)), right: Int32(max(row, other)), score: pair.score)
    }.0
  }

  /// - Parameter kept: the pair as it is kept, by the rows of the space; `nil` where it is none.
  private func found(
    _ join: PairJoin, floor: Float, total: Int, kept: @escaping @Sendable (RowPair) -> RowPair?
  ) throws -> ([StoredPairs.Pair], PairJoin.Summary) {
    let found = Mutex<[StoredPairs.Pair]>([])
    let (step, limit) = (step, PairLimit(of: loaded.space, floor: floor, total: total, most: most))
    let summary = try join.run(
      until: stop,
      step: { done in
        limit.compared = done
        step(done, total)
      },
      deliver: { pairs in
        let pairs = pairs.compactMap(kept)
        try limit.add(pairs)
        found.withLock { found in
          found += pairs.map {
            StoredPairs.Pair(left: UInt32($0.left), right: UInt32($0.right), score: $0.score)
          }
        }
      })
    return (found.withLock { $0 }, summary)
  }
}
