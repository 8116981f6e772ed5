package import ParallaxStorage

/// Which neighbours tell what cosine is usual around an item.
///
/// From a cosine the mean of what is usual for its two items is subtracted: 'usual' is the mean cosine of an item to
/// some of its nearest neighbours that are no near-duplicates of it. (The normalisation of the Image Similarity
/// Challenge 2021 and of SSCD, Pizzi and others 2022, on both sides as in CSLS, Conneau and others 2018.)
package struct ScoreNormalization: Sendable, Hashable {
  /// From 1 on, of the neighbours below the threshold.
  package var ranks: ClosedRange<Int>
  /// Where the neighbours are looked for; `nil` for the space itself.
  package var background: Space?
  /// The least normalised score at which two items link; `nil` where the cosine alone decides.
  package var minimum: Double?

  package static let usualRanks = 1...3

  package init(
    ranks: ClosedRange<Int> = usualRanks, background: Space? = nil, minimum: Double? = nil
  ) {
    self.ranks = ranks
    self.background = background
    self.minimum = minimum
  }

  /// What is left of a cosine; `nil` where it is not known what is usual.
  static func normalized(_ score: Double, _ one: Double?, _ other: Double?) -> Double? {
    guard let one, let other else { return nil }
    return score - (one + other) / 2
  }
}
