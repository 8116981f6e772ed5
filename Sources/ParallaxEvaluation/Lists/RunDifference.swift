package import ParallaxCore

/// How alike the answers of two systems to the same questions are.
package struct RunDifference: Sendable, Hashable {
  /// Of one question.
  package struct Lists: Sendable, Hashable {
    package var question: String
    /// Of the first ``RunDifference/top`` items.
    package var overlap: ListOverlap
    /// Over the whole lists; `nil` when one is empty.
    package var rankBiased: RankBiasedOverlap?
    /// Of the items that both whole lists have, with the order of the first system as the right one;
    /// `nil` below two.
    package var correlation: ListCorrelation?
  }

  /// In how many lists an item is among the first ``RunDifference/top``.
  package struct Presence: Sendable, Hashable {
    package var item: ItemID
    package var first: Int
    package var second: Int

    package var change: Int { second - first }
  }

  package let top: Int
  /// The questions that both systems answer, and at least one with an item; in byte order.
  package let lists: [Lists]
  /// Questions that one system alone answers, in byte order.
  package let onlyInFirst: [String]
  package let onlyInSecond: [String]
  /// Questions that both answer without any item.
  package let withoutItems: [String]
  /// Every item among the first ``top`` of some list; those that most lists gained or lost come first, and
  /// then in the order of ids.
  package let items: [Presence]

  /// - Parameters:
  ///   - first: the system that is there.
  ///   - second: the one that may take its place.
  ///   - top: from 1.
  package init(_ first: Run, _ second: Run, top: Int) {
    self.top = top
    onlyInFirst = first.questions.filter { second.lists[$0] == nil }
    onlyInSecond = second.questions.filter { first.lists[$0] == nil }
    var (lists, withoutItems): ([Lists], [String]) = ([], [])
    var presence: [ItemID: (first: Int, second: Int)] = [:]
    for question in first.questions {
      guard let others = second.lists[question] else { continue }
      let (left, right) = ((first.lists[question] ?? []).map(\.id), others.map(\.id))
      guard let overlap = ListOverlap(left, right, depth: top) else {
        withoutItems.append(question)
        continue
      }
      lists.append(
        Lists(
          question: question, overlap: overlap, rankBiased: RankBiasedOverlap(left, right),
          correlation: ListCorrelation(right, reference: left)))
      for id in left.prefix(top) { presence[id, default: (0, 0)].first += 1 }
      for id in right.prefix(top) { presence[id, default: (0, 0)].second += 1 }
    }
    self.lists = lists
    self.withoutItems = withoutItems
    items = presence.map { Presence(item: $0.key, first: $0.value.first, second: $0.value.second) }
      .sorted {
        abs($0.change) != abs($1.change)
          ? abs($0.change) > abs($1.change) : $0.item < $1.item
      }
  }
}
