/// The answers of all questions in one list, by falling score.
struct PooledAnswers {
  private struct Answer {
    var score: Double
    var question: Int
    /// The other one, of a pair; the same otherwise.
    var other: Int
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
          score: ranking.scores[index], question: question, other: question,
          isRelevant: ranking.isRelevant(at: index))
      }
    }.sorted { ($1.score, $0.question) < ($0.score, $1.question) }
    relevant = rankings.map(\.relevantCount)
  }

  /// Labelled pairs, with their true groups as questions.
  ///
  /// - Parameter missing: duplicates of each that are no answers.
  init(_ pairs: [PairRanking.Pair], missing: [Int]) {
    answers = pairs.map {
      Answer(score: $0.score, question: $0.left, other: $0.right, isRelevant: $0.isDuplicate)
    }.sorted { $1.score < $0.score }
    relevant = pairs.reduce(into: missing) { if $1.isDuplicate { $0[$1.left] += 1 } }
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
        let answer = answers[end]
        var count = counts[answer.question]
        if answer.other != answer.question { count *= counts[answer.other] }
        if answer.isRelevant { tie.hits += count } else { tie.misses += count }
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
