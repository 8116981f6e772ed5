/// How often votes are right on cases whose category is known.
package struct CategoryTrial: Sendable, Hashable {
  /// Cases of one category, or of all.
  package struct Count: Sendable, Hashable {
    package var cases = 0
    /// Of them the ones that the vote gives the right category, whoever agrees.
    package var right = 0
    /// The ones of which enough agree for an answer.
    package var answered = 0
    package var rightAnswers = 0

    fileprivate mutating func add(isRight: Bool, isAnswered: Bool) {
      cases += 1
      if isRight { right += 1 }
      guard isAnswered else { return }
      answered += 1
      if isRight { rightAnswers += 1 }
    }
  }

  private let leastAgreement: Double
  package private(set) var all = Count()
  /// By category.
  package private(set) var byCategory: [Count]
  /// How often each category was the answer.
  package private(set) var answers: [Int]
  /// Votes, right or wrong: by category, then by what the vote gave.
  private var votes: [[Int: Int]]

  /// - Parameters:
  ///   - categories: how many there are.
  ///   - leastAgreement: of a vote that is an answer.
  package init(categories: Int, leastAgreement: Double) {
    self.leastAgreement = leastAgreement
    byCategory = Array(repeating: Count(), count: categories)
    answers = Array(repeating: 0, count: categories)
    votes = Array(repeating: [:], count: categories)
  }

  package mutating func add(_ vote: CategoryVote, on category: Int) {
    let answer = vote.answer(from: leastAgreement)
    let isRight = vote.category == category
    all.add(isRight: isRight, isAnswered: answer != nil)
    byCategory[category].add(isRight: isRight, isAnswered: answer != nil)
    if let answer { answers[answer] += 1 }
    if let given = vote.category { votes[category][given, default: 0] += 1 }
  }

  /// The category of the most cases, of equal ones the first, which is what to beat: who always says it is
  /// right so often.
  package var mostFrequent: Int? {
    var best: Int?
    for (category, count) in byCategory.enumerated()
    where count.cases > (best.map { byCategory[$0].cases } ?? 0) { best = category }
    return best
  }

  /// What the vote most often gives instead of a category; `nil` where it is never wrong.
  package func mistake(for category: Int) -> (category: Int, count: Int)? {
    votes[category].filter { $0.key != category }
      .max { $0.value != $1.value ? $0.value < $1.value : $0.key > $1.key }
      .map { ($0.key, $0.value) }
  }
}
