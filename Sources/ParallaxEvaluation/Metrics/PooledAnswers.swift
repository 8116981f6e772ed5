/// The answers of all questions in one list, by falling score.
struct PooledAnswers {
  private struct Answer {
    var score: Double
    var question: Int
    var isRelevant: Bool
  }

  /// Answers with the same score: how many are relevant, and how many are not.
  struct Tie {
    var score: Double
    var hits: Int
    var misses: Int
  }

  private let answers: [Answer]
  /// How many items are relevant to each question, found or not.
  private let relevant: [Int]

  init(_ rankings: [JudgedRanking]) {
    answers = rankings.enumerated().flatMap { question, ranking in
      ranking.scores.indices.map { index in
        Answer(
          score: ranking.scores[index], question: question,
          isRelevant: ranking.isRelevant(at: index))
      }
    }.sorted { ($1.score, $0.question) < ($0.score, $1.question) }
    relevant = rankings.map(\.relevantCount)
  }

  /// Answers of one question.
  ///
  /// - Parameter missing: relevant items that are no answers.
  init(scores: [Double], relevant isRelevant: [Bool], missing: Int) {
    answers = zip(scores, isRelevant).map { Answer(score: $0, question: 0, isRelevant: $1) }
      .sorted { $1.score < $0.score }
    relevant = [isRelevant.count { $0 } + missing]
  }

  /// How many items are relevant when each question counts so often.
  func relevantCount(_ counts: [Int]) -> Int {
    zip(relevant, counts).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// Each group of answers with the same score, the highest first.
  ///
  /// - Parameter counts: how often each question counts.
  func forEachTie(_ counts: [Int], _ body: (Tie) -> Void) {
    var start = 0
    while start < answers.count {
      var tie = Tie(score: answers[start].score, hits: 0, misses: 0)
      var end = start
      while end < answers.count, answers[end].score == tie.score {
        let count = counts[answers[end].question]
        if answers[end].isRelevant { tie.hits += count } else { tie.misses += count }
        end += 1
      }
      body(tie)
      start = end
    }
  }
}

extension RunMetric {
  /// The share of all relevant items that lists of some depth can hold.
  func reachableShare(of rankings: [JudgedRanking], depth: Int) -> Double? {
    let relevant = rankings.map(\.relevantCount)
    let total = relevant.reduce(0, +)
    guard total > 0 else { return nil }
    return Double(relevant.map { min($0, depth) }.reduce(0, +)) / Double(total)
  }
}
