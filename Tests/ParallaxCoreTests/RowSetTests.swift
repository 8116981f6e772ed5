import ParallaxCore
import ParallaxTestSupport
import Testing

@Suite struct RowSetTests {
  @Test(arguments: [0, 1, 63, 64, 65, 200]) func `behaves as a set of integers`(capacity: Int) {
    var generator = SeededGenerator(seed: UInt64(capacity))
    var rows = RowSet(capacity: capacity)
    var model: Set<Int> = []
    for _ in 0..<(capacity * 4) {
      let row = Int.random(in: 0..<capacity, using: &generator)
      if Bool.random(using: &generator) {
        rows.insert(row)
        model.insert(row)
      } else {
        rows.remove(row)
        model.remove(row)
      }
      #expect(rows.count == model.count)
    }
    #expect((-2...(capacity + 2)).filter(rows.contains) == model.sorted())
    #expect(rows == RowSet(capacity: capacity, rows: model.shuffled(using: &generator)))
    #expect(rows.words.count == (capacity + 63) / 64)
    #expect(rows.words.reduce(0) { $0 + $1.nonzeroBitCount } == model.count)
  }

  @Test(arguments: [-1, 64, .max]) func `contains no row out of range`(row: Int) {
    #expect(!RowSet(capacity: 64, rows: 0..<64).contains(row))
  }

  @Test func `keeps rows of another capacity apart`() {
    #expect(RowSet(capacity: 64) != RowSet(capacity: 65))
  }
}
