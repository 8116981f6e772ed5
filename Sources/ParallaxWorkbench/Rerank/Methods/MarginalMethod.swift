package import ParallaxCore
package import ParallaxProviders
internal import ParallaxSearch

/// Maximal marginal relevance among the candidates.
package struct MarginalMethod: RerankMethod {
  package static let id = "mmr"
  package static let summary =
    "takes hits one by one: like the question, unlike what is taken already"
  package static let parameters = [
    RerankParameter(
      "lambda", .number(0...1), usual: "0.5",
      "1 for the first stage's score alone, 0 for difference")
  ]
  package static let scale = ScoreScale.rank
  package static let facts: [ModelDescription.Fact] = [
    .init(
      "how",
      "takes the hit with the most lambda × score − (1 − lambda) × its greatest cosine to those "
        + "that are taken; its score is 1 / the place it is taken at"),
    .init(
      "helps", "where the first hits are nearly the same picture, and a person wants to see others"),
    .init(
      "harms",
      "every metric that counts right answers alone: of two right ones that are alike, the second "
        + "goes down"),
    .init("source", "Carbonell and Goldstein, 1998"),
  ]

  private let lambda: Double

  package init(_ parameters: RerankParameters) { lambda = parameters.number("lambda") }

  package func scores(
    _ input: RerankInput, progress: (Int) -> Void
  ) async throws -> [[Double?]] {
    try input.space.rows.indices.map { question in
      try Task.checkCancellation()
      let rows = input.space.rows[question]
      let hits = zip(rows, input.scores[question]).compactMap { row, score in
        row.map { SearchHit(row: $0, score: Float(score)) }
      }
      let taken = Diversity.marginal(
        hits, of: input.space.matrix, lambda: lambda, count: hits.count)
      let places = Dictionary(
        taken.enumerated().map { ($1.row, $0 + 1) }, uniquingKeysWith: { first, _ in first })
      progress(question + 1)
      return rows.map { row in row.flatMap { places[$0] }.map { 1 / Double($0) } }
    }
  }
}
