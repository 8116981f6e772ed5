/// The interval of a median from the numbers themselves, whatever they are drawn from.
///
/// W. R. Thompson, "On confidence ranges for the median and other expectation distributions for populations of unknown
/// distribution form", Annals of Mathematical Statistics 7 (1936): so many numbers lie below the median as heads fall in as many
/// throws of a coin. Numbers are taken as independent. The interval covers the true median at least as often as `confidence`
/// says.
package enum MedianInterval {
  /// - Parameters:
  ///   - sorted: in rising order.
  ///   - confidence: above 0 and below 1.
  /// - Returns: from one of the numbers to another; `nil` of too few for the confidence: for 0.95 of fewer than six.
  package static func interval(ofSorted sorted: [Double], confidence: Double = 0.95) -> Interval? {
    let side = (1 - confidence) / 2
    // The largest rank below which the median lies as seldom as that.
    var (low, high) = (0, sorted.count / 2 + 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if chance(ofFewerThan: middle, of: sorted.count) <= side {
        low = middle
      } else {
        high = middle
      }
    }
    guard low > 0 else { return nil }
    return Interval(low: sorted[low - 1], high: sorted[sorted.count - low])
  }

  /// That fewer heads than a number fall: the regularized incomplete beta function at one half.
  private static func chance(ofFewerThan heads: Int, of count: Int) -> Double {
    Beta.regularized(0.5, complement: 0.5, a: Double(count - heads + 1), b: Double(heads))
  }
}
