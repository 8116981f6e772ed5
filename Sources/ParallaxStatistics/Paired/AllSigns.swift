private import ParallaxCore

/// Every assignment of signs to a few numbers.
///
/// The numbers are split in two halves. Each half has few sums, and for a sum of one half the sums of
/// the other that matter are found by halving intervals: 2^20 assignments take 2^10 searches.
struct AllSigns {
  private let low: [Double]
  /// In rising order.
  private let high: [Double]
  /// The smallest distance from 0 that counts; sums equal but for rounding count as equal.
  private let threshold: Double

  /// - Parameter numbers: at most 20, none of them 0.
  init(_ numbers: [Double]) {
    low = Self.sums(of: numbers.prefix(numbers.count / 2))
    high = Self.sums(of: numbers.dropFirst(numbers.count / 2)).sorted()
    threshold =
      abs(numbers.sum) - PairedDifferences.rounding * numbers.map(abs).sum
  }

  /// The share of assignments whose sum is at least as far from 0 as that of the numbers as they are.
  var share: Double {
    guard threshold > 0 else { return 1 }
    var hits = 0
    for sum in low {
      hits += high.count - high.partitionPoint { $0 + sum >= threshold }
      hits += high.partitionPoint { $0 + sum > -threshold }
    }
    return Double(hits) / Double(low.count * high.count)
  }

  private static func sums(of numbers: ArraySlice<Double>) -> [Double] {
    numbers.reduce(into: [0]) { sums, number in
      sums = sums.map { $0 - number } + sums.map { $0 + number }
    }
  }
}
