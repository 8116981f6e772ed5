import ParallaxCore
import Testing

@Suite struct PartitionPointTests {
  @Test(arguments: [0, 1, 2, 3, 7, 100, 1_000_000])
  func `the point is found in few looks`(count: Int) {
    for sought in Set([-1, 0, 1, count / 3, count - 1, count, count + 1]) {
      var looks = 0
      let point = (0..<count).partitionPoint { element in
        looks += 1
        return element >= sought
      }
      #expect(point == min(max(sought, 0), count))
      #expect(looks <= Int.bitWidth - count.leadingZeroBitCount)
    }
  }

  @Test func `elements of a slice keep their positions`() {
    #expect([1, 3, 5, 7, 9][2...].partitionPoint { $0 > 6 } == 3)
  }
}
