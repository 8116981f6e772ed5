package import ParallaxCore
package import ParallaxStorage

extension Float {
  /// The shortest decimal that is this 32-bit number, not that of its double.
  package var shown: Double { Double("\(self)") ?? Double(self) }
}

/// What was found, best first.
package struct Answer: Sendable, Hashable {
  package struct Hit: Sendable, Hashable {
    /// Which of ``Answer/spaces``.
    package var space: Int
    package var item: ItemRecord.RowID
    package var id: ItemID
    package var score: Float
    /// From 1 in the ranking that was asked for; it stays when others are left out.
    package var rank: Int
    /// How far the score lies above those of unrelated questions with the same picture, in standard
    /// deviations of these; `nil` where that is not known.
    package var standing: Double?
    /// What it was before, where the list was looked at again.
    package var stage: RerankStage?

    package init(
      space: Int, item: ItemRecord.RowID, id: ItemID, score: Float, rank: Int = 0
    ) {
      (self.space, self.item, self.id, self.score, self.rank) = (space, item, id, score, rank)
    }

    /// As it is shown; `nil` where a reranking gave none.
    package var shownScore: Double? {
      stage?.secondScore == nil && stage != nil ? nil : score.shown
    }
  }

  /// One ranking: of all spaces together, or of one dimension.
  package struct Ranking: Sendable, Hashable {
    /// `nil` for the space's own.
    package var dimension: Int?
    package var hits: [Hit]
    /// `nil` where scores are no sums of terms.
    package var contributions: Contributions?
  }

  /// What was asked.
  package var query: Query
  package var spaces: [Space]
  /// One, or one a dimension that was asked for.
  package var rankings: [Ranking]
  /// Rows that could have been answered.
  package var candidates: Int
  /// How they were found, such as `exact`.
  package var method: String
  /// Files asked by, with their SHA-256.
  package var inputs: [Provenance.Name]
  /// Milliseconds.
  package var embedding: Double
  package var searching: Double

  /// The standing from which a hit stands out; `nil` where none is known.
  package var leastStanding: Double?

  /// How it was looked at again, the last time last.
  package var rerankings: [RerankRecord] = []

  /// The hits of all rankings, one ranking after another.
  package var hits: [Hit] { rankings.flatMap(\.hits) }

  /// The answer with some of its hits.
  ///
  /// - Parameter kept: places in ``hits``, in their order.
  package func keeping(_ kept: [Int]) -> Answer {
    var copy = self
    var start = 0
    for index in rankings.indices {
      let ranking = rankings[index]
      let places = kept.map { $0 - start }.filter(ranking.hits.indices.contains)
      copy.rankings[index].hits = places.map { ranking.hits[$0] }
      copy.rankings[index].contributions?.rows = places.compactMap { place in
        ranking.contributions?.rows[place]
      }
      start += ranking.hits.count
    }
    return copy
  }

  /// From the lowest to the highest; `nil` without hits.
  package var scores: ClosedRange<Float>? {
    let all = hits.filter { $0.shownScore != nil }.map(\.score)
    return all.min().flatMap { least in all.max().map { least...$0 } }
  }

  /// - Parameter command: what was asked, in words that ask it again.
  package func provenance(command: String) -> Provenance {
    Provenance(
      command: command,
      spaces: spaces.map { .init(name: $0.reference, value: $0.spec.identity) }, inputs: inputs,
      timings: [
        .init(step: "embed", milliseconds: embedding),
        .init(step: "search", milliseconds: searching),
      ] + rerankings.timings, collection: spaces.count == 1 ? spaces[0].collection.name : nil,
      search: method,
      rerankings: rerankings.map(\.summary))
  }
}

extension [RerankRecord] {
  /// How long each took.
  var timings: [Provenance.Timing] {
    enumerated().map { place, record in
      .init(
        step: place == 0 ? "rerank" : "rerank \(place + 1)", milliseconds: record.milliseconds)
    }
  }
}
