package import ParallaxCore

/// The grades that the items of a question have: a number for some items, or one bit for every item of
/// a collection that a rule judged.
package struct ItemGrades: Sendable {
  private enum Form: Sendable {
    case given([ItemID: Int])
    /// Items in the set have grade 1, the others none.
    case relevant(RowSet, JudgedItems)
  }

  private let form: Form

  package init(_ grades: [ItemID: Int]) { form = .given(grades) }

  /// - Parameter rows: of `items`, those that are relevant.
  package init(relevant rows: RowSet, among items: JudgedItems) { form = .relevant(rows, items) }

  /// `nil` for an item without a grade.
  package subscript(item: ItemID) -> Int? {
    switch form {
    case .given(let grades): grades[item]
    case .relevant(let rows, let items): items.row(of: item).flatMap { rows.contains($0) ? 1 : nil }
    }
  }

  /// Whether an item may be one of those that were judged.
  func mayHold(_ item: ItemID) -> Bool {
    switch form {
    case .given: true
    case .relevant(_, let items): items.row(of: item) != nil
    }
  }

  package var count: Int {
    switch form {
    case .given(let grades): grades.count
    case .relevant(let rows, _): rows.count
    }
  }

  package var isEmpty: Bool { count == 0 }

  /// The items that have a grade, in no order.
  package var keys: [ItemID] {
    switch form {
    case .given(let grades): Array(grades.keys)
    case .relevant(let rows, let items): items.ids(of: rows)
    }
  }

  /// One entry for each item that has a grade.
  package var all: [ItemID: Int] {
    switch form {
    case .given(let grades): grades
    case .relevant(let rows, let items):
      Dictionary(uniqueKeysWithValues: items.ids(of: rows).map { ($0, 1) })
    }
  }

  /// How many items have each grade from 0.
  var counts: GradeCounts {
    switch form {
    case .given(let grades): GradeCounts(grades.values.lazy.filter { $0 >= 0 })
    case .relevant(let rows, _):
      GradeCounts(CollectionOfOne(1), each: rows.count)
    }
  }
}

extension ItemGrades: Hashable {
  package static func == (left: Self, right: Self) -> Bool {
    switch (left.form, right.form) {
    case (.relevant(let rows, let items), .relevant(let others, let otherItems))
    where items === otherItems:
      rows == others
    default: left.count == right.count && left.all == right.all
    }
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(count) }
}

extension ItemGrades: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (ItemID, Int)...) {
    self.init(Dictionary(uniqueKeysWithValues: elements))
  }
}

/// All items that a rule judged, with their rows; shared by all questions.
package final class JudgedItems: Sendable {
  private let ids: [ItemID]
  private let rows: [ItemID: Int]

  /// - Parameter ids: no id twice.
  package init(_ ids: [ItemID]) {
    self.ids = ids
    rows = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0) })
  }

  package var count: Int { ids.count }

  func row(of id: ItemID) -> Int? { rows[id] }

  func ids(of rows: RowSet) -> [ItemID] {
    ids.indices.lazy.filter { rows.contains($0) }.map { ids[$0] }
  }
}
