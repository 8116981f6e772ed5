internal import ParallaxCore
private import ParallaxDigest
internal import ParallaxReporting
internal import ParallaxSearch
package import ParallaxStorage
private import ParallaxSystem
private import Synchronization

extension Workbench {
  /// Pairs that are kept, at most: 240 MB.
  private static let mostKept = 20_000_000

  /// Every pair of items of a space whose cosine is at least a score, exactly.
  ///
  /// The pairs are kept with the space: a higher score, later, is read from them, and items added since are compared
  /// with all others, which costs less than all anew. What is given does not depend on that.
  ///
  /// - Parameters:
  ///   - minimumScore: from -1 to 1.
  /// - Throws: `invalid-value` for another score; what loading the space throws; `CancellationError`.
  @concurrent package func pairs(
    of space: Space, minimumScore: Double, _ handler: @escaping EventHandler
  ) async throws -> SpacePairs {
    guard (-1...1).contains(minimumScore) else {
      throw ParallaxError(
        .invalidValue, "a cosine is from -1 to 1; got \(minimumScore)",
        hint: "1 is the same direction, 0 is unrelated")
    }
    let loaded = try await spaces.loading(space, progress: { handler(.progress($0)) }).loaded
    // The first float that is not below it.
    let nearest = Float(minimumScore)
    let floor = Double(nearest) < minimumScore ? nearest.nextUp : nearest
    let kept = try keptPairs(of: space, handler)
    let (found, origin) = try await ScanStop.whenCancelled { stop in
      try PairSearch(loaded, floor: floor, until: stop) { done, total in
        handler(
          .progress(Progress("comparing", completed: done, total: total, unit: "pairs")))
      }.run(from: kept)
    }
    if origin != .kept { try keep(found, of: space, handler) }
    let zeros = (0..<loaded.matrix.rowCount).count { row in
      loaded.matrix.withValues { values in
        let start = row * loaded.matrix.dimension
        return values[start..<start + loaded.matrix.dimension].allSatisfy { $0 == 0 }
      }
    }
    return SpacePairs(
      space: space, ids: loaded.ids,
      pairs: found.pairs.compactMap { pair in
        guard pair.score >= floor else { return nil }
        return RowPair(left: Int32(pair.left), right: Int32(pair.right), score: pair.score)
      },
      minimumScore: minimumScore, origin: origin,
      itemCount: try workspace.summaries(of: [space]).first?.itemCount ?? 0,
      withoutDirection: zeros,
      copies: try workspace.copies(in: space.collection))
  }

  /// The pairs that are kept; none where they are damaged, which is said.
  private func keptPairs(of space: Space, _ handler: EventHandler) throws -> StoredPairs? {
    do {
      return try workspace.pairs(of: space)
    } catch let error as ParallaxError where error.code == .damagedData {
      handler(.warning("\(error.message); all items are compared again"))
      return nil
    }
  }

  private func keep(_ pairs: StoredPairs, of space: Space, _ handler: EventHandler) throws {
    guard workspace.mode == .readWrite else { return }
    guard pairs.pairs.count <= Self.mostKept else {
      try workspace.discardPairs(of: space)
      let most = Wording.count(Self.mostKept, "pair")
      return handler(
        .note(
          "\(Wording.count(pairs.pairs.count, "pair")) are not kept with '\(space.reference)', at most "
            + "\(most) are: the next search compares all items again"))
    }
    try workspace.keep(pairs, of: space, created: Clock.now())
  }
}

/// The pairs of a loaded space, from kept ones as far as those go.
struct PairSearch {
  private let loaded: LoadedSpace
  private let floor: Float
  private let stop: ScanStop
  private let step: @Sendable (_ done: Int, _ total: Int) -> Void
  /// Of the rows.
  private let members: [StoredPairs.Member]

  init(
    _ loaded: LoadedSpace, floor: Float, until stop: ScanStop,
    step: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
  ) {
    self.loaded = loaded
    self.floor = floor
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
    guard fresh.count * 2 <= members.count else { return try searched(kept.floor) }
    var pairs = kept.pairs.compactMap { pair -> StoredPairs.Pair? in
      guard let one = places[Int(pair.left)], let other = places[Int(pair.right)] else {
        return nil
      }
      return StoredPairs.Pair(left: min(one, other), right: max(one, other), score: pair.score)
    }
    if !fresh.isEmpty { pairs += try self.pairs(of: fresh, floor: kept.floor) }
    pairs.sort { ($0.left, $0.right) < ($1.left, $1.right) }
    return (
      StoredPairs(floor: kept.floor, members: members, pairs: pairs),
      .extended(items: fresh.count)
    )
  }

  private func searched(_ floor: Float) throws -> (StoredPairs, SpacePairs.Origin) {
    let (pairs, summary) = try found(
      PairJoin(loaded.matrix, floor: floor),
      total: loaded.matrix.rowCount * (loaded.matrix.rowCount - 1) / 2)
    let stored = pairs.map {
      StoredPairs.Pair(left: UInt32($0.left), right: UInt32($0.right), score: $0.score)
    }
    return (StoredPairs(floor: floor, members: members, pairs: stored), .search(summary))
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
      PairJoin(own, with: all, floor: floor), total: fresh.count * all.rowCount
    ).0.compactMap { pair in
      let (row, other) = (fresh[Int(pair.left)], Int(pair.right))
      // Of two that are both new, each meets the other.
      guard row != other, !(isFresh.contains(other) && other < row) else { return nil }
      return StoredPairs.Pair(
        left: UInt32(min(row, other)), right: UInt32(max(row, other)), score: pair.score)
    }
  }

  private func found(
    _ join: PairJoin, total: Int
  ) throws -> ([RowPair], PairJoin.Summary) {
    let found = Mutex<[RowPair]>([])
    let step = step
    let summary = try join.run(until: stop, step: { step($0, total) }) { pairs in
      found.withLock { $0 += pairs }
    }
    return (found.withLock { $0 }, summary)
  }
}
