package import ParallaxCore
package import ParallaxStorage

/// What a person would mend in a collection before measuring anything.
package struct CollectionAudit: Sendable {
  /// What is looked for.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case missing, broken, blank, borders, small, large, narrow, copies, pixels, near, leaks, vectors
    case values
  }

  /// An item at fault, or a pair.
  package struct Case: Sendable, Hashable {
    package var item: ItemID
    /// Of a pair, the other one.
    package var other: ItemID?
    /// What is wrong, in a few words.
    package var detail: String
  }

  /// One thing that was looked for.
  package struct Finding: Sendable, Hashable {
    package var kind: Kind
    /// A space or a field, where it is of one.
    package var subject: String?
    package var cases: [Case]
    /// What was looked through.
    package var total: Int
    /// The space whose vectors are missing.
    package var space: Space?
  }

  package let collection: ItemCollection
  /// The one that was named, or is the usual one; `nil` where the collection has none.
  package let space: Space?
  /// How near-duplicates were looked for.
  package let near: GroupBasis
  package let findings: [Finding]
  package let items: Int
  /// Of the pictures that can be decoded.
  package let sizes: Sizes?

  /// How large pictures are.
  package struct Sizes: Sendable, Hashable {
    /// Width by height.
    package var smallest: (width: Int, height: Int) { (bounds[0], bounds[1]) }
    package var median: (width: Int, height: Int) { (bounds[2], bounds[3]) }
    package var largest: (width: Int, height: Int) { (bounds[4], bounds[5]) }
    fileprivate let bounds: [Int]

    /// By pixels; `nil` for none.
    init?(_ pictures: [Fingerprint]) {
      let sorted = pictures.sorted {
        ($0.width * $0.height, $0.width) < ($1.width * $1.height, $1.width)
      }
      guard let first = sorted.first, let last = sorted.last else { return nil }
      let middle = sorted[sorted.count / 2]
      bounds = [first, middle, last].flatMap { [$0.width, $0.height] }
    }
  }
}

/// How an audit is made.
package struct AuditRequest: Sendable, Hashable {
  /// Whose values should share no picture, such as train and test.
  package var field: String?
  /// From this cosine on two pictures are near-duplicates.
  package var minimumScore = 0.97
  /// How alike perceptual hashes of near-duplicates are; `nil` where vectors tell. Where there are none, hashes do.
  package var hashRule: HashRule?
  /// Pairs of near hashes that are found at most.
  var mostPairs = PairLimit.most

  /// The share of a side from which two opposite edges of one colour are a border.
  package static let border = 0.02
  /// How many times more or fewer pixels than the median make an outlier.
  package static let pixelFactor = 4.0
  /// How many times longer than the other a side is of a narrow picture.
  package static let narrow = 3.0

  package init() {}
}
