/// The value below which a share of some numbers lies.
package enum Quantiles {
  /// Between neighbours by linear interpolation, as NumPy's default (Hyndman and Fan's type 7).
  ///
  /// - Parameters:
  ///   - share: from 0 to 1; beyond counts as the nearer of the two.
  ///   - sorted: at least one number, in rising order.
  package static func value(at share: Double, ofSorted sorted: [Double]) -> Double {
    guard share > 0 else { return sorted[0] }
    guard share < 1 else { return sorted[sorted.count - 1] }
    let place = share * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
  }
}
