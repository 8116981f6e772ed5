package import ParallaxCore

/// How relevant items are to questions, by people or by a rule.
///
/// A grade of at least the relevance level, by default 1, is relevant; 0 is judged and not relevant. A
/// grade below 0 says that the item was selected for judging but not judged. An item without a grade is
/// not judged.
package struct Judgements: Sendable, Hashable {
  /// Grades that files may hold; those of trec_eval lie within.
  package static let grades = -1_000...1_000

  package let grades: [String: ItemGrades]
  /// How many items there are, where a rule judged them all: an item without a grade is then judged and
  /// not relevant. `nil` where such an item is not judged.
  package let itemCount: Int?

  package init(_ grades: [String: [ItemID: Int]], ofAll itemCount: Int? = nil) {
    self.init(grades.mapValues { ItemGrades($0) }, ofAll: itemCount)
  }

  package init(_ grades: [String: ItemGrades], ofAll itemCount: Int? = nil) {
    self.grades = grades
    self.itemCount = itemCount
  }

  /// In byte order.
  package var questions: [String] { grades.keys.inByteOrder }

  /// How many items have a grade, over all questions.
  package var count: Int { grades.values.reduce(0) { $0 + $1.count } }
}
