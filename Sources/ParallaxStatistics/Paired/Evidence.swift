/// The outcome of a test.
package enum Evidence: Sendable, Hashable {
  /// The probability of a difference at least as large if the systems were equally good.
  case p(Double)
  /// Too few units (or clusters) differ: even if all differences had the same sign, p would be above
  /// the level. `least` is the smallest p that so many differences allow.
  case outOfReach(differences: Int, least: Double)

  package var p: Double? {
    if case .p(let p) = self { p } else { nil }
  }
}
