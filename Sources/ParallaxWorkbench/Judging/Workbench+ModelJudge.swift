internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem

/// What a model said of the pairs that it was asked about.
package struct ModelGrading: Sendable, Hashable {
  package var graded: Int
  /// Pairs that it gave no grade.
  package var failures: Int
  /// Pairs whose grade was known from before.
  package var known: Int
  /// Millionths of a US dollar; `nil` where no price is known.
  package var money: Int?
}

extension Workbench {
  /// What having a model grade would ask for; it needs no key.
  ///
  /// - Throws: as ``grade(_:_:budget:_:)``, for what is asked.
  @concurrent package func forecast(
    grading judging: Judging, _ request: RerankRequest, budget: Int?
  ) async throws -> RerankForecast {
    try await forecast(reranking: judging.run, judging.whole(request), budget: budget)
  }

  /// Has a model grade what a judge would be asked about, and keeps its grades as those of a judge.
  ///
  /// What was paid for is kept as it arrives: the same request after a stop asks for the rest.
  ///
  /// - Throws: `budget`: then nothing was asked for; `cancelled`; what the model says that is no matter of
  ///   one pair.
  @concurrent package func grade(
    _ judging: Judging, _ request: RerankRequest, budget: Int?, _ handler: @escaping EventHandler
  ) async throws -> ModelGrading {
    let scores = try await Reranking(
      bench: self, lists: try RerankLists(of: judging.run), request: judging.whole(request),
      budget: budget, handler: handler
    ).scores()
    let pairs = judging.byQuestion
    var (grades, failures) = ([Grade](), [(item: ItemID, error: ParallaxError)]())
    for (list, head) in zip(pairs, scores.heads) {
      for (pair, outcome) in zip(list.pairs, head) {
        switch outcome {
        case .success(let score):
          guard let value = Int(exactly: score), Grade.scale.contains(value) else {
            failures.append((pair.item.id, Self.noGrade(request, score)))
            continue
          }
          grades.append(judging.grade(value, of: pair))
        case .failure(let error): failures.append((pair.item.id, error))
        }
      }
    }
    try keep(grades, of: judging)
    if let first = failures.first {
      handler(
        .warning(
          "\(Wording.count(failures.count)) of \(Wording.count(judging.pairs.count, "pair")) got no "
            + "grade: '\(first.item)': \(first.error.message)"))
    }
    for note in models.drainFindings().notes { handler(.note(note)) }
    return ModelGrading(
      graded: grades.count, failures: failures.count, known: scores.known, money: scores.money)
  }

  private static func noGrade(_ request: RerankRequest, _ score: Float) -> ParallaxError {
    ParallaxError(.provider, "'\(request.model.name)' gave \(score), which is no grade from 0 to 3")
  }

  /// Everything that decides what a model says as a judge, with what it is told; it needs no key.
  ///
  /// - Throws: `unsupported` for a reranker that gives scores and no grades; what prevents it from being
  ///   opened.
  @concurrent package func identity(ofJudge request: RerankRequest) async throws -> String {
    if case .model(let provider, let asked) = try RerankSystem(
      request.model, instruction: request.instruction, seed: request.seed)
    {
      do {
        let reranker = try await models.reranker(
          for: asked, provider, subject: request.model.text, budget: nil, isForEstimate: true)
        if reranker.spec.scale == .grade { return reranker.spec.identity }
      } catch let error as ParallaxError { throw error.about("model") }
    }
    throw ParallaxError(
      .unsupported, "'\(request.model.text)' gives scores, not grades from 0 to 3",
      hint: "'gemini-judge' gives grades", parameter: "model")
  }
}

extension Judging {
  /// The pairs of each question, in the order in which they are asked.
  fileprivate var byQuestion: [(question: String, pairs: [Pair])] {
    var places: [String: Int] = [:]
    var lists: [(question: String, pairs: [Pair])] = []
    for pair in pairs {
      if let place = places[pair.question] {
        lists[place].pairs.append(pair)
      } else {
        places[pair.question] = lists.count
        lists.append((pair.question, [pair]))
      }
    }
    return lists
  }

  /// The pairs as lists that a reranker takes.
  fileprivate var run: SystemRun {
    var run = SystemRun(
      name: name,
      lists: byQuestion.map { list in
        SystemRun.List(
          question: list.question,
          hits: list.pairs.enumerated().map { place, pair in
            SystemRun.Hit(id: pair.item.id, score: 1 / Double(place + 1), rank: place + 1)
          })
      }, questions: QuestionSet(questions.values.sorted { $0.id < $1.id }))
    run.collection = collection
    return run
  }

  /// The request for all of the lists.
  fileprivate func whole(_ request: RerankRequest) -> RerankRequest {
    var request = request
    request.depth = max(1, byQuestion.map(\.pairs.count).max() ?? 1)
    request.isForGrades = true
    return request
  }
}
