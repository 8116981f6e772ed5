/// From which cosines on a gate rejects and has looked at, and what that promises.
package struct Calibration: Sendable, Hashable {
  /// How often a threshold decides wrongly: a point of a curve.
  package struct Rate: Sendable, Hashable {
    /// `false alarms`, `missed`, or the kind of change that is missed.
    package var series: String
    package var threshold: Double
    package var tried: Int
    package var wrong: Int
    /// The ends of the interval of 95 % of the share.
    package var low: Double
    package var high: Double

    package init(
      series: String, threshold: Double, tried: Int, wrong: Int, low: Double, high: Double
    ) {
      self.series = series
      self.threshold = threshold
      self.tried = tried
      self.wrong = wrong
      self.low = low
      self.high = high
    }
  }

  /// Curves that each calibration has: distinct pictures that reach a threshold, and copies that do not.
  package static let falseAlarmSeries = "false alarms"
  package static let missedSeries = "missed"

  /// Pictures are compared with pictures.
  package static let image = "image"

  package var collection: ItemCollection
  /// The name of the space that it was made with.
  package var space: String
  /// Of the vectors that are compared.
  package var identity: String
  /// What is compared with what.
  package var modality = Self.image
  /// Bits of two perceptual hashes that may differ; `nil` where only vectors are compared.
  package var bits: Int?
  /// ISO 8601, UTC, to the second.
  package var created: String
  package var seed: Int
  /// Of the space then.
  package var vectors: Int
  /// Whose nearest other one was looked for.
  package var pictures: Int
  /// The shares of distinct pictures that are rejected, or looked at, at most.
  package var falseAlarms: Double
  package var reviewAlarms: Double
  /// Cosines from -1 to 1.
  package var reject: Double
  package var review: Double
  /// Curves, by series and then by threshold.
  package var rates: [Rate]

  package init(
    collection: ItemCollection, space: String, identity: String, bits: Int? = nil,
    created: String, seed: Int, vectors: Int, pictures: Int, falseAlarms: Double,
    reviewAlarms: Double, reject: Double, review: Double, rates: [Rate]
  ) {
    self.collection = collection
    self.space = space
    self.identity = identity
    self.bits = bits
    self.created = created
    self.seed = seed
    self.vectors = vectors
    self.pictures = pictures
    self.falseAlarms = falseAlarms
    self.reviewAlarms = reviewAlarms
    self.reject = reject
    self.review = review
    self.rates = rates
  }

  /// As a person names the space.
  package var reference: String { "\(collection.name)@\(space)" }
}
