internal import ParallaxCore
package import ParallaxEvaluation
package import ParallaxStorage

/// Some of the items that are embedded again, to see what embedding all of them would change.
package struct ReembedSample: Sendable {
  /// Questions with judgements tell what gets better, not only what changes.
  package struct Questions: Sendable {
    package var set: QuestionSet
    package var source: JudgementSource
    /// At least one.
    package var measures: [NamedMetric]
    /// The least grade that is relevant, from 1.
    package var relevanceLevel = 1
    /// A column of the questions; those with the same value are not independent.
    package var clusterBy: String?

    package init(
      _ set: QuestionSet, judgedBy source: JudgementSource, measures: [NamedMetric]
    ) {
      self.set = set
      self.source = source
      self.measures = measures
    }
  }

  /// At most so many.
  package var count: Int
  /// Decides which.
  package var seed: UInt64
  package var questions: Questions?

  package init(count: Int, seed: UInt64, questions: Questions? = nil) {
    self.count = count
    self.seed = seed
    self.questions = questions
  }
}

/// A sample that was drawn from a space.
package struct DrawnSample: Sendable {
  package let items: Set<ItemRecord.RowID>
  /// Those that have a relevant item in the sample, with their judgements; `nil` where nothing is judged.
  package let questions: (set: QuestionSet, judgements: JudgementSet)?
}

extension Workbench {
  /// Draws a sample from the items that have a vector in a space. A larger one holds each smaller one of
  /// the same seed and the same judgements.
  ///
  /// With judgements, every other item is one that is relevant to a question, as long as there are
  /// any: few questions have a relevant item among some that are drawn blindly.
  ///
  /// - Throws: as ``judgements(from:for:_:)``; `invalid-value` when no item is relevant to a question;
  ///   `unknown-name` about `cluster-by`.
  @concurrent package func draw(
    _ sample: ReembedSample, from old: Space, _ handler: @escaping EventHandler
  ) async throws -> DrawnSample {
    let embedded = try workspace.embeddedHashes(in: old)
    let items = try workspace.items(in: old.collection).filter { embedded[$0.rowID] != nil }
    var random = SeededGenerator(seed: sample.seed)
    let shuffled = items.shuffled(using: &random)
    guard let questions = sample.questions else {
      return DrawnSample(items: Set(shuffled.prefix(sample.count).map(\.rowID)), questions: nil)
    }
    var asked = SystemRun(name: old.reference, lists: [], questions: questions.set)
    asked.collection = old.collection
    var judged = try await judgements(from: questions.source, for: [asked], handler)
    let byID = Dictionary(items.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var another = SeededGenerator(seed: sample.seed)
    let relevant = questions.set.questions.shuffled(using: &another).map { question in
      (judged.judgements.grades[question.id]?.all ?? [:])
        .filter { $0.value >= questions.relevanceLevel }.keys.sorted().compactMap { byID[$0] }
        .shuffled(using: &another)
    }
    let drawn = Self.alternating(Self.inTurns(relevant), shuffled, count: sample.count)
    let ids = Set(drawn.map(\.id))
    var set = questions.set
    set.questions = set.questions.filter { question in
      judged.judgements.grades[question.id]?.all
        .contains { $0.value >= questions.relevanceLevel && ids.contains($0.key) } ?? false
    }
    judged.judgements = judged.judgements.keeping(ids, of: set)
    if let column = questions.clusterBy {
      // Known before anything is paid for.
      let fields = QuestionFields(
        asked: Dictionary(set.questions.map { ($0.id, $0) }, uniquingKeysWith: { $1 }),
        judged: set.questions.map(\.id))
      _ = try fields.values(of: column, for: "cluster-by")
    }
    guard !set.questions.isEmpty else {
      throw ParallaxError(
        .invalidValue,
        "no question has a relevant item among the \(items.count) of '\(old.reference)'",
        hint: "the ids of questions and items must be those of the judgements",
        parameter: questions.source.parameter)
    }
    return DrawnSample(items: Set(drawn.map(\.rowID)), questions: (set, judged))
  }

  /// The first of each list, then the second of each: so that many questions have a relevant item.
  private static func inTurns(_ lists: [[ItemRecord]]) -> [ItemRecord] {
    (0..<(lists.map(\.count).max() ?? 0)).flatMap { turn in
      lists.compactMap { turn < $0.count ? $0[turn] : nil }
    }
  }

  /// The first different ones of two lists, in turns.
  private static func alternating(
    _ first: [ItemRecord], _ second: [ItemRecord], count: Int
  ) -> [ItemRecord] {
    var known: Set<ItemRecord.RowID> = []
    var drawn: [ItemRecord] = []
    var rests = [first[...], second[...]]
    var turn = 0
    while drawn.count < count, rests.contains(where: { !$0.isEmpty }) {
      while let next = rests[turn].popFirst() {
        guard known.insert(next.rowID).inserted else { continue }
        drawn.append(next)
        break
      }
      turn = 1 - turn
    }
    return drawn
  }
}

extension JudgementSource {
  /// What says so.
  fileprivate var parameter: ParallaxError.Parameter {
    switch self {
    case .file: "qrels"
    case .rule: "relevant-if"
    }
  }
}

extension Judgements {
  /// Those of some items and some questions.
  func keeping(_ items: Set<ItemID>, of set: QuestionSet) -> Judgements {
    let pairs = set.questions.map { question in
      (question.id, (grades[question.id]?.all ?? [:]).filter { items.contains($0.key) })
    }
    return Judgements(
      Dictionary(pairs, uniquingKeysWith: { first, _ in first }),
      ofAll: itemCount.map { _ in items.count })
  }
}
