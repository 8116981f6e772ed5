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
  /// The share of its own neighbours in the first space that an item has in the second; empty where
  /// that was not looked at.
  package var neighboursKept: [ItemID: Double] = [:]

  /// - Parameters:
  ///   - lists: of the first and of the second system, without what does not count.
  ///   - grade: of an item; `nil` for one that is not judged.
  ///   - relevant: all items that are.
  ///   - depth: items beyond it do not enter, and are shown where they are in the other list.
  init(
    of question: String, text: String?, _ lists: [[RankedItem]], grade: (ItemID) -> Int?,
    relevant: [ItemID], depth: Int
  ) {
    let places = lists.map { list in
      Dictionary(
        uniqueKeysWithValues: list.enumerated().map {
          ($1.id, Place(rank: $0 + 1, score: $1.score))
        })
    }
    let head = lists[1].prefix(depth).map(\.id)
    let shown = Set(head)
    let ids = head + lists[0].prefix(depth).map(\.id).filter { !shown.contains($0) }
    self.question = question
    self.text = text
    entries = ids.map { id in
      let (first, second) = (places[0][id], places[1][id])
      return Entry(
        id: id, first: first, second: second, grade: grade(id),
        change: Self.change(first?.rank, second?.rank, depth))
    }
    relevantCount = relevant.count
    missing = relevant.filter { places[0][$0] == nil && places[1][$0] == nil }.sorted()
  }

  private static func change(_ old: Int?, _ new: Int?, _ depth: Int) -> Change {
    let (before, after) = (old ?? .max, new ?? .max)
    if after > depth { return .left }
    if before > depth { return .entered }
    return after == before ? .kept : after < before ? .up : .down
  }
}

extension Judgements {
  /// The grade of an item; `nil` when it is not judged.
  fileprivate func grade(of item: ItemID, in question: String) -> Int? {
    guard let grade = grades[question]?[item] else { return itemCount.map { _ in 0 } }
    return grade < 0 ? nil : grade
  }

  fileprivate func relevant(
    in question: String, level: Int, without leftOut: Set<ItemID>
  ) -> [ItemID] {
    (grades[question]?.all ?? [:]).filter { $0.value >= level && !leftOut.contains($0.key) }.map(
      \.key)
  }
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
    let leftOut = own[question] ?? []
    let lists = [systems.0, systems.1].map { system in
      (self.systems[system].run.run.lists[question] ?? []).filter { !leftOut.contains($0.id) }
    }
    return SideBySide(
      of: question, text: texts[place], lists,
      grade: { judgements.grade(of: $0, in: question) },
      relevant: judgements.relevant(in: question, level: relevanceLevel, without: leftOut),
      depth: depth)
  }
}

extension SystemDifference {
  /// The first items of both systems' lists for a question.
  ///
  /// - Parameter depth: as ``Evaluation/sideBySide(_:_:depth:)``.
  /// - Throws: `unknown-name` for a question that is not answered by both.
  package func sideBySide(_ question: String, depth: Int) throws -> SideBySide {
    guard let left = first.run.lists[question], let right = second.run.lists[question] else {
      let known = lists.lists.map(\.question)
      throw ParallaxError(
        .unknownName, "no question '\(question)' is answered by both",
        hint: Suggestion.hint(for: question, among: known) ?? known.first.map { "such as '\($0)'" }
      )
    }
    let leftOut = own[question] ?? []
    let asked = (first.questions ?? second.questions)?.questions.first { $0.id == question }
    return SideBySide(
      of: question, text: asked?.text,
      [left, right].map { $0.filter { !leftOut.contains($0.id) } },
      grade: { evaluation?.judgements.grade(of: $0, in: question) },
      relevant: evaluation.map {
        $0.judgements.relevant(in: question, level: $0.relevanceLevel, without: leftOut)
      } ?? [], depth: depth)
  }
}
