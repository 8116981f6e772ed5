/// How alike two spaces place the same items, whatever their dimensions, rotations and scales.
///
/// Linear centred kernel alignment, ‖YᵀX‖² ÷ (‖XᵀX‖ ‖YᵀY‖) in Frobenius norms, over centred unit
/// vectors: S. Kornblith, M. Norouzi, H. Lee and G. Hinton, "Similarity of neural network
/// representations revisited", ICML 2019. From 0 to 1; with fewer items than dimensions it is too high.
package enum LinearCKA {
  /// - Parameters:
  ///   - left: at least two rows, each with a direction.
  ///   - right: the same items in the same order.
  /// - Returns: `nil` where nothing varies in a space.
  /// - Throws: `CancellationError`, and what `step` throws.
  package static func value(
    _ left: CentredDirections, _ right: CentredDirections, until stop: ScanStop? = nil,
    step: (Int) throws -> Void = { _ in }
  ) throws -> Double? {
    precondition(left.rowCount == right.rowCount, "rows of different items")
    let sums = try PairSums(left.matrix, right.matrix, until: stop, step: step)
    let scale = sums.first.squareRoot() * sums.second.squareRoot()
    return scale > 0 ? sums.mixed / scale : nil
  }
}
