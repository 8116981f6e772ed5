private import ParallaxCore

/// Random signs for several lists of numbers at once, a bit a number.
///
/// Eight numbers have 256 sums of some of them, which are computed once; then eight random bits are
/// one look-up and one addition. Blocks of assignments have their own seeds, and all sums are taken in
/// a fixed order, so that the outcome is a function of the numbers and the seed.
struct RandomSigns {
  private static let blockSize = 1_024
  private static let groupSize = 8
  private static let sumsPerGroup = 256
  /// Sums that are kept at a time: 64 MB.
  private static let mostSums = 8_000_000

  let seed: UInt64

  /// How many of `count` random assignments have a sum at least as far from 0 as the one observed,
  /// for each list; sums that are equal but for rounding count as equal.
  ///
  /// - Parameter lists: of equal length.
  /// - Throws: `CancellationError`.
  func hits(in lists: [[Double]], of count: Int) throws -> [Int] {
    guard let length = lists.first?.count else { return [] }
    precondition(lists.allSatisfy { $0.count == length }, "pairs of different units")
    let groupCount = (length + Self.groupSize - 1) / Self.groupSize
    // The same signs for each batch.
    let batch = max(1, Self.mostSums / (groupCount * Self.sumsPerGroup))
    return try stride(from: 0, to: lists.count, by: batch).flatMap { start in
      let tables = lists[start..<min(start + batch, lists.count)]
        .map { SubsetSums($0, groupCount: groupCount) }
      return try hits(in: tables, groupCount: groupCount, of: count)
    }
  }

  private func hits(in tables: [SubsetSums], groupCount: Int, of count: Int) throws -> [Int] {
    var hits = [Int](repeating: 0, count: tables.count)
    try forEachBlock(of: tables, groupCount: groupCount, count) { list, sums in
      hits[list] += tables[list].hits(among: sums)
    }
    return hits
  }

  /// The sums of the numbers of random subsets, as many subsets as `count`, the same for each list.
  ///
  /// - Parameter lists: of equal length.
  /// - Throws: `CancellationError`.
  func subsetSums(of lists: [[Double]], _ count: Int) throws -> [[Double]] {
    guard let length = lists.first?.count else { return [] }
    precondition(lists.allSatisfy { $0.count == length }, "numbers of different units")
    let groupCount = (length + Self.groupSize - 1) / Self.groupSize
    let tables = lists.map { SubsetSums($0, groupCount: groupCount) }
    var sums = lists.map { _ in [Double]() }
    for list in sums.indices { sums[list].reserveCapacity(count) }
    try forEachBlock(of: tables, groupCount: groupCount, count) { sums[$0] += $1 }
    return sums
  }

  /// Calls `body` with the sums that each table has for each block of random subsets.
  private func forEachBlock(
    of tables: [SubsetSums], groupCount: Int, _ count: Int,
    _ body: (_ table: Int, _ sums: ArraySlice<Double>) -> Void
  ) throws {
    var seeds = SeededGenerator(seed: seed)
    var bits = [UInt64](repeating: 0, count: groupCount * Self.blockSize / Self.groupSize)
    var sums = [Double](repeating: 0, count: Self.blockSize)
    for start in stride(from: 0, to: count, by: Self.blockSize) {
      try Task.checkCancellation()
      let size = min(Self.blockSize, count - start)
      var generator = SeededGenerator(seed: seeds.next())
      // The bytes of a word are in the same order on every machine.
      for index in bits.indices { bits[index] = generator.next().littleEndian }
      bits.withUnsafeBytes { bytes in
        for (number, table) in tables.enumerated() {
          table.add(bytes, blockSize: Self.blockSize, to: &sums)
          body(number, sums[..<size])
        }
      }
    }
  }

  /// The sums of all subsets of each eight neighbouring numbers.
  private struct SubsetSums {
    private let sums: [Double]
    /// Groups with a number that is not 0.
    private let groups: [Int]
    private let total: Double
    private let threshold: Double

    init(_ numbers: [Double], groupCount: Int) {
      var sums = [Double](repeating: 0, count: groupCount * RandomSigns.sumsPerGroup)
      var groups: [Int] = []
      var total = 0.0
      for group in 0..<groupCount {
        let first = group * RandomSigns.groupSize
        let members = numbers[first..<min(first + RandomSigns.groupSize, numbers.count)]
        let offset = group * RandomSigns.sumsPerGroup
        // The last group may have fewer numbers, but all its bits are random.
        for bit in 0..<RandomSigns.groupSize {
          let number = bit < members.count ? members[first + bit] : 0
          for subset in 0..<(1 << bit) {
            sums[offset + subset + (1 << bit)] = sums[offset + subset] + number
          }
        }
        guard members.contains(where: { $0 != 0 }) else { continue }
        groups.append(group)
        total += sums[offset + RandomSigns.sumsPerGroup - 1]
      }
      self.sums = sums
      self.groups = groups
      self.total = total
      threshold = abs(total) - PairedDifferences.rounding * numbers.map(abs).sum
    }

    /// Makes `sums` those of the subsets that the bytes choose, `blockSize` bytes a group.
    func add(_ bytes: UnsafeRawBufferPointer, blockSize: Int, to sums: inout [Double]) {
      self.sums.withUnsafeBufferPointer { subsets in
        sums.withUnsafeMutableBufferPointer { sums in
          sums.update(repeating: 0)
          for group in groups {
            let (table, row) = (group * RandomSigns.sumsPerGroup, group * blockSize)
            for index in 0..<blockSize {
              sums[index] += subsets[table + Int(bytes[row + index])]
            }
          }
        }
      }
    }

    /// Numbers outside of the subset keep their sign, those within it change it.
    func hits(among sums: ArraySlice<Double>) -> Int {
      sums.count { abs(total - 2 * $0) >= threshold }
    }
  }
}
