package import ParallaxCore
internal import ParallaxEvaluation

/// The lists that two systems give to one question, item by item.
package struct SideBySide: Sendable, Hashable {
  /// What became of an item between the first system and the second.
  package enum Change: String, Sendable, Hashable {
    case entered, left, up, down, kept
  }

  package struct Place: Sendable, Hashable {
    /// From 1, by score, without what does not count.
    package var rank: Int
    package var score: Double
  }

  package struct Entry: Sendable, Hashable {
    package var id: ItemID
    /// `nil` where it is not in a list.
    package var first: Place?
    package var second: Place?
    /// `nil` for an item that is not judged.
    package var grade: Int?
    package var change: Change
  }

  package var question: String
  /// What is asked; `nil` where that is not known.
  package var text: String?
  /// Items among the first of either list: those of the second in its order, then those that left.
  package var entries: [Entry]
  /// How many relevant items there are.
  package var relevantCount: Int
  /// Relevant items that neither list has.
  package var missing: [ItemID]
}

extension Evaluation {
  /// The first items of two systems' lists for a question; the same system twice for one alone.
  ///
  /// - Parameters:
  ///   - question: its id.
  ///   - systems: places.
  ///   - depth: items beyond it do not enter, and are shown where they are in the other list.
  /// - Throws: `unknown-name` for a question that is not judged and answered.
  package func sideBySide(
    _ question: String, _ systems: (Int, Int), depth: Int
  ) throws -> SideBySide {
    guard let place = questions.firstIndex(of: question) else {
      let isDropped = judgements.grades[question] != nil
      throw ParallaxError(
        .unknownName,
        isDropped
          ? "the question '\(question)' has no relevant item and was left out"
          : "there are no judgements of a question '\(question)'",
        hint: Suggestion.hint(for: question, among: questions)
          ?? questions.first.map { "such as '\($0)'" })
    }
    let grades = judgements.grades[question] ?? [:]
    let leftOut = own[question] ?? []
    func grade(_ id: ItemID) -> Int? {
      guard let grade = grades[id] else { return judgements.itemCount.map { _ in 0 } }
      return grade < 0 ? nil : grade
    }
    let lists = [systems.0, systems.1].map { system in
      (self.systems[system].run.run.lists[question] ?? []).filter { !leftOut.contains($0.id) }
    }
    let places = lists.map { list in
      Dictionary(
        uniqueKeysWithValues: list.enumerated().map {
          ($1.id, SideBySide.Place(rank: $0 + 1, score: $1.score))
        })
    }
    let head = lists[1].prefix(depth).map(\.id)
    let shown = Set(head)
    let ids = head + lists[0].prefix(depth).map(\.id).filter { !shown.contains($0) }
    let entries = ids.map { id in
      let (first, second) = (places[0][id], places[1][id])
      return SideBySide.Entry(
        id: id, first: first, second: second, grade: grade(id),
        change: Self.change(first?.rank, second?.rank, depth))
    }
    let relevant = grades.filter { $0.value >= relevanceLevel && !leftOut.contains($0.key) }.keys
    return SideBySide(
      question: question, text: texts[place], entries: entries, relevantCount: relevant.count,
      missing: relevant.filter { places[0][$0] == nil && places[1][$0] == nil }.sorted())
  }

  private static func change(_ old: Int?, _ new: Int?, _ depth: Int) -> SideBySide.Change {
    let (before, after) = (old ?? .max, new ?? .max)
    if after > depth { return .left }
    if before > depth { return .entered }
    return after == before ? .kept : after < before ? .up : .down
  }
}
