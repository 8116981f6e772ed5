package import ParallaxCore

/// How relevant items are to questions, by people or by a rule.
///
/// A grade of at least the relevance level, by default 1, is relevant; 0 is judged and not relevant. A
/// grade below 0 says that the item was selected for judging but not judged. An item without a grade is
/// not judged.
package struct Judgements: Sendable, Hashable {
  /// Grades that files may hold; those of trec_eval lie within.
  package static let grades = -1_000...1_000

  package private(set) var grades: [String: [ItemID: Int]]

  package init(_ grades: [String: [ItemID: Int]]) { self.grades = grades }

  /// In byte order.
  package var questions: [String] { grades.keys.inByteOrder }

  /// How many items have a grade, over all questions.
  package var count: Int { grades.values.reduce(0) { $0 + $1.count } }

  /// Takes items out of the judgements of some questions, such as the item that is the question. A
  /// question stays judged when nothing is left of it.
  ///
  /// - Returns: how many there were.
  package mutating func remove(_ items: [String: Set<ItemID>]) -> Int {
    var removed = 0
    for (question, items) in items {
      for item in items where grades[question]?.removeValue(forKey: item) != nil { removed += 1 }
    }
    return removed
  }
}
