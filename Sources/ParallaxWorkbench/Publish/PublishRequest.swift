package import ParallaxCore
package import ParallaxPublishing
package import ParallaxStorage

/// What of a space is to be published where.
package struct PublishRequest: Sendable {
  /// Items that recall is measured on where nobody says how many.
  package static let usualSample = 100

  package var address: EngineAddress
  /// Of the table; `nil` for the usual one.
  package var name: String?
  /// What the index there measures; `nil` for that of the publication that is there, or cosine.
  package var similarity: Similarity?
  package var options: EngineOptions
  package var isDryRun: Bool
  /// Whether what another workspace published under the name becomes this one's.
  package var takesOver: Bool
  /// Items that recall is measured on afterwards; 0 for none.
  package var sample: Int

  package init(
    address: EngineAddress, name: String? = nil, similarity: Similarity? = nil,
    options: EngineOptions = EngineOptions(), isDryRun: Bool = false, takesOver: Bool = false,
    sample: Int = usualSample
  ) {
    self.address = address
    self.name = name
    self.similarity = similarity
    self.options = options
    self.isDryRun = isDryRun
    self.takesOver = takesOver
    self.sample = sample
  }
}

/// What a publish did, or would do.
package struct PublishOutcome: Sendable {
  package var publication: Publication
  package var isDryRun: Bool
  package var inserted = 0
  package var updated = 0
  package var deleted = 0
  package var unchanged = 0
  /// Vectors that were read back and compared bit by bit, of all ids and checksums that were.
  package var compared = 0
}

/// Where a question is asked that is not asked here.
package struct EnginePlace: Sendable, Hashable {
  package var address: EngineAddress
  /// Of the table; `nil` for the one there is.
  package var name: String?
  /// Lists of an inverted file that are looked through; `nil` for the usual.
  package var probes: Int?

  package init(address: EngineAddress, name: String? = nil, probes: Int? = nil) {
    self.address = address
    self.name = name
    self.probes = probes
  }
}
