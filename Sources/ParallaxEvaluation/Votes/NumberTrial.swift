package import ParallaxStatistics

/// How far the medians of votes are from numbers that are known.
package struct NumberTrial: Sendable, Hashable {
  private var errors: [Double] = []
  private var numbers: [Double] = []
  /// Cases whose number lies within the range of the vote.
  package private(set) var inside = 0
  /// Cases of which no neighbour has a number: there is no vote.
  package private(set) var unanswered = 0

  package init() {}

  package mutating func add(_ vote: NumberVote?, on number: Double) {
    numbers.append(number)
    guard let vote else {
      unanswered += 1
      return
    }
    errors.append(abs(vote.median - number))
    if vote.range.contains(number) { inside += 1 }
  }

  package var cases: Int { numbers.count }

  /// Cases with a vote.
  package var answered: Int { errors.count }

  /// The median of the absolute errors of the votes; `nil` without any.
  package var medianError: Double? { Self.median(errors) }

  /// Its interval of 95 %, from the order of the errors, which takes cases as independent; `nil` of fewer than six.
  package var medianErrorInterval: Interval? {
    MedianInterval.interval(ofSorted: errors.sorted())
  }

  /// The median of the absolute errors of somebody who always says the median of all numbers.
  package var usualError: Double? {
    Self.median(numbers).flatMap { middle in Self.median(numbers.map { abs($0 - middle) }) }
  }

  private static func median(_ numbers: [Double]) -> Double? {
    numbers.isEmpty ? nil : Quantiles.value(at: 0.5, ofSorted: numbers.sorted())
  }
}
