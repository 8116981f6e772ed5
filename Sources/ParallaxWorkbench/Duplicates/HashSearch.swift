internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxSearch

/// Every pair of pictures whose perceptual hashes are alike.
struct HashSearch: Sendable {
  private let rule: HashRule
  private let name: String
  private let most: Int
  /// Of the pictures that have hashes.
  private let places: [Int]
  private let hashes: [PictureHashes]

  /// - Parameters:
  ///   - hashes: `nil` for a picture that joins none.
  ///   - name: of the collection, for errors.
  ///   - most: pairs that are found at most.
  init(
    _ hashes: [PictureHashes?], _ rule: HashRule, of name: String, atMost most: Int = PairLimit.most
  ) {
    self.rule = rule
    self.name = name
    self.most = most
    places = hashes.indices.filter { hashes[$0] != nil }
    self.hashes = hashes.compactMap(\.self)
  }

  /// - Returns: pairs of places, each once; their score is the bits that differ, negated.
  /// - Throws: `too-many-pairs`; `CancellationError`.
  func run(until stop: ScanStop, step: (Int, Int) -> Void) throws -> [SimilarPair] {
    // Mirrored ones stand behind the others, in the same order.
    let all = hashes.map(\.plain) + (rule.mirrors ? hashes.map(\.mirrored) : [])
    var pairs: [SimilarPair] = []
    var byDistance = Array(repeating: 0, count: PerceptualHash.bitCount + 1)
    try HashJoin(all, radius: rule.bits).run(
      until: stop, step: { step($0, all.count) },
      deliver: { found in
        for pair in found {
          guard let (left, right) = own(Int(pair.left), Int(pair.right)) else { continue }
          let distance = rule.distance(hashes[left], hashes[right])
          byDistance[distance] += 1
          pairs.append(SimilarPair(places[left], places[right], score: -Double(distance)))
        }
        if pairs.count > most {
          let last = found.last.map { Int($0.left) + 1 } ?? 0
          throw error(byDistance, compared: last, of: all.count)
        }
      })
    return pairs
  }

  /// The two pictures that a pair of hashes is of; `nil` where another pair of their hashes stands for them.
  private func own(_ left: Int, _ right: Int) -> (Int, Int)? {
    let count = hashes.count
    guard right >= count else { return (left, right) }
    let other = right - count
    // Two mirrored ones, or a picture and its own mirror image.
    guard left < count, left != other else { return nil }
    let (first, second) = (min(left, other), max(left, other))
    func isNear(_ one: PerceptualHash, _ other: PerceptualHash) -> Bool {
      one.distance(to: other) <= rule.bits
    }
    if isNear(hashes[first].plain, hashes[second].plain) { return nil }
    if left == second, isNear(hashes[first].plain, hashes[second].mirrored) { return nil }
    return (first, second)
  }

  private func error(_ byDistance: [Int], compared: Int, of total: Int) -> ParallaxError {
    let few = most / 20
    // Pairs come by their first hash, which has fewer and fewer behind it.
    let left = 1 - Double(compared) / Double(total)
    let share = max(1 - left * left, 1 / Double(total))
    var (bits, above) = (-1, 0.0)
    while bits + 1 < rule.bits,
      above + Double(byDistance[bits + 1]) / share <= Double(few)
    {
      bits += 1
      above += Double(byDistance[bits]) / share
    }
    return ParallaxError(
      .tooManyPairs,
      "more than \(Wording.count(most, "pair")) of '\(name)' differ in at most "
        + Wording.count(rule.bits, "bit"),
      hint: bits >= 0
        ? "probably fewer do in at most \(Wording.count(bits, "bit")): --hash-bits \(bits)"
        : "many pictures have the same hash: "
          + (rule.bits > 0 ? "a smaller --hash-bits may leave fewer, and " : "")
          + "'dedupe \(name) --by pixels' finds the same pixels alone",
      parameter: "hash-bits")
  }
}
