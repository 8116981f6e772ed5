package import ParallaxCore

/// Two different contents, in no order.
package struct ContentPair: Sendable, Hashable {
  /// The one whose bytes come first.
  package let one: ContentHash
  package let other: ContentHash

  /// - Returns: `nil` where both are the same.
  package init?(_ one: ContentHash, _ other: ContentHash) {
    guard one != other else { return nil }
    let isOrdered = one.bytes.lexicographicallyPrecedes(other.bytes)
    self.one = isOrdered ? one : other
    self.other = isOrdered ? other : one
  }
}

/// What a person said of two contents: whether they are the same picture.
package struct Verdict: Sendable, Hashable {
  package enum Answer: String, Sendable, Hashable, CaseIterable {
    case duplicate, distinct
  }

  package var pair: ContentPair
  package var answer: Answer
  /// ISO 8601, UTC, to the second.
  package var at: String
  /// Who said so; `nil` where that is not known.
  package var judge: String?
  /// The cosine that was shown with the two; `nil` where none was.
  package var score: Double?
  /// The identity of the space it is of.
  package var identity: String?

  package init(
    _ pair: ContentPair, _ answer: Answer, at: String, judge: String? = nil, score: Double? = nil,
    identity: String? = nil
  ) {
    self.pair = pair
    self.answer = answer
    self.at = at
    self.judge = judge
    self.score = score
    self.identity = identity
  }
}
