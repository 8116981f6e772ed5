internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage

extension Workbench {
  /// What each term of a question gave to the scores of its hits in a run. The question is embedded
  /// again, which for a remote model is a kept reply.
  ///
  /// - Parameter question: its id.
  /// - Returns: the hits with a row of contributions each.
  /// - Throws: `unknown-name` for a question that the run does not answer; `unsupported` where scores
  ///   are no sums, or nothing is known of the questions; what embedding throws; `cancelled`.
  @concurrent package func contributions(
    to id: String, in run: SystemRun, budget: Int?, _ handler: @escaping EventHandler
  ) async throws -> (hits: [SystemRun.Hit], contributions: Contributions) {
    guard let list = run.lists.first(where: { $0.question == id }) else {
      let reason = run.unanswered[id].map { ": \($0)" } ?? ""
      throw ParallaxError(
        .unknownName, "the run has no answer to a question '\(id)'\(reason)",
        hint: Suggestion.hint(for: id, among: run.lists.prefix(20_000).map(\.question)))
    }
    guard let set = run.questions, let template = run.template,
      let question = set.questions.first(where: { $0.id == id }), let first = run.spaces.first
    else {
      throw ParallaxError(
        .unsupported, "'\(run.name)' was made elsewhere: nothing is known of its questions' terms")
    }
    guard template.hasSums else {
      throw ParallaxError(
        .unsupported, "'\(run.name)' has no scores that are sums of terms",
        hint: "'query' gives some, by cosine and without --fuse rrf and --dims")
    }
    var loaded: [LoadedSpace] = []
    for space in run.spaces {
      loaded.append(
        try await spaces.loading(space, progress: { handler(.progress($0)) }).loaded)
    }
    var terms = QueryTerms(bench: self, space: first, loaded: loaded[0], budget: budget)
    let query = try template.asking(question, of: set)
    let vectors =
      query.fusion == .joint
      ? [try await terms.joint(query.terms)] : try await terms.all(query.terms)
    let rows = try list.hits.map { hit in
      guard let row = loaded[hit.space].row(of: hit.id) else {
        throw Self.changed(run.spaces[hit.space], "'\(hit.id)' has no vector there any more")
      }
      return loaded[hit.space].matrix.row(row)
    }
    guard let contributions = Contributions(of: vectors, to: rows) else {
      throw ParallaxError(.invalidValue, "the terms of the query cancel out")
    }
    let differences = zip(list.hits, contributions.rows).map { hit, row in
      // Of a list that was looked at again, terms made the score of the first stage.
      abs(row.reduce(0, +) - (hit.stage?.firstScore ?? hit.score))
    }
    if let most = differences.max(), most > Self.rounding {
      throw Self.changed(first, "a score is \(Wording.thousandths(most)) away from what it was")
    }
    return (Array(list.hits), contributions)
  }

  /// More than scores of single precision differ from sums of double precision.
  private static let rounding = 1e-4

  private static func changed(_ space: Space, _ reason: String) -> ParallaxError {
    ParallaxError(
      .unsupported, "'\(space.reference)' has changed since the run was made: \(reason)",
      hint: "make the run again")
  }
}
