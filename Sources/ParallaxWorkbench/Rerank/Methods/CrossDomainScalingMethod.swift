package import ParallaxCore
package import ParallaxProviders
internal import ParallaxSearch

/// De-hubbing by cross-domain similarity local scaling.
package struct CrossDomainScalingMethod: RerankMethod {
  package static let id = "csls"
  package static let summary =
    "lowers images that are near to all of the run's questions (CSLS)"
  package static let parameters = [
    RerankParameter(
      "k", .integer(1...1_000), usual: "10", "nearest questions of each image that count"),
    BankOfQuestions.parameter,
  ]
  package static let scale = ScoreScale.unbounded
  package static let facts: [ModelDescription.Fact] =
    [
      .init(
        "how",
        "2 × cosine − the question's mean cosine with its k nearest candidates − the candidate's mean "
          + "cosine with its k nearest other questions of the bank, from -4 to 4")
    ] + BankOfQuestions.facts + [.init("source", "Conneau et al., 2018, arXiv 1710.04087")]

  private let count: Int
  private let size: Int

  package init(_ parameters: RerankParameters) {
    count = parameters.integer("k")
    size = parameters.integer("bank")
  }

  package func scores(
    _ input: RerankInput, progress: (Int) -> Void
  ) async throws -> [[Double?]] {
    // One more than count: a question is not its own neighbour.
    let bank = try BankOfQuestions(
      of: input.space, for: Self.id, size: size, beta: 1, neighbours: count + 1)
    return try input.space.scores(progress: progress) { list, question in
      CrossDomainScaling.scores(
        of: list, nearness: bank.nearness(of: list), without: bank.places[question],
        ownRows: input.space.ownRows(question), count: count)
    }
  }

  package func warnings(about input: RerankInput) -> [String] {
    BankOfQuestions.warnings(for: Self.id, size: size, questions: input.space.questions.count)
  }
}
