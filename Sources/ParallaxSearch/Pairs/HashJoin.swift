package import ParallaxCore

/// Two hashes of 64 bits that are near.
package struct HashPair: Sendable, Hashable {
  /// Where they stand: the lower position first.
  package var left: Int32
  package var right: Int32
  /// How many bits differ.
  package var distance: UInt8

  package init(left: Int32, right: Int32, distance: UInt8) {
    self.left = left
    self.right = right
    self.distance = distance
  }
}

/// Finds every pair of hashes of which at most so many bits differ, each once.
///
/// Pairs come in order, by left and then by right position, a block of left ones at a time; memory grows with the
/// hashes and with the pairs of a block. Many equal hashes have as many pairs as there are: whoever
/// expects them gives each hash once.
///
/// Where it pays, the 64 bits are cut into bands, and only hashes are compared that agree in one band
/// but for a few bits, its share. None is missed: shares, and one for each band, add up to the radius and one more; if
/// more bits than its share differed in every band, more than the radius would differ in all.
package struct HashJoin: Sendable {
  let hashes: [UInt64]
  let radius: Int
  let kernel: Kernel
  let threads: Int?

  package enum Method: Sendable, Hashable {
    /// Whichever costs less for so many hashes.
    case automatic
    /// Every pair is compared.
    case plain
    /// So many bands, from 4 to 12.
    case bands(Int)
  }

  /// - Parameters:
  ///   - radius: bits that may differ, from 0 to 64.
  ///   - threads: at most this many; `nil` for one a processor.
  package init(
    _ hashes: [PerceptualHash], radius: Int, kernel: Kernel = .best, threads: Int? = nil
  ) {
    self.hashes = hashes.map(\.rawValue)
    self.radius = min(64, max(0, radius))
    self.kernel = kernel
    self.threads = threads
  }

  /// Left hashes whose pairs are held at a time.
  private static let block = 256

  /// - Parameters:
  ///   - stop: ends the search within milliseconds.
  ///   - step: called with the left hashes that are done, after each block.
  ///   - deliver: called with the pairs of each block that has some, in order.
  /// - Throws: `CancellationError` when it was stopped, and what `step` and `deliver` throw; then the pairs are
  ///   not all.
  package func run(
    _ method: Method = .automatic, until stop: ScanStop? = nil,
    step: (Int) throws -> Void = { _ in },
    deliver: ([HashPair]) throws -> Void
  ) throws {
    let count =
      switch method {
      case .plain: Int?.none
      case .bands(let count): count
      case .automatic: HashBands.cheapest(count: hashes.count, radius: radius)
      }
    let bands = count.map { HashBands(hashes, radius: radius, count: $0) }
    for start in stride(from: 0, to: hashes.count, by: Self.block) {
      try stop?.check()
      let block = start..<min(start + Self.block, hashes.count)
      // A thread takes an eighth of a block: they end nearly together.
      let rows = ParallelRows(
        rowCount: block.count, dimension: max(1, hashes.count / 8), block: Self.block / 8,
        threads: threads)
      let parts = rows.run {
        [(first: Int, pairs: [HashPair])]()
      } _: { parts, range in
        let lefts = start + range.lowerBound..<start + range.upperBound
        parts.append((lefts.lowerBound, pairs(of: lefts, bands)))
      }
      let found = parts.flatMap { $0 }.sorted { $0.first < $1.first }.flatMap { $0.pairs }
      try stop?.check()
      if !found.isEmpty { try deliver(found) }
      try step(block.upperBound)
    }
  }

  /// Right hashes that stay in the first cache while all left ones of a part pass over them.
  private static let tile = 2_048

  private func pairs(of lefts: Range<Int>, _ bands: HashBands?) -> [HashPair] {
    if let bands { looked(up: lefts, in: bands) } else { compared(lefts) }
  }

  /// Every pair of some left hashes.
  private func compared(_ lefts: Range<Int>) -> [HashPair] {
    var pairs: [HashPair] = []
    hashes.withUnsafeBufferPointer { hashes in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.tile) { positions in
        for start in stride(from: lefts.lowerBound + 1, to: hashes.count, by: Self.tile) {
          let rights = start..<min(start + Self.tile, hashes.count)
          for left in lefts where left + 1 < rights.upperBound {
            let first = max(left + 1, rights.lowerBound)
            let found = kernel.near(
              hashes[left], UnsafeBufferPointer(rebasing: hashes[first..<rights.upperBound]),
              radius: radius, positions)
            for place in 0..<found { pairs.append(pair(left, first + Int(positions[place]))) }
          }
        }
      }
    }
    return pairs.sorted { ($0.left, $0.right) < ($1.left, $1.right) }
  }

  /// The same by bands.
  private func looked(up lefts: Range<Int>, in bands: HashBands) -> [HashPair] {
    var rights: Set<Int> = []
    var pairs: [HashPair] = []
    for left in lefts {
      rights.removeAll(keepingCapacity: true)
      bands.forEachNear(hashes[left], kernel) { position in
        if position > left { rights.insert(position) }
      }
      pairs += rights.sorted().map { pair(left, $0) }
    }
    return pairs
  }

  private func pair(_ left: Int, _ right: Int) -> HashPair {
    HashPair(
      left: Int32(left), right: Int32(right),
      distance: UInt8((hashes[left] ^ hashes[right]).nonzeroBitCount))
  }
}
