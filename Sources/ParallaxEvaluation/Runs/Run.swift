package import ParallaxCore

/// The answers of a system: ranked items for each question.
///
/// Lists are sorted as trec_eval sorts them: by falling score, equal scores by falling id. An empty list
/// is an answer, too.
package struct Run: Sendable, Hashable {
  package private(set) var lists: [String: [RankedItem]]

  /// - Throws: `invalid-value` for a score that is not finite, and an item listed twice for a question.
  package init(_ lists: [String: [RankedItem]]) throws {
    for question in lists.keys.inByteOrder {
      var known: Set<ItemID> = []
      for item in lists[question] ?? [] {
        guard item.score.isFinite else {
          throw ParallaxError(
            .invalidValue,
            "a score is a finite number; '\(item.id)' has \(item.score) for question '\(question)'")
        }
        guard known.insert(item.id).inserted else {
          throw ParallaxError(
            .invalidValue, "'\(item.id)' is listed twice for question '\(question)'")
        }
      }
    }
    self.init(checked: lists)
  }

  /// - Parameter lists: of finite scores, without an item twice.
  package init(checked lists: [String: [RankedItem]]) {
    self.lists = lists.mapValues { $0.sorted(by: RankedItem.precedes) }
  }

  /// In byte order.
  package var questions: [String] { lists.keys.inByteOrder }

  /// The length of the longest list.
  package var depth: Int { lists.values.map(\.count).max() ?? 0 }

  /// Takes items out of the lists of some questions, such as the item that is the question.
  ///
  /// - Returns: how many there were.
  package mutating func remove(_ items: [String: Set<ItemID>]) -> Int {
    var removed = 0
    for (question, items) in items {
      guard let list = lists[question] else { continue }
      let kept = list.filter { !items.contains($0.id) }
      removed += list.count - kept.count
      lists[question] = kept
    }
    return removed
  }
}

extension Sequence<String> {
  /// Sorted by UTF-8 bytes, as item ids are, so that an order is the same everywhere.
  package var inByteOrder: [String] {
    sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
