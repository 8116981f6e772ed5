internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage

extension Workbench {
  /// Looks again at the head of an answer.
  ///
  /// Scores are kept: another depth, or the same after a kill, asks for what is missing.
  ///
  /// - Parameter budget: millionths of a US dollar that may be spent in this workspace; `nil` for no
  ///   limit.
  /// - Throws: `unknown-model`, `invalid-value` for the reranker; `unsupported` for a question that it
  ///   cannot read, or a result that does not suit it; `budget` before anything is asked for; what the
  ///   provider says; `cancelled`.
  @concurrent package func reranked(
    _ answer: Answer, _ request: RerankRequest, budget: Int?, _ handler: @escaping EventHandler
  ) async throws -> Answer {
    let lists = try RerankLists(of: answer, asking: request.terms)
    let (orders, record, inputs) = try await orders(of: lists, request, budget: budget, handler)
    var copy = answer
    let order = orders[0]
    copy.rankings[0].hits = order.enumerated().map { rank, placed in
      var hit = answer.rankings[0].hits[placed.place]
      hit.stage = RerankStage(
        firstRank: hit.rank, firstScore: hit.shownScore, secondScore: placed.second)
      if let score = placed.score { hit.score = score }
      hit.rank = rank + 1
      return hit
    }
    copy.rankings[0].contributions?.rows = order.compactMap {
      answer.rankings[0].contributions?.rows[$0.place]
    }
    copy.rerankings.append(record)
    copy.inputs += inputs
    return copy
  }

  /// Looks again at the head of each list of a run.
  ///
  /// - Throws: as for an answer; `usage` for a question of its own, which a run has many of.
  @concurrent package func reranked(
    _ run: SystemRun, _ request: RerankRequest, budget: Int?, _ handler: @escaping EventHandler
  ) async throws -> SystemRun {
    if let term = request.terms.first {
      throw ParallaxError(
        .usage, "a run has questions of its own: --\(term.parameter.name) is for one answer",
        parameter: term.parameter)
    }
    let lists = try RerankLists(of: run)
    let (orders, record, inputs) = try await orders(of: lists, request, budget: budget, handler)
    let reordered = zip(run.lists, orders).map { list, order in
      SystemRun.List(
        question: list.question,
        hits: order.enumerated().map { rank, placed in
          var hit = list.hits[placed.place]
          hit.stage = RerankStage(
            firstRank: hit.rank, firstScore: hit.shownScore, secondScore: placed.second)
          if let score = placed.score { hit.score = score.shown }
          hit.rank = rank + 1
          return hit
        })
    }
    var copy = run.reordered(reordered)
    copy.rerankings.append(record)
    copy.inputs += inputs
    copy.costs.reranking = (copy.costs.reranking ?? 0) + record.milliseconds
    copy.costs.money = copy.costs.money.flatMap { before in record.money.map { before + $0 } }
    return copy
  }

  /// A hit in its new place.
  private struct Placed {
    /// From 0 in the list as it was.
    var place: Int
    var score: Float?
    var second: Double?
  }

  private func orders(
    of lists: RerankLists, _ request: RerankRequest, budget: Int?, _ handler: @escaping EventHandler
  ) async throws -> (orders: [[Placed]], RerankRecord, inputs: [Provenance.Name]) {
    if request.blend != nil,
      lists.heads(request.depth).joined().contains(where: { $0.score == nil })
    {
      throw ParallaxError(
        .unsupported,
        "--blend needs a score of every candidate, and an earlier reranking gave some none",
        hint: "blend the first reranking, or rerank less deep", parameter: "blend")
    }
    let reranking = Reranking(
      bench: self, lists: lists, request: request, budget: budget, handler: handler)
    let scores = try await reranking.scores()
    var (orders, failures) = ([[Placed]](), [(id: ItemID, error: ParallaxError)]())
    for (list, head) in zip(lists.lists, scores.heads) {
      let seconds = head.map { try? $0.get() }
      let order = RerankOrder.order(
        first: list.map(\.score), second: seconds, blend: request.blend)
      orders.append(
        order.map { placed in
          Placed(
            place: placed.place, score: placed.score,
            second: placed.place < seconds.count ? seconds[placed.place]?.shown : nil)
        }.filter { passes($0, list[$0.place].score, request) }.prefixed(request.top))
      for (candidate, outcome) in zip(list, head) {
        if case .failure(let error) = outcome { failures.append((candidate.id, error)) }
      }
    }
    let pairs = scores.heads.reduce(0) { $0 + $1.count }
    if let first = failures.first {
      let others = failures.count - 1
      handler(
        .warning(
          "\(Wording.count(failures.count)) of \(Wording.count(pairs, "candidate")) got no score and "
            + "\(others == 0 ? "keeps its place" : "keep their places"): '\(first.id)': "
            + first.error.message + (others == 0 ? "" : " (and \(Wording.count(others)) more)")))
    }
    for note in models.drainFindings().notes { handler(.note(note)) }
    return (
      orders,
      RerankRecord(
        name: request.model.text, spec: scores.spec, depth: request.depth, blend: request.blend,
        minimumScore: request.minimumScore, minimumFirstScore: request.minimumFirstScore,
        questions: lists.lists.count, pairs: pairs, known: scores.known, failures: failures.count,
        milliseconds: scores.milliseconds, money: scores.money, terms: request.terms),
      scores.inputs
    )
  }

  private func passes(_ placed: Placed, _ first: Double?, _ request: RerankRequest) -> Bool {
    if let least = request.minimumScore {
      guard let second = placed.second, second >= least else { return false }
    }
    if let least = request.minimumFirstScore {
      guard let first, first >= least else { return false }
    }
    return true
  }
}

extension Array {
  fileprivate func prefixed(_ count: Int?) -> [Element] { count.map { Array(prefix($0)) } ?? self }
}
