internal import ParallaxCore
internal import ParallaxStorage

/// The lists of a result that are looked at again, whatever it came from.
struct RerankLists {
  struct Candidate {
    var id: ItemID
    /// Which of ``RerankLists/collections``.
    var space: Int
    /// `nil` for a hit that an earlier reranking gave none.
    var score: Double?
  }

  /// One a list.
  var questions: [Question]
  /// In the order of the first stage.
  var lists: [[Candidate]]
  /// By place of the space.
  var collections: [ItemCollection]
  /// Those that were asked; empty for a run that was made elsewhere.
  var spaces: [Space]
  /// What the questions were asked with; `nil` for a run that was made elsewhere.
  var template: Query?
  /// The questions with their file, for errors.
  var set: QuestionSet

  /// The first candidates of each list.
  func heads(_ depth: Int) -> [[Candidate]] { lists.map { Array($0.prefix(depth)) } }
}

extension RerankLists {
  /// The list of an answer.
  ///
  /// - Parameter terms: what is asked instead of its own question; empty for that.
  /// - Throws: `unsupported` for an answer of several dimensions.
  init(of answer: Answer, asking terms: [Query.Term]) throws {
    guard answer.rankings.count == 1 else {
      throw ParallaxError(
        .unsupported, "the result has a list for each of \(answer.rankings.count) dimensions",
        hint: "'query … --dims N' with one of them gives one list")
    }
    let question = Question(id: "", terms: terms.isEmpty ? answer.query.terms : terms)
    questions = [question]
    lists = [
      answer.hits.map { Candidate(id: $0.id, space: $0.space, score: $0.shownScore) }
    ]
    collections = answer.spaces.map(\.collection)
    spaces = answer.spaces
    template = answer.query
    template?.terms = []
    set = QuestionSet([question])
  }

  /// The lists of a run.
  ///
  /// - Throws: `unsupported` for a run whose questions or items are not known.
  init(of run: SystemRun) throws {
    guard let set = run.questions else {
      throw ParallaxError(
        .unsupported, "'\(run.name)' was made elsewhere: nothing is known of what was asked",
        hint: "'import-run FILE --queries FILE' says what the questions are")
    }
    let known = Dictionary(
      set.questions.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    questions = try run.lists.map { list in
      guard let question = known[list.question] else {
        throw ParallaxError(
          .unsupported, "nothing is known of the question '\(list.question)'",
          hint: "the file of questions must hold every question of the run")
      }
      return question
    }
    collections =
      run.spaces.isEmpty ? [run.collection].compactMap(\.self) : run.spaces.map(\.collection)
    if collections.isEmpty {
      throw ParallaxError(
        .unsupported, "it is not known of which collection the items of '\(run.name)' are",
        hint: "'import-run FILE --collection NAME' says it")
    }
    lists = run.lists.map { list in
      list.hits.map { Candidate(id: $0.id, space: $0.space, score: $0.shownScore) }
    }
    spaces = run.spaces
    template = run.template
    self.set = set
  }
}
