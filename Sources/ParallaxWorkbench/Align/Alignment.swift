package import ParallaxStatistics
package import ParallaxStorage

/// What is to be mapped onto what.
package struct AlignRequest: Sendable, Hashable {
  /// Neighbours that two spaces are compared by.
  package static let depth = 10
  /// Pairs that are fitted to unless somebody says otherwise, at most.
  package static let usualSample = 2_000
  /// Pairs that the loss is measured on, at least.
  package static let fewestMeasured = 30
  /// Images that are asked for, at most.
  package static let mostQueries = 1_000

  /// Pairs that the map is fitted to; `nil` for three quarters, at most ``usualSample``.
  package var sample: Int?
  /// Images that the loss is measured on, at most; more are drawn at random.
  package var gallery = 10_000
  /// Of the space that is made; `nil` to measure alone.
  package var name: String?
  package var seed: UInt64

  package init(seed: UInt64) { self.seed = seed }

  /// The pairs that a map between two dimensions needs at least: fewer leave nearly all of its numbers
  /// undetermined.
  static func fewestFitted(_ first: Int, _ second: Int) -> Int {
    max(30, (min(first, second) + 7) / 8)
  }
}

/// A map from one space to another, and what it loses.
package struct Alignment: Sendable {
  /// How a map is made.
  package enum Method: Sendable, Hashable {
    case orthogonal
    /// - Parameter rank: `nil` for as many as the pairs determine.
    case ridge(strength: Double, rank: Int?)
  }

  /// A method that was tried, and what it gave within the sample.
  package struct Trial: Sendable, Hashable {
    package var method: Method
    /// The mean overlap with the new space's neighbours on pairs that it was not fitted to.
    package var overlap: Double
  }

  /// What a space gives of the new one's neighbours.
  package struct Agreement: Sendable, Hashable {
    /// The mean over the images asked for, from 0 to 1.
    package var overlap: Double
    /// `nil` where nothing can be said.
    package var interval: Interval?
  }

  package var old: Space
  package var new: Space
  /// Images of the old space.
  package var items: Int
  /// Pairs: images in both spaces, copies counted once.
  package var pairs: Int
  /// Images in both spaces that are copies of others.
  package var copies: Int
  package var sample: Int
  package var seed: UInt64
  /// Best first.
  package var trials: [Trial]
  /// Of the map that was fitted to the whole sample.
  package var rank: Int
  /// Images of the measurement, and how many of them were asked for.
  package var gallery: Int
  package var queries: Int
  /// The old space as it is, and the map.
  package var staying: Agreement
  package var mapped: Agreement
  /// The map against the old space, on the same images.
  package var comparison: PairedComparison
  package var verdict: ComparisonVerdict
  /// `nil` when it was only measured.
  package var made: Made?

  package struct Made: Sendable, Hashable {
    package var space: Space
    package var added: Int
    /// Vectors that were there and are of the same contents.
    package var before: Int
    /// Items whose vector has no direction, so that there is none to map.
    package var dropped: Int
  }

  package var method: Method { trials[0].method }

  /// The overlap of lists drawn at random.
  package var chance: Double {
    min(1, Double(AlignRequest.depth) / Double(max(1, gallery - 1)))
  }
}
