package import ParallaxCore

/// A question with its judgements: what lists of any system are judged by.
package struct JudgedQuestion: Sendable, Hashable {
  package let id: String
  private let grades: ItemGrades
  /// Items that do not count, on either side.
  let leftOut: Set<ItemID>
  /// The grade of an item without one of its own; `nil` when it is not judged.
  private let standard: Int?
  /// The grades of all judged items.
  let judged: GradeCounts

  /// - Parameters:
  ///   - grades: those below 0 count as not judged.
  ///   - itemCount: as ``Judgements/itemCount``.
  init(
    _ id: String, grades: ItemGrades, leavingOut leftOut: Set<ItemID> = [], itemCount: Int? = nil
  ) {
    self.id = id
    self.grades = grades
    self.leftOut = leftOut
    standard = itemCount.map { _ in 0 }
    var judged = grades.counts
    if let itemCount { judged.add(0, count: itemCount - grades.count) }
    for item in leftOut {
      let grade = grades[item] ?? (grades.mayHold(item) ? standard : nil)
      guard let grade, grade >= 0 else { continue }
      judged.remove(grade)
    }
    self.judged = judged
  }

  /// `nil` for an item that is not judged.
  package func grade(of item: ItemID) -> Int? {
    guard let grade = grades[item] else { return standard }
    return grade < 0 ? nil : grade
  }

  /// How many items are relevant, found or not.
  package func relevantCount(level: Int) -> Int { judged.count(atLeast: level) }
}

/// The questions that count, with their judgements: the same for all systems that are compared.
///
/// A judged question without any relevant item counts, with 0, as in trec_eval.
package struct JudgedQuestions: Sendable, Hashable {
  /// In byte order of their ids.
  package let questions: [JudgedQuestion]
  /// All judged questions, those that do not count included.
  private let known: Set<String>
  /// Judged questions without a relevant item.
  package let withoutRelevant: [String]
  /// The least grade that is relevant.
  package let relevanceLevel: Int
  /// Judged items that are left out.
  package let leftOut: Int

  /// - Parameters:
  ///   - own: items that count on neither side, such as the item that is the question, by question.
  ///   - skipped: questions that do not count, whatever is known of them.
  ///   - relevanceLevel: from 1.
  ///   - dropsEmpty: whether questions without a relevant item are left out.
  package init(
    _ judgements: Judgements, leavingOut own: [String: Set<ItemID>] = [:],
    skipping skipped: Set<String> = [], relevanceLevel: Int = 1, dropsEmpty: Bool = false
  ) {
    let level = Swift.max(1, relevanceLevel)
    let all = judgements.questions.filter { !skipped.contains($0) }.map { question in
      JudgedQuestion(
        question, grades: judgements.grades[question] ?? [:], leavingOut: own[question] ?? [],
        itemCount: judgements.itemCount)
    }
    self.relevanceLevel = level
    known = Set(judgements.grades.keys)
    withoutRelevant = all.filter { $0.relevantCount(level: level) == 0 }.map(\.id)
    questions = dropsEmpty ? all.filter { $0.relevantCount(level: level) > 0 } : all
    leftOut = questions.reduce(0) { count, question in
      let grades = judgements.grades[question.id] ?? [:]
      return count + question.leftOut.count { grades[$0] != nil }
    }
  }

  /// Whether there are judgements for a question, if it counts or not.
  package func isJudged(_ question: String) -> Bool { known.contains(question) }
}
