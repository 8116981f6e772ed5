import ParallaxCore
import ParallaxTestSupport
import Testing

struct MinimumHeapTests {
  @Test(arguments: [0, 1, 2, 7, 100]) func `gives elements back in order`(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let elements = (0..<count).map { _ in Int.random(in: 0..<50, using: &generator) }
    var heap = MinimumHeap<Int>()
    for element in elements { heap.insert(element) }
    var sorted: [Int] = []
    while let element = heap.popMinimum() { sorted.append(element) }
    #expect(sorted == elements.sorted())
  }
}
