package import ParallaxCore
package import ParallaxEvaluation
package import ParallaxStorage

/// What a system answered to many questions, and how: lists of hits with all that a comparison needs to
/// know of them.
package struct SystemRun: Sendable, Hashable {
  package struct Hit: Sendable, Hashable {
    package var id: ItemID
    package var score: Double
    /// From 1 in the ranking that was asked for; it stays when others are left out.
    package var rank: Int
    /// Which of ``SystemRun/spaces``.
    package var space: Int
    /// What it was before, where the list was looked at again.
    package var stage: RerankStage?

    package init(
      id: ItemID, score: Double, rank: Int, space: Int = 0, stage: RerankStage? = nil
    ) {
      self.id = id
      self.score = score
      self.rank = rank
      self.space = space
      self.stage = stage
    }

    /// As it is shown; `nil` where a reranking gave none.
    package var shownScore: Double? { stage?.secondScore == nil && stage != nil ? nil : score }
  }

  /// A question's hits, best first; empty where nothing passed.
  package struct List: Sendable, Hashable {
    package var question: String
    package var hits: RunHits

    package init(question: String, hits: [Hit]) {
      self.init(question: question, hits: RunHits(hits))
    }

    package init(question: String, hits: RunHits) {
      self.question = question
      self.hits = hits
    }
  }

  /// How tables call it, such as `q`, `photos@base` or `photos@base dim 128`.
  package var name: String
  /// In the order of the questions; those that could not be asked have none.
  package private(set) var lists: [List]
  /// The lists as metrics see them: by score, or by 1 / rank where another order was asked for.
  package private(set) var run: Run
  /// Whether scores never rise within a list.
  package private(set) var isOrderedByScore: Bool
  /// `nil` for a run that was made elsewhere.
  package var questions: QuestionSet?
  /// What all questions were asked with, without their terms; `nil` for a run that was made elsewhere.
  package var template: Query?
  /// The questions that could not be asked, by id, with the reason.
  package var unanswered: [String: String]
  /// Questions that a comparison does not concern: they were not asked, and are not to be counted.
  package var skipped: Set<String> = []
  /// The collection that its items are of; `nil` where that is not known, or where there are several.
  package var collection: ItemCollection?
  /// The spaces that were searched; empty for a run that was made elsewhere.
  package var spaces: [Space]
  /// Rows that could have been answered; `nil` where that is not known.
  package var candidates: Int?
  /// Whether an engine beyond this machine answered, and not the search here.
  package var isOfEngine = false
  /// How hits were found, such as `exact`.
  package var method: String
  /// The items that are the question itself, by id or by content, for each question that has any.
  package var own: [String: Set<ItemID>]
  /// What was read, with its SHA-256.
  package var inputs: [Provenance.Name]
  /// How it was looked at again, the last time last.
  package var rerankings: [RerankRecord] = []
  package var costs: Costs

  /// What a system needs.
  package struct Costs: Sendable, Hashable {
    /// Numbers of a vector.
    package var dimension: Int?
    /// Of the vectors that are searched.
    package var bytesPerVector: Int?
    /// Of the index or the codes beside the vectors.
    package var indexBytes: Int?
    /// Milliseconds for all questions.
    package var embedding: Double?
    package var searching: Double?
    package var reranking: Double?
    /// Millionths of a US dollar.
    package var money: Int?

    package init() {}
  }

  /// A run that was made elsewhere.
  package init(name: String, run: Run, questions: QuestionSet? = nil) {
    let lists = run.questions.map { question in
      List(
        question: question,
        hits: (run.lists[question] ?? []).enumerated().map {
          Hit(id: $1.id, score: $1.score, rank: $0 + 1)
        })
    }
    self.init(name: name, lists: lists, questions: questions)
  }

  /// - Parameter lists: of finite scores, no question twice.
  package init(name: String, lists: [List], questions: QuestionSet? = nil) {
    self.name = name
    self.questions = questions
    self.lists = lists
    isOrderedByScore = lists.allSatisfy(\.hits.areOrderedByScore)
    run = Self.run(of: lists, byScore: isOrderedByScore)
    template = nil
    unanswered = [:]
    collection = nil
    spaces = []
    candidates = nil
    method = ""
    own = [:]
    inputs = []
    costs = Costs()
  }

  /// How many hits there are.
  package var count: Int { lists.reduce(0) { $0 + $1.hits.count } }

  /// The run with other lists of the same questions.
  package func replacing(lists: [List]) -> SystemRun {
    var copy = self
    copy.lists = lists
    // An order that was not that of the scores stays so, whatever is left of it.
    copy.isOrderedByScore = isOrderedByScore && lists.allSatisfy(\.hits.areOrderedByScore)
    copy.makeRun()
    return copy
  }

  /// The run with its lists in another order, of which the scores may say nothing.
  func reordered(_ lists: [List]) -> SystemRun {
    var copy = self
    copy.lists = lists
    copy.isOrderedByScore = lists.allSatisfy(\.hits.areToldByScore)
    copy.makeRun()
    return copy
  }

  private mutating func makeRun() { run = Self.run(of: lists, byScore: isOrderedByScore) }

  /// The run with some of its hits.
  ///
  /// - Parameter kept: places among all hits, one list behind another, ascending.
  package func keeping(_ kept: [Int]) -> SystemRun {
    var (start, next) = (0, 0)
    let lists = self.lists.map { list in
      var hits: [Hit] = []
      while next < kept.count, kept[next] < start + list.hits.count {
        hits.append(list.hits[kept[next] - start])
        next += 1
      }
      start += list.hits.count
      return List(question: list.question, hits: hits)
    }
    return replacing(lists: lists)
  }

  /// Hits that are their question itself.
  package var ownCount: Int {
    lists.reduce(0) { sum, list in
      guard let own = own[list.question] else { return sum }
      return sum + list.hits.count { own.contains($0.id) }
    }
  }

  /// An item that several spaces answered counts where it comes first.
  private static func run(of lists: [List], byScore: Bool) -> Run {
    let pairs = lists.map { list in
      var known: Set<ItemID> = []
      let isMixed = list.hits.areOfSeveralSpaces
      var items: [RankedItem] = []
      items.reserveCapacity(list.hits.count)
      for hit in list.hits {
        if isMixed, !known.insert(hit.id).inserted { continue }
        items.append(RankedItem(id: hit.id, score: byScore ? hit.score : 1 / Double(hit.rank)))
      }
      return (list.question, items)
    }
    return Run(checked: Dictionary(pairs, uniquingKeysWith: { first, _ in first }))
  }
}
