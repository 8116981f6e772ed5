import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

/// Keys of items by position, with gaps and without.
@Suite struct ItemKeysTests {
  /// Ascending keys: `gap` tells how far one may lie from the next.
  private static func keys(_ count: Int, gap: Int64, _ random: inout SeededGenerator) -> [Int64] {
    var next = Int64.random(in: -5...5, using: &random)
    return (0..<count).map { _ in
      defer { next += Int64.random(in: 1...gap, using: &random) }
      return next
    }
  }

  @Test(arguments: [1, 2, 3, 1_000])
  func `positions are those of a dictionary`(gap: Int64) {
    var random = SeededGenerator(seed: UInt64(gap))
    for count in [0, 1, 63, 64, 65, 700] {
      let keys = Self.keys(count, gap: gap, &random)
      let positions = Dictionary(uniqueKeysWithValues: zip(keys, 0...))
      let made = ItemKeys(keys)
      #expect(made.count == count)
      #expect(ItemKeys(lengths: made.lengths) == made)
      for key in -10...(keys.last ?? 0) + 10 { #expect(made.position(of: key) == positions[key]) }
      for key in [Int64.min, .max] { #expect(made.position(of: key) == nil) }

      let chosen = keys.filter { _ in Bool.random(using: &random) }
      let bits = RowSet(capacity: count, rows: chosen.compactMap { positions[$0] }).words
      #expect(made.keys(where: bits) == chosen)
      // Rows in another order, of which some items are no longer there.
      var items = keys.shuffled(using: &random).dropLast(count / 3) + [-100, 1 << 40]
      items.shuffle(using: &random)
      let rows = made.rows(of: items.map { ItemRecord.RowID(rawValue: $0) }, where: bits)
      #expect(
        items.indices.filter(rows.contains) == items.indices.filter { chosen.contains(items[$0]) })
    }
  }

  @Test func `runs that nothing wrote are refused`() {
    for lengths in [
      [1], [1, 0], [1, -1], [5, 2, 6, 1], [5, 2, 4, 1], [.max, 2], [0, .max], [1, 1, 2],
    ] as [[Int64]] {
      #expect(ItemKeys(lengths: lengths) == nil, "\(lengths)")
    }
    #expect(ItemKeys(lengths: [5, 2, 7, 1])?.count == 3)
  }
}
