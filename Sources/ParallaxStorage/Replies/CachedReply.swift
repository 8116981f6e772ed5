package import ParallaxCore

/// A vector that a remote provider gave, under the digest of everything that was asked.
package struct CachedReply: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable {
    case image, text
  }

  /// SHA-256 over the identity, the side and the input.
  package var key: ContentHash
  package var kind: Kind
  package var vector: [Float]

  package init(key: ContentHash, kind: Kind, vector: [Float]) {
    self.key = key
    self.kind = kind
    self.vector = vector
  }
}

/// A reply as a workspace stores it.
package struct KeptReply: Sendable, Hashable {
  package var reply: CachedReply
  package var provider: String
  package var model: String
  /// ISO 8601, UTC, to the second.
  package var created: String
}

/// What a provider was asked for, and what that cost.
package struct Charge: Sendable, Hashable {
  package var provider: String
  package var model: String
  /// A space, such as `photos@base`.
  package var subject: String
  package var kind: CachedReply.Kind
  package var items: Int
  /// Millionths of a US dollar; `nil` where no price is known.
  package var micros: Int?

  package init(
    provider: String, model: String, subject: String, kind: CachedReply.Kind, items: Int,
    micros: Int?
  ) {
    self.provider = provider
    self.model = model
    self.subject = subject
    self.kind = kind
    self.items = items
    self.micros = micros
  }
}

/// Charges added up.
package struct ChargeSummary: Sendable, Hashable {
  /// The model, the subject or the day.
  package var name: String
  package var items: Int
  /// Millionths of a US dollar, of the charges whose price was known.
  package var micros: Int
  /// Items whose price was not known.
  package var unpriced: Int

  package init(name: String, items: Int, micros: Int, unpriced: Int) {
    self.name = name
    self.items = items
    self.micros = micros
    self.unpriced = unpriced
  }
}

/// Cached replies of a model, counted.
package struct ReplySummary: Sendable, Hashable {
  package var provider: String
  package var model: String
  package var dimension: Int
  package var count: Int
  package var bytes: Int
  package var oldest: String
  package var newest: String
}
