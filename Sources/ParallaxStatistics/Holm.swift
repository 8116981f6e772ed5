/// Holm's step-down correction for several tests at once.
///
/// The smallest of m values is multiplied by m, the next by m - 1 and so on; none is below the one before
/// it or above 1. The chance of any false finding in the family stays below the level, whatever the
/// dependence between the tests.
///
/// S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
/// Statistics 6 (1979).
package enum Holm {
  /// - Parameter ps: one for each declared comparison; `nil` for one that has no p, which counts in
  ///   the family all the same.
  /// - Returns: the corrected ones, in the same order.
  package static func corrected(_ ps: [Double?]) -> [Double?] {
    let order = ps.indices.sorted { (ps[$0] ?? 1, $0) < (ps[$1] ?? 1, $1) }
    var corrected = ps
    var least = 0.0
    for (rank, index) in order.enumerated() {
      guard let p = ps[index] else { continue }
      least = min(1, max(least, p * Double(ps.count - rank)))
      corrected[index] = least
    }
    return corrected
  }
}
