internal import ParallaxCore
internal import ParallaxStorage

/// How far the scores of an answer lie above what any question scores with the same pictures.
struct Standings {
  let background: QuestionBackground

  /// - Returns: `nil` where there is nothing to hold scores against: for other questions than one text,
  ///   other scores than its cosines with pictures, models without a background, and spaces that its
  ///   questions were not measured in: those asked under a task, and mapped ones. An unusable background
  ///   is a warning.
  init?(
    _ query: Query, _ space: Space, _ bench: Workbench, budget: Int?, _ handler: EventHandler
  ) async throws {
    guard query.terms.count == 1, case .text = query.terms[0].content, query.terms[0].weight > 0,
      query.hasSums, space.spec.content == .image, space.spec.queryTask == nil,
      !space.spec.isMapped
    else { return nil }
    let embedder = try await bench.models.embedder(for: space, budget: budget)
    do {
      guard let background = try embedder.background() else { return nil }
      self.background = background
    } catch let error as ParallaxError {
      handler(.warning("scores are held against no background: \(error.message)"))
      return nil
    }
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
  /// The threshold is that of the best of so many hits: among more, one of them passes it by chance.
  private static let judgedHits = 10

  /// The highest standing of its first ten hits; `nil` where none is known.
  package var bestStanding: Double? {
    hits.prefix(Self.judgedHits).compactMap(\.standing).max()
  }

  /// Whether a background is known and none of the first ten hits is far enough above it.
  package var hasNothingOutstanding: Bool {
    guard let leastStanding, let bestStanding else { return false }
    return bestStanding < leastStanding
  }
}
