package import ParallaxCore
package import ParallaxProviders
internal import ParallaxSearch

/// De-hubbing by dynamic inverted softmax.
package struct InvertedSoftmaxMethod: RerankMethod {
  package static let id = "inverted-softmax"
  package static let summary =
    "lowers images that answer too many of the run's questions (QB-Norm)"
  package static let parameters = [
    RerankParameter(
      "beta", .number(1...50), usual: "20", "the larger, the more the nearest questions count"),
    RerankParameter(
      "depth", .integer(1...1_000), usual: "1", "first answers of each question that may be hubs"),
    BankOfQuestions.parameter,
  ]
  package static let scale = ScoreScale.unbounded
  package static let facts: [ModelDescription.Fact] =
    [
      .init(
        "how",
        "e^(beta × cosine) / the sum of e^(beta × cosine with a question of the bank), for lists whose "
          + "nearest candidate is the first answer of another question; other lists keep their cosines"
      )
    ] + BankOfQuestions.facts + [.init("source", "Bogolin et al., 2022, arXiv 2112.12777")]

  private let beta: Double
  private let depth: Int
  private let size: Int

  package init(_ parameters: RerankParameters) {
    beta = parameters.number("beta")
    depth = parameters.integer("depth")
    size = parameters.integer("bank")
  }

  package func scores(
    _ input: RerankInput, progress: (Int) -> Void
  ) async throws -> [[Double?]] {
    let side = input.space
    let bank = try BankOfQuestions(of: side, for: Self.id, size: size, beta: beta, neighbours: 0)
    var firsts: [Int: [Int]] = [:]
    for question in bank.places.keys.sorted() {
      try Task.checkCancellation()
      let list = try side.list(question)
      let own = side.ownRows(question)
      let found = list.nearestFirst.map { list.rows[$0] }.filter { !own.contains($0) }
      firsts[question] = Array(found.prefix(depth))
    }
    let activation = ActivationSet(firsts.values, depth: depth)
    return try side.scores(progress: progress) { list, question in
      InvertedSoftmax.scores(
        of: list, nearness: bank.nearness(of: list), beta: beta, ownRows: side.ownRows(question)
      ) {
        activation.contains($0, without: firsts[question] ?? [])
      }
    }
  }

  package func warnings(about input: RerankInput) -> [String] {
    BankOfQuestions.warnings(for: Self.id, size: size, questions: input.space.questions.count)
  }
}
