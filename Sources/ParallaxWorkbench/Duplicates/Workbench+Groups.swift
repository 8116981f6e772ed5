internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxSearch
package import ParallaxStorage

extension Workbench {
  /// Groups of similar items of a space, from its pairs and from what people said of some.
  ///
  /// Pairs link where all that is asked for holds: the cosine, the hashes, the normalised score.
  ///
  /// - Throws: as ``pairs(of:minimumScore:throughIndex:_:)``; `unknown-field` and `type-mismatch` for an order that
  ///   does not suit the collection; `unsupported` for hashes of a space of texts; as ``fingerprints(of:_:)``.
  @concurrent package func groups(
    of space: Space, _ request: GroupRequest, _ handler: @escaping EventHandler
  ) async throws -> SpaceGroups {
    try await grouped(space, request, handler).found
  }

  /// What some groups were made from, found again: from pairs that are kept, as a rule.
  ///
  /// Results hold no pairs, of which there may be millions.
  ///
  /// - Throws: `unsupported` where the groups would be others now; as ``groups(of:_:_:)``.
  func base(
    of found: SpaceGroups, _ handler: @escaping EventHandler
  ) async throws -> GroupBase {
    let (again, base) = try await grouped(found.space, found.request) { event in
      if case .progress = event { handler(event) }
    }
    guard again.groups == found.groups else {
      throw ParallaxError(
        .unsupported, "'\(found.space.reference)' has changed since the groups were made",
        hint: "make them again")
    }
    return base
  }

  private func grouped(
    _ space: Space, _ request: GroupRequest, _ handler: @escaping EventHandler
  ) async throws -> (found: SpaceGroups, base: GroupBase) {
    let keep = try request.keep.map { try KeepOrder($0, in: space.collection, of: workspace) }
    let pairs = try await self.pairs(
      of: space, minimumScore: request.minimumScore, throughIndex: request.throughIndex, handler)
    let loaded = try await spaces.loading(space, progress: { handler(.progress($0)) }).loaded
    let items = try workspace.items(in: space.collection).sorted { $0.id < $1.id }
    let contents = GroupContents(items, pairs.ids)
    var links = contents.links(pairs.pairs)
    var signals = GroupSignals()
    if let bits = request.hashBits {
      signals.hashes = try await hashes(of: contents, in: space, handler)
      links.removeAll { signals.hashDistance($0.left, $0.right).map { $0 > bits } ?? true }
    }
    if let normalization = request.normalization {
      signals.usual = try await usualScores(
        of: links, contents, in: loaded, normalization, below: request.minimumScore, handler)
      if let least = normalization.minimum {
        links.removeAll {
          signals.normalized($0.score, $0.left, $0.right).map { $0 < least } ?? true
        }
      }
    }
    let base = GroupBase(
      request: request, contents: contents,
      verdicts: GroupVerdicts(
        try workspace.verdicts(in: space.collection),
        contents.members.indices.map(contents.item)), links: links, signals: signals,
      cosines: RowCosines(loaded.matrix))
    let groups = base.groups(at: request.minimumScore)
    let owners = GroupLinks(base.links, groups)
    let maker = GroupMaker(base: base, keep: keep)
    var made: [SpaceGroups.Group] = []
    for (number, group) in groups.enumerated() {
      try Task.checkCancellation()
      made.append(maker.group(group, owners.links(of: number)))
    }
    made.sort { one, other in
      one.members.count != other.members.count
        ? one.members.count > other.members.count
        : one.members[0].item.id < other.members[0].item.id
    }
    let found = SpaceGroups(
      space: space, request: request, groups: made, verdicts: base.verdicts,
      itemCount: pairs.itemCount,
      withoutVector: pairs.withoutVector, withoutDirection: pairs.withoutDirection,
      recall: pairs.recall)
    return (found, base)
  }
}

/// What groups are made from.
struct GroupBase: Sendable {
  let request: GroupRequest
  let contents: GroupContents
  let verdicts: GroupVerdicts
  /// Pairs of contents that link, by their scores or by a verdict.
  let links: [SimilarPair]
  let signals: GroupSignals
  private let cosines: RowCosines

  init(
    request: GroupRequest, contents: GroupContents, verdicts: GroupVerdicts, links: [SimilarPair],
    signals: GroupSignals, cosines: RowCosines
  ) {
    self.request = request
    self.contents = contents
    self.verdicts = verdicts
    self.signals = signals
    self.cosines = cosines
    self.links = verdicts.links(links) { contents.cosine($0, $1, cosines) }
  }

  /// Groups of contents at a threshold no lower than that of the links, those of copies last.
  func groups(at threshold: Double) -> [[Int]] {
    var groups = self.groups(of: links, request.linkage, at: threshold)
    let grouped = Set(groups.joined())
    groups += contents.members.indices.filter {
      contents.members[$0].count > 1 && !grouped.contains($0)
    }.map { [$0] }
    return groups.filter { contents.itemCount(of: $0) >= request.minimumSize }
  }

  /// Groups of two contents and more that a linkage makes of some of the links, as verdicts allow.
  func groups(of links: [SimilarPair], _ linkage: Linkage, at threshold: Double) -> [[Int]] {
    linkage.groups(
      of: links, threshold: threshold, distinct: verdicts.pairs.distinct,
      joined: verdicts.pairs.joined)
  }

  /// The cosine of two contents; `nil` where one has no vector.
  func cosine(_ left: Int, _ right: Int) -> Double? { contents.cosine(left, right, cosines) }

  /// Whether all of a group can be compared with all of it, and is not too large for that.
  func canCompare(_ group: [Int]) -> Bool {
    group.count <= Self.mostCompared && group.allSatisfy { contents.rows[$0] != nil }
  }

  /// Members beyond which a group is not compared with all of itself.
  private static let mostCompared = 1_000
}

/// Makes groups of items from groups of contents.
struct GroupMaker {
  let base: GroupBase
  /// `nil` where none goes.
  let keep: KeepOrder?

  /// - Parameter links: within the group.
  func group(_ group: [Int], _ links: [SimilarPair]) -> SpaceGroups.Group {
    let (contents, signals) = (base.contents, base.signals)
    let (items, members) = (contents.items, contents.members)
    let all = group.flatMap { content in
      members[content].map { (place: $0, content: content) }
    }.sorted { $0.place < $1.place }
    let similarity: ((Int, Int) -> Double)? =
      base.canCompare(group) ? { base.cosine($0, $1) ?? 0 } : nil
    let facts =
      group.count > 1 ? GroupFacts(of: group, links: links, similarity: similarity) : nil
    let representative = members[facts?.representative ?? group[0]][0]
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
        let content = member.content
        var made = SpaceGroups.Member(
          item: items[member.place], isCopy: members[content].count > 1)
        if content != centre {
          made.score = known[content] ?? base.cosine(centre, content)
          made.normalized = made.score.flatMap { signals.normalized($0, centre, content) }
          made.hashDistance = signals.hashDistance(centre, content)
        }
        return made
      },
      anchor: anchor, minimum: facts?.minimum, diameter: facts?.diameter,
      bridges: facts?.bridges.map {
        SpaceGroups.ItemIDPair(
          left: contents.item(of: $0.left).id, right: contents.item(of: $0.right).id,
          score: $0.score)
      } ?? [])
  }
}
