package import ParallaxCore
package import ParallaxProviders
internal import ParallaxSearch

/// k-reciprocal encoding of the question and its candidates.
package struct ReciprocalNeighboursMethod: RerankMethod {
  package static let id = "k-reciprocal"
  package static let summary =
    "prefers candidates that have the question's neighbours as their own"
  package static let parameters = [
    RerankParameter("k1", .integer(1...1_000), usual: "20", "neighbours that are looked at"),
    RerankParameter(
      "k2", .integer(1...1_000), usual: "6", "neighbours whose encodings are averaged; 1 for none"),
    RerankParameter(
      "lambda", .number(0...1), usual: "0.3", "the share of the plain distance in the score"),
  ]
  package static let scale = ScoreScale.unbounded
  package static let facts: [ModelDescription.Fact] = [
    .init(
      "how",
      "1 − ((1 − lambda) × Jaccard distance of the k-reciprocal neighbours + lambda × squared distance "
        + "of the directions, by the largest of the question), from 0 to 1"),
    .init(
      "scope",
      "neighbours are looked for among the question and the candidates, not in the whole space: a "
        + "depth of 100 or more gives them room"),
    .init("helps", "where a question has many right answers that are like one another"),
    .init(
      "harms",
      "where each question has one right answer: it prefers groups; and a text among images, whose "
        + "neighbour it rarely is"),
    .init("source", "Zhong, Zheng, Cao and Li, 2017"),
  ]

  private let k1: Int
  private let k2: Int
  private let lambda: Double

  package init(_ parameters: RerankParameters) {
    k1 = parameters.integer("k1")
    k2 = parameters.integer("k2")
    lambda = parameters.number("lambda")
  }

  package func scores(
    _ input: RerankInput, progress: (Int) -> Void
  ) async throws -> [[Double?]] {
    try input.space.scores(progress: progress) { list, question in
      let own = input.space.ownRows(question)
      let whole = scores(of: list)
      guard list.rows.contains(where: own.contains) else { return whole }
      // A copy of the question beside it would be everybody's second neighbour.
      let others = try RankedVectors(
        question: input.space.questions[question],
        rows: list.rows.filter { !own.contains($0) }, of: input.space.matrix)
      var apart = scores(of: others)[...]
      return zip(list.rows, whole).map { row, score in
        own.contains(row) ? score : apart.removeFirst()
      }
    }
  }

  private func scores(of list: RankedVectors) -> [Double] {
    ReciprocalNeighbours.scores(of: list, k1: k1, k2: k2, lambda: lambda)
  }
}
