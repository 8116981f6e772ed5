/// What the nearest known cases say of a field of numbers, or of dates as numbers.
package struct NumberVote: Sendable, Hashable {
  /// The one in the middle. Between two in the middle: of numbers halfway, of dates the earlier.
  package let median: Double
  /// From the smallest to the largest.
  package let range: ClosedRange<Double>
  /// Cases without a number.
  package let missing: Int

  /// - Parameter numbers: of the cases; `nil` where none is known.
  /// - Returns: `nil` where none is known of any.
  package init?(_ numbers: [Double?], areDates: Bool = false) {
    let known = numbers.compactMap(\.self).sorted()
    guard let least = known.first, let most = known.last else { return nil }
    let (low, high) = (known[(known.count - 1) / 2], known[known.count / 2])
    median = areDates ? low : low + (high - low) / 2
    range = least...most
    missing = numbers.count - known.count
  }
}
