internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxSearch
internal import ParallaxStorage

/// The contents of a collection, in the order of the first items that have them: items whose files have the
/// same bytes are one thing.
struct GroupContents: Sendable {
  /// Ascending by id.
  let items: [ItemRecord]
  /// Of each content, the places of its items.
  private(set) var members: [[Int]] = []
  /// Of each content, the row that stands for it.
  private(set) var rows: [Int?] = []
  private var contentOfRow: [Int: Int] = [:]

  /// - Parameters:
  ///   - items: ascending by id.
  ///   - ids: of the rows, ascending.
  init(_ items: [ItemRecord], _ ids: [ItemID]) {
    self.items = items
    var numbers: [ContentHash: Int] = [:]
    var row = 0
    for (place, item) in items.enumerated() {
      let number = numbers[item.hash] ?? members.count
      if number == members.count {
        numbers[item.hash] = number
        members.append([])
        rows.append(nil)
      }
      members[number].append(place)
      while row < ids.count, ids[row] < item.id { row += 1 }
      if row < ids.count, ids[row] == item.id, rows[number] == nil {
        rows[number] = row
        contentOfRow[row] = number
      }
    }
  }

  /// The first item that has a content.
  func item(of content: Int) -> ItemRecord { items[members[content][0]] }

  /// Pairs of contents, by the rows that stand for them.
  func links(_ pairs: [RowPair]) -> [SimilarPair] {
    pairs.compactMap { pair in
      guard let left = contentOfRow[Int(pair.left)], let right = contentOfRow[Int(pair.right)]
      else { return nil }
      return SimilarPair(left, right, score: Double(pair.score))
    }
  }

  /// The cosine of two contents; `nil` where one has no vector.
  func cosine(_ left: Int, _ right: Int, _ cosines: RowCosines) -> Double? {
    guard let left = rows[left], let right = rows[right] else { return nil }
    return Double(cosines.cosine(left, right) ?? 0)
  }

  /// How many items have some contents.
  func itemCount(of contents: some Sequence<Int>) -> Int {
    contents.reduce(0) { $0 + members[$1].count }
  }
}

/// The links within each group.
struct GroupLinks {
  private var byGroup: [[SimilarPair]]

  init(_ links: [SimilarPair], _ groups: [[Int]]) {
    var owners: [Int: Int] = [:]
    for (number, group) in groups.enumerated() { for item in group { owners[item] = number } }
    byGroup = Array(repeating: [], count: groups.count)
    for link in links {
      guard let owner = owners[link.left], owner == owners[link.right] else { continue }
      byGroup[owner].append(link)
    }
  }

  func links(of group: Int) -> [SimilarPair] { byGroup[group] }
}
