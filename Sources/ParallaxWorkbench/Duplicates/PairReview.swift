internal import ParallaxCore
internal import ParallaxSearch
package import ParallaxStorage

/// Pairs that a person is asked about.
package struct PairReview: Sendable {
  package struct Pair: Sendable, Hashable {
    package var left: ItemRecord
    package var right: ItemRecord
    package var contents: ContentPair
    /// Their cosine.
    package var score: Double
    /// What was said before.
    package var verdict: Verdict?
  }

  package let space: Space
  package let threshold: Double
  /// The nearest to the threshold first, equally near ones by their ids.
  package let pairs: [Pair]
  /// Pairs that are farther from it than as many as were asked for.
  package let beyond: Int
  /// Pairs as near to it that were judged before and are left out.
  package let judged: Int
}

/// Which pairs a person is asked about.
package struct PairReviewRequest: Sendable, Hashable {
  /// From -1 to 1.
  package var threshold: Double
  /// How far a cosine may be from it, to either side.
  package var margin = 0.05
  /// At most so many pairs; `nil` for all.
  package var most: Int?
  /// Whether pairs that were judged before are asked about, too.
  package var asksAgain = false

  package init(threshold: Double) { self.threshold = threshold }
}

extension Workbench {
  /// The pairs of a space that a person is asked about: those near a threshold, where a verdict tells the most.
  ///
  /// Items with the same bytes are one thing, of which the first by id is shown.
  ///
  /// - Throws: as ``pairs(of:minimumScore:_:)``; `damaged-data`.
  @concurrent package func review(
    of space: Space, _ request: PairReviewRequest, _ handler: @escaping EventHandler
  ) async throws -> PairReview {
    let found = try await pairs(
      of: space, minimumScore: max(-1, request.threshold - request.margin), handler)
    let verdicts = Dictionary(
      try workspace.verdicts(in: space.collection).map { ($0.pair, $0) },
      uniquingKeysWith: { first, _ in first })
    let items = try workspace.items(in: space.collection).sorted { $0.id < $1.id }
    var first: [ContentHash: ItemRecord] = [:]
    for item in items where first[item.hash] == nil { first[item.hash] = item }
    let hashes = Dictionary(uniqueKeysWithValues: items.map { ($0.id, $0.hash) })
    var known: Set<ContentPair> = []
    var (pairs, judged) = ([PairReview.Pair](), 0)
    for pair in found.pairs {
      let score = pair.score.shown
      guard abs(score - request.threshold) <= request.margin,
        let one = hashes[found.ids[Int(pair.left)]], let other = hashes[found.ids[Int(pair.right)]],
        let contents = ContentPair(one, other), known.insert(contents).inserted,
        let left = first[one], let right = first[other]
      else { continue }
      let verdict = verdicts[contents]
      guard verdict == nil || request.asksAgain else {
        judged += 1
        continue
      }
      pairs.append(
        PairReview.Pair(
          left: left.id < right.id ? left : right, right: left.id < right.id ? right : left,
          contents: contents, score: score, verdict: verdict))
    }
    func distance(_ pair: PairReview.Pair) -> Double { abs(pair.score - request.threshold) }
    pairs.sort { one, other in
      let (near, far) = (distance(one), distance(other))
      return near != far
        ? near < far : (one.left.id, one.right.id) < (other.left.id, other.right.id)
    }
    let asked = request.most.map { Array(pairs.prefix($0)) } ?? pairs
    return PairReview(
      space: space, threshold: request.threshold, pairs: asked,
      beyond: pairs.count - asked.count, judged: judged)
  }
}
