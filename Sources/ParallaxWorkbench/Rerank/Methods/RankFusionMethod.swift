package import ParallaxCore
package import ParallaxProviders
internal import ParallaxSearch

/// Reciprocal rank fusion with the order of another space.
package struct RankFusionMethod: RerankMethod {
  package static let id = "rrf"
  package static let summary = "adds the ranks that another space gives the same candidates"
  package static let parameters = [
    RerankParameter("space", .space, usual: nil, "another space of the collection"),
    RerankParameter(
      "k", .number(0...10_000), usual: "60", "the larger, the less the first ranks count"),
    RerankParameter(
      "weight", .number(0...100), usual: "1", "of the other space; the list counts 1"),
  ]
  package static let scale = ScoreScale.unbounded
  package static let facts: [ModelDescription.Fact] = [
    .init(
      "how",
      "1 / (k + rank in the list) + weight / (k + rank among the candidates by the other space's "
        + "cosine); an item without a vector there gets the first alone"),
    .init("helps", "where two models of about the same quality go wrong at different questions"),
    .init("harms", "where one of them is much worse: it pulls down the better one"),
    .init("source", "Cormack, Clarke and Büttcher, 2009"),
  ]

  private let k: Double
  private let weight: Double

  package init(_ parameters: RerankParameters) {
    k = parameters.number("k")
    weight = parameters.number("weight")
  }

  package func scores(
    _ input: RerankInput, progress: (Int) -> Void
  ) async throws -> [[Double?]] {
    guard let other = input.other else {
      throw ParallaxError(.internalError, "'\(Self.id)' got no other space")
    }
    return try other.questions.indices.map { question in
      try Task.checkCancellation()
      // Candidates go by their places in the list: rows differ between spaces.
      let rows = other.rows[question]
      let there = rows.indices.filter { rows[$0] != nil }
      let order = try other.list(question).nearestFirst.map { there[$0] }
      progress(question + 1)
      return RankFusion.scores(
        of: Array(rows.indices),
        [(rows: Array(rows.indices), weight: 1), (rows: order, weight: weight)], k: k)
    }
  }
}
