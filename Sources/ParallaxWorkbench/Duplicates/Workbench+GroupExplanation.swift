internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxSearch
internal import ParallaxStorage

extension Workbench {
  /// What holds one of some groups together, and what the other linkages would make of its members.
  ///
  /// - Parameter number: of the group, from 1 on.
  /// - Throws: `unsupported` where the groups would be others now; as ``groups(of:_:_:)``.
  @concurrent package func explanation(
    of number: Int, in found: ItemGroups, _ handler: @escaping EventHandler
  ) async throws -> GroupExplanation {
    try GroupExplainer(found: found, base: try await base(of: found, handler))
      .explanation(of: number)
  }
}

/// Its time grows with the links of a group, not with the square of its members.
struct GroupExplainer {
  let found: ItemGroups
  let base: GroupBase

  private var contents: GroupContents { base.contents }

  /// - Throws: `CancellationError`.
  func explanation(of number: Int) throws -> GroupExplanation {
    let group = found.groups[number - 1]
    var contentOfItem: [ItemID: Int] = [:]
    let ids = Set(group.members.map(\.item.id))
    for (content, places) in contents.members.enumerated() {
      for place in places where ids.contains(contents.items[place].id) {
        contentOfItem[contents.items[place].id] = content
      }
    }
    let own = Set(contentOfItem.values)
    let links = base.links.filter { own.contains($0.left) && own.contains($0.right) }
    let scores = try Scores(own.sorted(), links, base)
    let divisions = try self.divisions(of: own)
    let similarity: ((Int, Int) -> Double)? =
      scores.isWhole ? { scores.score(of: $0, $1) } : nil
    let facts =
      own.count > 1 ? GroupFacts(of: own.sorted(), links: links, similarity: similarity) : nil
    let representative = facts?.representative ?? own.first ?? 0
    // Of two, the one pair that links is no news.
    let bridges = own.count > 2 ? facts?.bridges ?? [] : []
    let members = try group.order.map { place -> GroupExplanation.Member in
      try Task.checkCancellation()
      let member = group.members[place]
      let content = contentOfItem[member.item.id] ?? 0
      var groups: [Linkage: Int] = [:]
      for division in divisions { groups[division.linkage] = division.numbers[content] }
      return GroupExplanation.Member(
        member: member, isAnchor: place == group.anchor,
        isRepresentative: contents.item(of: representative).id == member.item.id,
        nearest: other(scores.nearest(to: content)),
        farthest: other(scores.farthest(from: content)),
        groups: groups)
    }
    return GroupExplanation(
      number: number, group: group, members: members,
      representative: contents.item(of: representative).id,
      least: links.max(by: SimilarPair.isBefore).map(pair), farthest: scores.leastPair.map(pair),
      bridges: try bridges.prefix(GroupExplanation.mostBridges).map { try told($0, links) },
      bridgeCount: bridges.count, joined: sets(base.verdicts.judged, in: own),
      twins: sets(base.verdicts.twins, in: own), divisions: divisions.map(\.division))
  }

  /// The items of sets that have members in the group.
  private func sets(_ sets: [[Int]], in own: Set<Int>) -> [[ItemID]] {
    sets.filter { $0.contains(where: own.contains) }.map { $0.map { contents.item(of: $0).id } }
  }

  private func other(
    _ found: (content: Int, score: Double)?
  ) -> GroupExplanation.Member.Other? {
    found.map {
      GroupExplanation.Member.Other(id: contents.item(of: $0.content).id, score: $0.score)
    }
  }

  private func pair(_ pair: SimilarPair) -> ItemGroups.ItemIDPair {
    .init(
      left: contents.item(of: pair.left).id, right: contents.item(of: pair.right).id,
      score: pair.score)
  }

  /// A pair whose loss parts the group, with the smaller side.
  private func told(
    _ bridge: SimilarPair, _ links: [SimilarPair]
  ) throws -> GroupExplanation.Bridge {
    try Task.checkCancellation()
    let rest = Reach(links.filter { $0.key != bridge.key })
    let sides = [rest.contents(from: bridge.left), rest.contents(from: bridge.right)]
      .map { $0.flatMap { contents.members[$0] }.sorted().map { contents.items[$0].id } }
    return GroupExplanation.Bridge(
      pair: pair(bridge), side: sides[0].count <= sides[1].count ? sides[0] : sides[1])
  }

  /// What each linkage makes of the members: with all that they are connected with, since what is not does
  /// not count.
  private func divisions(
    of own: Set<Int>
  ) throws -> [(linkage: Linkage, numbers: [Int: Int], division: GroupExplanation.Division)] {
    let reach = Reach(base.links)
    let connected = own.reduce(into: Set<Int>()) { known, content in
      if !known.contains(content) { known.formUnion(reach.contents(from: content)) }
    }
    let links = base.links.filter { connected.contains($0.left) }
    return try Linkage.allCases.map { linkage in
      try Task.checkCancellation()
      let groups = base.groups(of: links, linkage, at: found.request.basis.threshold)
        .map { (all: $0, inside: $0.filter(own.contains)) }.filter { !$0.inside.isEmpty }
      var numbers: [Int: Int] = [:]
      for (number, group) in groups.enumerated() {
        for content in group.inside { numbers[content] = number + 1 }
      }
      // Copies are together whatever the linkage.
      let copies = own.filter { numbers[$0] == nil && contents.members[$0].count > 1 }.sorted()
      for (place, content) in copies.enumerated() {
        numbers[content] = groups.count + 1 + place
      }
      let sizes =
        groups.map {
          (
            inside: contents.itemCount(of: $0.inside),
            outside: contents.itemCount(of: $0.all) - contents.itemCount(of: $0.inside)
          )
        }
        + copies.map { (inside: contents.itemCount(of: [$0]), outside: 0) }
      return (
        linkage, numbers,
        .init(
          linkage: linkage, groups: sizes,
          alone: own.count { numbers[$0] == nil })
      )
    }
  }
}

/// What is connected with what.
private struct Reach {
  private var near: [Int: [Int]] = [:]

  init(_ links: [SimilarPair]) {
    for link in links {
      near[link.left, default: []].append(link.right)
      near[link.right, default: []].append(link.left)
    }
  }

  func contents(from start: Int) -> Set<Int> {
    var (known, open): (Set, [Int]) = ([start], [start])
    while let content = open.popLast() {
      for next in near[content] ?? [] where known.insert(next).inserted { open.append(next) }
    }
    return known
  }
}

/// The similarities between the contents of a group.
private struct Scores {
  private let known: [ItemPair: Double]
  private var others: [Int: [(content: Int, score: Double)]] = [:]
  /// Whether all pairs are known, not only those that link.
  let isWhole: Bool

  /// - Parameters:
  ///   - group: ascending.
  ///   - links: within it.
  /// - Throws: `CancellationError`.
  init(_ group: [Int], _ links: [SimilarPair], _ base: GroupBase) throws {
    isWhole = base.canCompare(group)
    var known = Dictionary(
      links.map { ($0.key, $0.score) }, uniquingKeysWith: { first, _ in first })
    if isWhole {
      for (place, left) in group.enumerated() {
        try Task.checkCancellation()
        for right in group[(place + 1)...] where known[ItemPair(left, right)] == nil {
          known[ItemPair(left, right)] = base.similarity(left, right)
        }
      }
    }
    for (pair, score) in known {
      others[pair.left, default: []].append((pair.right, score))
      others[pair.right, default: []].append((pair.left, score))
    }
    self.known = known
  }

  func score(of left: Int, _ right: Int) -> Double { known[ItemPair(left, right)] ?? 0 }

  /// Of equal ones the lowest.
  func nearest(to content: Int) -> (content: Int, score: Double)? {
    others[content]?.max {
      $0.score < $1.score || $0.score == $1.score && $0.content > $1.content
    }
  }

  /// Of equal ones the lowest; `nil` unless all pairs are known.
  func farthest(from content: Int) -> (content: Int, score: Double)? {
    guard isWhole else { return nil }
    return others[content]?.min {
      $0.score < $1.score || $0.score == $1.score && $0.content < $1.content
    }
  }

  var leastPair: SimilarPair? {
    guard isWhole else { return nil }
    return known.map { SimilarPair($0.key.left, $0.key.right, score: $0.value) }
      .max(by: SimilarPair.isBefore)
  }
}
