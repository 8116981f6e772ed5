internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxStorage

/// What is known of pairs of contents, made consistent as for groups: a duplicate of a duplicate is one, what is distinct from a
/// picture is distinct from its duplicates, and duplicates that lead from one to the other of a distinct pair are none.
struct PairLabels: Sendable {
  /// Pairs that somebody has judged, without duplicates that do not count.
  let duplicates: [ContentPair]
  let distinct: [ContentPair]
  /// Chains of duplicates whose ends are distinct.
  let contradictions: [[ContentHash]]
  private let contents: [ContentHash]
  private let numbers: [ContentHash: Int]
  private let implied: ImpliedVerdicts

  /// - Parameters:
  ///   - verdicts: each pair once.
  ///   - labels: stand before verdicts of the same pairs.
  init(_ verdicts: [Verdict], _ labels: LabelledPairs = LabelledPairs()) {
    var said = Dictionary(
      verdicts.map { ($0.pair, $0.answer) }, uniquingKeysWith: { first, _ in first })
    for pair in labels.duplicates { said[pair] = .duplicate }
    for pair in labels.distinct { said[pair] = .distinct }
    let contents = Set(said.keys.flatMap { [$0.one, $0.other] }).sorted {
      $0.bytes.lexicographicallyPrecedes($1.bytes)
    }
    let numbers = Dictionary(uniqueKeysWithValues: contents.enumerated().map { ($1, $0) })
    func pair(_ pair: ContentPair) -> ItemPair? {
      numbers[pair.one].flatMap { one in numbers[pair.other].map { ItemPair(one, $0) } }
    }
    func pairs(_ answer: Verdict.Answer) -> Set<ItemPair> {
      Set(said.compactMap { $1 == answer ? pair($0) : nil })
    }
    let known = PairVerdicts(duplicate: pairs(.duplicate), distinct: pairs(.distinct))
    let implied = ImpliedVerdicts(known)
    let order = said.keys.compactMap { key in pair(key).map { (key: key, pair: $0) } }.sorted {
      ($0.pair.left, $0.pair.right) < ($1.pair.left, $1.pair.right)
    }
    duplicates = order.filter { implied.areSame($0.pair.left, $0.pair.right) == true }.map(\.key)
    distinct = order.filter { said[$0.key] == .distinct }.map(\.key)
    contradictions = known.contradictions.map { $0.map { contents[$0] } }
    self.contents = contents
    self.numbers = numbers
    self.implied = implied
  }

  func answer(_ one: ContentHash, _ other: ContentHash) -> Verdict.Answer? {
    guard let one = numbers[one], let other = numbers[other] else { return nil }
    return implied.areSame(one, other).map { $0 ? .duplicate : .distinct }
  }

  /// The others that are the same, in a fixed order.
  func duplicates(of content: ContentHash) -> [ContentHash] {
    numbers[content].map { implied.duplicates(of: $0).map { contents[$0] } } ?? []
  }

  /// All that are said to be others.
  func distinct(from content: ContentHash) -> [ContentHash] {
    numbers[content].map { implied.distinct(from: $0).map { contents[$0] } } ?? []
  }
}
