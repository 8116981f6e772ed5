import ParallaxCore
import Testing

@testable import ParallaxStorage

@Suite struct RowIDIndexTests {
  @Test(arguments: [
    [], [5], [3, 1, 2], [10, 12, 11, 900], [1, 1 << 40, 7], [-4, 9, 0], [.min, .max],
  ])
  func `every key is found where it stands, others are not`(keys: [Int64]) {
    let index = RowIDIndex(keys.map(ItemRecord.RowID.init(rawValue:)))
    for (position, key) in keys.enumerated() {
      #expect(index[ItemRecord.RowID(rawValue: key)] == position)
    }
    for key in [Int64.min, -5, 4, 899, 1 << 41, .max] where !keys.contains(key) {
      #expect(index[ItemRecord.RowID(rawValue: key)] == nil)
    }
  }
}
