import ParallaxCore
import ParallaxTestSupport

/// The order of summation that the kernels promise, once more and in plain Swift.
enum FixedOrder {
  /// Sixteen lanes for scores, 64 for distances in a graph; zeros where the vectors end.
  static func sum(
    _ similarity: Similarity, _ left: [Float], _ right: [Float], lanes: Int = 16
  ) -> Float {
    var sums = [Float](repeating: 0, count: lanes)
    for start in stride(from: 0, to: left.count, by: lanes) {
      // A sixteen that holds no value at all is not added.
      for place in start..<min(start + lanes, (left.count + 15) / 16 * 16) {
        let (a, b) = place < left.count ? (left[place], right[place]) : (0, 0)
        let factors = similarity == .euclidean ? (a - b, a - b) : (a, b)
        sums[place - start].addProduct(factors.0, factors.1)
      }
    }
    if lanes == 64 {
      let parts = (0..<4).map { Array(sums[$0 * 16..<$0 * 16 + 16]) }
      sums = (0..<16).map { (parts[0][$0] + parts[1][$0]) + (parts[2][$0] + parts[3][$0]) }
    }
    for half in [8, 4, 2, 1] { for lane in 0..<half { sums[lane] += sums[lane + half] } }
    return sums[0]
  }

  /// Usual numbers and, among them, those that show another rounding: denormal, large, minus zero.
  static func vector(_ dimension: Int, seed: UInt64) -> [Float] {
    let odd: [Float] = [
      0x1p-137, -0x1p-148, .leastNormalMagnitude, -0.0, 0, 3e15, -2e15, 1e-20, Float(1).nextUp,
      3e19,
    ]
    var generator = SeededGenerator(seed: seed)
    return (0..<dimension).map { _ in
      Int.random(in: 0..<20, using: &generator) == 0
        ? odd[Int.random(in: 0..<odd.count, using: &generator)]
        : Float.random(in: -1...1, using: &generator)
    }
  }
}

/// Whether two numbers are one, bit for bit; what is no number is alike.
func isSame(_ left: Float, _ right: Float) -> Bool {
  left.bitPattern == right.bitPattern || (left.isNaN && right.isNaN)
}
