package import ParallaxCore
package import ParallaxProviders
internal import ParallaxSearch

/// Query expansion by the first candidates.
package struct QueryExpansionMethod: RerankMethod {
  package static let id = "aqe"
  package static let summary =
    "moves the question towards its first answers, and compares again (αQE)"
  package static let parameters = [
    RerankParameter("n", .integer(1...1_000), usual: "10", "first candidates that are added"),
    RerankParameter(
      "alpha", .number(0...100), usual: "3",
      "how much more the nearer ones count; 0 for all the same"),
  ]
  package static let scale = ScoreScale.cosine
  package static let facts: [ModelDescription.Fact] = [
    .init(
      "how",
      "the question becomes q + the sum over the first n of max(0, cosine)^alpha × x, of unit vectors; "
        + "the score is each candidate's cosine with it"),
    .init("helps", "where a question has many right answers and the first ones are among them"),
    .init(
      "harms",
      "where the first ones are wrong: the question drifts to them; where each question has one right "
        + "answer, it is drawn towards the others"),
    .init("source", "Radenović, Tolias and Chum, 2018; with alpha=0 Chum et al., 2007"),
  ]

  private let count: Int
  private let alpha: Double

  package init(_ parameters: RerankParameters) {
    count = parameters.integer("n")
    alpha = parameters.number("alpha")
  }

  package func scores(
    _ input: RerankInput, progress: (Int) -> Void
  ) async throws -> [[Double?]] {
    try input.space.scores(progress: progress) { list, question in
      try QueryExpansion.scores(
        of: list, count: count, alpha: alpha, own: input.space.ownRows(question))
    }
  }
}
