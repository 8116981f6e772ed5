package import ParallaxCore
package import ParallaxStorage

/// What is known of pairs of contents, by each of the two.
package struct PairLabels: Sendable, Hashable {
  package private(set) var duplicates: [ContentHash: Set<ContentHash>] = [:]
  package private(set) var distinct: [ContentHash: Set<ContentHash>] = [:]

  package init() {}

  /// - Parameter verdicts: each pair once.
  package init(_ verdicts: some Sequence<Verdict>) {
    for verdict in verdicts { add(verdict.pair, verdict.answer) }
  }

  package init(_ labels: LabelledPairs) {
    for pair in labels.duplicates { add(pair, .duplicate) }
    for pair in labels.distinct { add(pair, .distinct) }
  }

  package mutating func add(_ pair: ContentPair, _ answer: Verdict.Answer) {
    for (own, other) in [(pair.one, pair.other), (pair.other, pair.one)] {
      switch answer {
      case .duplicate: duplicates[own, default: []].insert(other)
      case .distinct: distinct[own, default: []].insert(other)
      }
    }
  }

  /// Takes what others say of pairs of which nothing is known here.
  mutating func add(_ others: PairLabels) {
    for (own, hashes) in others.duplicates {
      duplicates[own, default: []].formUnion(hashes.filter { answer(own, $0) == nil })
    }
    for (own, hashes) in others.distinct {
      distinct[own, default: []].formUnion(hashes.filter { answer(own, $0) == nil })
    }
  }

  func answer(_ one: ContentHash, _ other: ContentHash) -> Verdict.Answer? {
    if duplicates[one]?.contains(other) ?? false { return .duplicate }
    return distinct[one]?.contains(other) ?? false ? .distinct : nil
  }
}
