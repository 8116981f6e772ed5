internal import ParallaxCore

/// Draws units with replacement, the same on every machine.
///
/// By multiplication with rejection, without bias (D. Lemire, "Fast random integer generation in an
/// interval", 2019), from the low and then the high half of each random word.
struct RandomIndices {
  private var generator: SeededGenerator
  private let count: UInt64
  private let rejected: UInt64
  private var kept: UInt64?

  /// - Parameter count: from 1 to 2^32 - 1.
  init(below count: Int, seed: UInt64) {
    generator = SeededGenerator(seed: seed)
    self.count = UInt64(count)
    rejected = (1 << 32) % UInt64(count)
  }

  mutating func next() -> Int {
    while true {
      let half: UInt64
      if let high = kept {
        half = high
        kept = nil
      } else {
        let word = generator.next()
        half = word & 0xFFFF_FFFF
        kept = word >> 32
      }
      let product = half * count
      if product & 0xFFFF_FFFF >= rejected { return Int(product >> 32) }
    }
  }
}
