private import ParallaxCore

/// One question's list with the grades of its items: the input of all metrics.
package struct JudgedRanking: Sendable, Hashable {
  /// The grade at each rank; `nil` for an item that is not judged.
  package private(set) var grades: [Int?]
  /// The score at each rank, never rising.
  package let scores: [Double]
  /// All judged grades of the question, the highest first.
  package let judged: GradeCounts
  /// The least grade that is relevant.
  package let relevanceLevel: Int

  /// - Parameters:
  ///   - list: in the order of a run; items that the question leaves out are skipped.
  ///   - relevanceLevel: from 1.
  package init(_ list: [RankedItem], of question: JudgedQuestion, relevanceLevel: Int) {
    let list =
      question.leftOut.isEmpty ? list : list.filter { !question.leftOut.contains($0.id) }
    grades = list.map { question.grade(of: $0.id) }
    scores = list.map(\.score)
    judged = question.judged
    self.relevanceLevel = relevanceLevel
  }

  private init(_ grades: [Int?], scores: [Double], like other: JudgedRanking) {
    self.grades = grades
    self.scores = scores
    judged = other.judged
    relevanceLevel = other.relevanceLevel
  }

  /// How many items were found.
  package var count: Int { grades.count }

  /// R: how many items are relevant, found or not.
  package var relevantCount: Int { judged.count(atLeast: relevanceLevel) }

  /// N: how many items are judged and not relevant, found or not.
  package var nonRelevantCount: Int { judged.count(below: relevanceLevel) }

  package func isRelevant(at index: Int) -> Bool { isRelevant(grades[index]) }

  package func isRelevant(_ grade: Int?) -> Bool { grade.map { $0 >= relevanceLevel } ?? false }

  /// How many relevant items are among the first `cutoff`.
  package func relevantCount(first cutoff: Int) -> Int {
    grades.prefix(cutoff).count { isRelevant($0) }
  }

  /// The best list of at most `depth` items that the judgements allow.
  package func ideal(depth: Int) -> JudgedRanking {
    let best = Array(judged.prefix(depth))
    return JudgedRanking(
      best, scores: best.indices.map { -Double($0) }, like: self)
  }

  /// The list with equal scores in the worst and in the best order; `nil` if the order does not matter,
  /// because items with the same score have the same preference.
  ///
  /// - Parameter preference: of a grade; the higher the better.
  func tieOrders(by preference: (Int?) -> Int) -> (worst: JudgedRanking, best: JudgedRanking)? {
    var (worst, best) = (grades, grades)
    var isMixed = false
    var start = 0
    while start < count {
      var end = start + 1
      while end < count, scores[end] == scores[start] { end += 1 }
      let preferences = grades[start..<end].map(preference)
      if preferences.min() != preferences.max() {
        isMixed = true
        let rising = grades[start..<end].sorted { preference($0) < preference($1) }
        worst.replaceSubrange(start..<end, with: rising)
        best.replaceSubrange(start..<end, with: rising.reversed())
      }
      start = end
    }
    guard isMixed else { return nil }
    return (
      JudgedRanking(worst, scores: scores, like: self),
      JudgedRanking(best, scores: scores, like: self)
    )
  }

  /// Relevant items before others, the higher grade first; items not judged before those judged and
  /// not relevant, which only bpref tells apart.
  package func preference(_ grade: Int?) -> Int {
    guard let grade else { return 1 }
    return grade > 0 ? grade + 1 : 0
  }
}
