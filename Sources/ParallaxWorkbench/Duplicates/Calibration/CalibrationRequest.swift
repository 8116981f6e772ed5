package import ParallaxCore
package import ParallaxImaging
package import ParallaxStorage

/// What thresholds are looked for, and with what.
package struct CalibrationRequest: Sendable {
  /// The share of distinct pictures that may be rejected; above 0 and below 1.
  package var falseAlarms: Double
  /// The share of them that may be looked at or rejected; at least `falseAlarms`.
  package var reviewAlarms: Double
  /// In the order in which they are tried.
  package var changes: [any PictureChange] = PictureChangeRegistry.all
  /// Pictures that are copied, at most.
  package var sample = 500
  package var seed: Int
  /// Bits in which the perceptual hashes of two pictures may differ, too; `nil` where only vectors count.
  package var hashBits: Int?
  /// Pairs of contents that somebody has judged; verdicts that are kept count, too, where these say nothing.
  package var labels = LabelledPairs()

  package init(falseAlarms: Double, reviewAlarms: Double, seed: Int) {
    self.falseAlarms = falseAlarms
    self.reviewAlarms = reviewAlarms
    self.seed = seed
  }
}

/// What came of a calibration.
package struct CalibrationReport: Sendable {
  /// Pairs of one kind, and how often each threshold decides wrongly about them.
  package struct Row: Sendable, Hashable {
    package enum Subject: Sendable, Hashable {
      /// Distinct pictures, each with its nearest other one.
      case nearest
      /// Distinct pictures at random, two and two.
      case random
      /// Pairs that somebody has judged.
      case labelledDuplicates, labelledDistinct
      /// Copies with any of the changes.
      case copies
      /// Copies with one change.
      case change(id: String, kind: String, strength: String)
    }

    package var subject: Subject
    package var tried: Int
    /// Of the threshold from which on pictures are rejected: distinct ones that are, and copies that are not.
    package var wrong: Share
    /// Of the one from which on somebody looks: distinct ones that somebody does, and copies that nobody does.
    package var wrongInReview: Share
  }

  /// A share with the ends of its interval of 95 %.
  package struct Share: Sendable, Hashable {
    package var value: Double
    package var low: Double
    package var high: Double
  }

  /// Two pictures that are taken for distinct, and are near.
  package struct Pair: Sendable, Hashable {
    package var left: ItemID
    package var right: ItemID
    package var score: Double
  }

  package let space: Space
  package let calibration: Calibration
  /// The one in whose place it is kept.
  package let replaced: Calibration?
  package let rows: [Row]
  /// The nearest of all, the nearest first; no pair twice.
  package let hardest: [Pair]
  /// Pictures that were copied.
  package let sample: Int
  package let cost: RepeatedCost
}
