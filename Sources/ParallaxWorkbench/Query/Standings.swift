internal import ParallaxCore
internal import ParallaxStorage

/// How far the scores of an answer lie above what any question scores with the same pictures.
struct Standings {
  let background: QuestionBackground

  /// - Returns: `nil` where there is nothing to hold scores against: for other questions than one text,
  ///   other scores than its cosines with pictures, and models without a background.
  init?(_ query: Query, _ space: Space, _ bench: Workbench, budget: Int?) async throws {
    guard query.terms.count == 1, case .text = query.terms[0].content, query.terms[0].weight > 0,
      query.hasSums, space.spec.content == .image,
      let background = try await bench.models.embedder(for: space, budget: budget).background()
    else { return nil }
    self.background = background
  }

  /// The answer with the standing of every hit.
  func added(to answer: Answer, _ entries: [SearchableSpace]) -> Answer {
    var answer = answer
    answer.leastStanding = background.threshold
    for ranking in answer.rankings.indices {
      for place in answer.rankings[ranking].hits.indices {
        let hit = answer.rankings[ranking].hits[place]
        let loaded = entries[hit.space].loaded
        guard let row = loaded.row(of: hit.id),
          let unit = Vector.normalized(loaded.matrix.row(row))
        else { continue }
        answer.rankings[ranking].hits[place].standing = background.standing(
          of: Double(hit.score), with: unit)
      }
    }
    return answer
  }
}

extension Answer {
  /// The highest standing of its hits; `nil` where none is known.
  package var bestStanding: Double? { hits.compactMap(\.standing).max() }

  /// Whether a background is known and no hit is far enough above it.
  package var hasNothingOutstanding: Bool {
    guard let leastStanding, let bestStanding else { return false }
    return bestStanding < leastStanding
  }
}
