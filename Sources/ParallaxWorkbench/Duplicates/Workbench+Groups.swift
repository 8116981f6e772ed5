internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxSearch
package import ParallaxStorage

extension Workbench {
  /// Groups of similar items of a space, from its pairs and from what people said of some.
  ///
  /// - Throws: as ``pairs(of:minimumScore:_:)``.
  @concurrent package func groups(
    of space: Space, _ request: GroupRequest, _ handler: @escaping EventHandler
  ) async throws -> SpaceGroups {
    let pairs = try await self.pairs(of: space, minimumScore: request.minimumScore, handler)
    let loaded = try await spaces.loading(space, progress: { handler(.progress($0)) }).loaded
    let items = try workspace.items(in: space.collection).sorted { $0.id < $1.id }
    let contents = Contents(items, pairs.ids)
    let cosines = RowCosines(loaded.matrix)
    let verdicts = GroupVerdicts(
      try workspace.verdicts(in: space.collection), contents.members.indices.map(contents.item))
    let links = verdicts.links(contents.links(pairs.pairs)) {
      contents.cosine($0, $1, cosines)
    }
    var groups = request.linkage.groups(
      of: links, threshold: request.minimumScore, distinct: verdicts.pairs.distinct,
      joined: verdicts.pairs.joined)
    let grouped = Set(groups.joined())
    groups += contents.members.indices.filter {
      contents.members[$0].count > 1 && !grouped.contains($0)
    }.map { [$0] }
    let owners = GroupLinks(links, groups)
    let made = try groups.enumerated().compactMap { number, group -> SpaceGroups.Group? in
      try Task.checkCancellation()
      guard group.reduce(0, { $0 + contents.members[$1].count }) >= request.minimumSize else {
        return nil
      }
      return contents.group(
        group, owners.links(of: number), cosines, keep: request.keep)
    }.sorted { one, other in
      one.members.count != other.members.count
        ? one.members.count > other.members.count
        : one.members[0].item.id < other.members[0].item.id
    }
    return SpaceGroups(pairs: pairs, request: request, groups: made, verdicts: verdicts)
  }
}

/// The links within each group.
private struct GroupLinks {
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

/// The contents of a collection, in the order of the first items that have them.
private struct Contents {
  private let items: [ItemRecord]
  /// Of each content, the places of its items.
  private(set) var members: [[Int]] = []
  /// Of each content, the row that stands for it.
  private var rows: [Int?] = []
  private var contentOfRow: [Int: Int] = [:]

  /// Members beyond which a group is not compared with all of itself.
  private static let mostCompared = 1_000

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

  /// Pairs of contents, by the rows that stand for them.
  func links(_ pairs: [RowPair]) -> [SimilarPair] {
    pairs.compactMap { pair in
      guard let left = contentOfRow[Int(pair.left)], let right = contentOfRow[Int(pair.right)]
      else { return nil }
      return SimilarPair(left, right, score: Double(pair.score))
    }
  }

  /// The first item that has a content.
  func item(of content: Int) -> ItemRecord { items[members[content][0]] }

  /// The cosine of two contents; `nil` where one has no vector.
  func cosine(_ left: Int, _ right: Int, _ cosines: RowCosines) -> Double? {
    guard let left = rows[left], let right = rows[right] else { return nil }
    return Double(cosines.cosine(left, right) ?? 0)
  }

  func group(
    _ contents: [Int], _ links: [SimilarPair], _ cosines: RowCosines, keep: KeepPolicy?
  ) -> SpaceGroups.Group {
    let canCompare =
      contents.count <= Self.mostCompared && contents.allSatisfy { rows[$0] != nil }
    let all = contents.flatMap { content in
      members[content].map { (place: $0, content: content) }
    }.sorted { $0.place < $1.place }
    let facts =
      contents.count > 1
      ? GroupFacts(
        of: contents, links: links,
        similarity: canCompare ? { cosine($0, $1, cosines) ?? 0 } : nil) : nil
    let representative = members[facts?.representative ?? contents[0]][0]
    let anchor =
      keep.flatMap { keep in
        all.indices.min { keep.prefers(items[all[$0].place], to: items[all[$1].place]) }
      } ?? all.firstIndex { $0.place == representative } ?? 0
    let centre = all[anchor].content
    let known = Dictionary(
      uniqueKeysWithValues: links.filter { $0.left == centre || $0.right == centre }.map {
        ($0.left == centre ? $0.right : $0.left, $0.score)
      })
    return SpaceGroups.Group(
      members: all.map { member in
        SpaceGroups.Member(
          item: items[member.place],
          score: member.content == centre
            ? nil : known[member.content] ?? cosine(centre, member.content, cosines),
          isCopy: members[member.content].count > 1)
      },
      anchor: anchor, minimum: facts?.minimum, diameter: facts?.diameter,
      bridges: facts?.bridges.map {
        SpaceGroups.ItemIDPair(
          left: items[members[$0.left][0]].id, right: items[members[$0.right][0]].id,
          score: $0.score)
      } ?? [])
  }
}
