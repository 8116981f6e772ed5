package import ParallaxCore
private import ParallaxProviders

/// What makes two items similar, and how much of it they need.
package enum GroupBasis: Sendable, Hashable {
  /// The cosine of their vectors in a space, at least so much, from -1 to 1.
  case cosine(Double)
  /// The perceptual hashes of their pictures.
  case hash(HashRule)
  /// Their files decode to the same pixels: there is no more and less.
  case pixels

  /// From which cosine on pictures of a space of copies are near-duplicates, where nothing else is said: chosen
  /// on pictures that taught the model nothing, so that one in a hundred has another one above it.
  package static let usualCopyScore = 0.85

  /// That of a space of copies that the built-in model made, in its whole dimension; `nil` for others, of which
  /// nothing is known.
  package static func usualScore(in spec: EmbeddingSpec) -> Double? {
    spec.isOfCopies && spec.provider == MiniProvider.id && spec.dimension == 128
      ? usualCopyScore : nil
  }

  /// The least similarity of two that link.
  ///
  /// A similarity is a cosine or, of hashes, the bits that differ, negated: larger is more similar, and the two
  /// are never compared.
  package var threshold: Double {
    switch self {
    case .cosine(let least): least
    case .hash(let rule): -Double(rule.bits)
    case .pixels: 0
    }
  }

  package var isCosine: Bool { if case .cosine = self { true } else { false } }
}
