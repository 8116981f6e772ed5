internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxSearch
package import ParallaxStorage

extension Workbench {
  /// Groups of similar items of a space, from its pairs and from what people said of some.
  ///
  /// - Throws: as ``groups(of:in:_:_:)``.
  @concurrent package func groups(
    of space: Space, _ request: GroupRequest, _ handler: @escaping EventHandler
  ) async throws -> ItemGroups {
    try await groups(of: space.collection, in: space, request, handler)
  }

  /// Groups of similar items of a collection, from pairs and from what people said of some.
  ///
  /// Pairs link where all that is asked for holds: the cosine, the hashes, the normalised score.
  ///
  /// - Parameter space: whose vectors are compared; `nil` for the usual one of the collection. It does not count where
  ///   pictures are compared.
  /// - Throws: as ``pairs(of:minimumScore:throughIndex:_:)``; `unknown-field` and `type-mismatch` for an order that
  ///   does not suit the collection; `unsupported` for hashes of a space of texts; `too-many-pairs`; as
  ///   ``fingerprints(of:only:_:)``.
  @concurrent package func groups(
    of collection: ItemCollection, in space: Space?, _ request: GroupRequest,
    _ handler: @escaping EventHandler
  ) async throws -> ItemGroups {
    try await grouped(collection, space, request, handler).found
  }

  /// What some groups were made from, found again: from what is kept, as a rule.
  ///
  /// Results hold no pairs, of which there may be millions.
  ///
  /// - Throws: `unsupported` where the groups would be others now; as ``groups(of:in:_:_:)``.
  func base(
    of found: ItemGroups, _ handler: @escaping EventHandler
  ) async throws -> GroupBase {
    let (again, base) = try await grouped(found.collection, found.space, found.request) { event in
      if case .progress = event { handler(event) }
    }
    guard again.groups == found.groups else {
      throw ParallaxError(
        .unsupported, "'\(found.reference)' has changed since the groups were made",
        hint: "make them again")
    }
    return base
  }

  private func grouped(
    _ collection: ItemCollection, _ space: Space?, _ request: GroupRequest,
    _ handler: @escaping EventHandler
  ) async throws -> (found: ItemGroups, base: GroupBase) {
    let keep = try request.keep.map { try KeepOrder($0, in: collection, of: workspace) }
    let material =
      if request.basis.isCosine {
        try await material(
          of: try space ?? self.space(SpaceReference(collection: collection.name)), request,
          handler)
      } else {
        try await material(of: collection, request, handler)
      }
    let contents = material.contents
    let base = GroupBase(
      request: request, material: material,
      verdicts: GroupVerdicts(
        try workspace.verdicts(in: collection), contents.members.indices.map(contents.item),
        twins: material.signals.twins))
    let groups = base.groups(at: request.basis.threshold)
    let owners = GroupLinks(base.links, groups)
    let maker = GroupMaker(base: base, keep: keep)
    var made: [ItemGroups.Group] = []
    for (number, group) in groups.enumerated() {
      try Task.checkCancellation()
      made.append(maker.group(group, owners.links(of: number)))
    }
    made.sort { one, other in
      one.members.count != other.members.count
        ? one.members.count > other.members.count
        : one.members[0].item.id < other.members[0].item.id
    }
    let found = ItemGroups(
      collection: collection, space: material.space, request: request, groups: made,
      verdicts: base.verdicts, itemCount: contents.items.count,
      withoutVector: material.pairs?.withoutVector ?? 0,
      withoutDirection: material.pairs?.withoutDirection ?? 0, recall: material.pairs?.recall)
    return (found, base)
  }
}

/// What groups are made from.
struct GroupBase: Sendable {
  let request: GroupRequest
  let contents: GroupContents
  let verdicts: GroupVerdicts
  /// Pairs of contents that link, by their similarity, by their pixels or by a verdict.
  let links: [SimilarPair]
  let signals: GroupSignals
  private let cosines: RowCosines?
  /// Those of the links that only a verdict or the same pixels make.
  private let added: Set<ItemPair>

  init(request: GroupRequest, material: GroupMaterial, verdicts: GroupVerdicts) {
    let (contents, signals, cosines) = (material.contents, material.signals, material.cosines)
    self.request = request
    self.contents = contents
    self.verdicts = verdicts
    self.signals = signals
    self.cosines = cosines
    links = verdicts.links(material.links) {
      Self.similarity($0, $1, request.basis, contents, signals, cosines)
    }
    // They stand behind the others.
    added = Set(links.dropFirst(material.links.count).map(\.key))
  }

  /// Whether a link is there by similarity.
  func isBySimilarity(_ left: Int, _ right: Int) -> Bool {
    !added.contains(ItemPair(left, right))
  }

  private static func similarity(
    _ left: Int, _ right: Int, _ basis: GroupBasis, _ contents: GroupContents,
    _ signals: GroupSignals, _ cosines: RowCosines?
  ) -> Double? {
    switch basis {
    case .cosine: cosines.flatMap { contents.cosine(left, right, $0) }
    case .hash: signals.hashDistance(left, right).map { -Double($0) }
    case .pixels: nil
    }
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
      of: links, threshold: threshold.asKept, distinct: verdicts.pairs.distinct,
      joined: verdicts.pairs.joined)
  }

  /// As the basis has it; `nil` where one of two contents has no vector or no hash.
  func similarity(_ left: Int, _ right: Int) -> Double? {
    Self.similarity(left, right, request.basis, contents, signals, cosines)
  }

  /// Whether all of a group can be compared with all of it, and is not too large for that.
  func canCompare(_ group: [Int]) -> Bool {
    group.count <= Self.mostCompared
      && group.allSatisfy { content in
        switch request.basis {
        case .cosine: contents.rows[content] != nil
        case .hash: signals.hashes?[content] != nil
        case .pixels: false
        }
      }
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
  func group(_ group: [Int], _ links: [SimilarPair]) -> ItemGroups.Group {
    let (contents, signals) = (base.contents, base.signals)
    let (items, members) = (contents.items, contents.members)
    let all = group.flatMap { content in
      members[content].map { (place: $0, content: content) }
    }.sorted { $0.place < $1.place }
    let similarity: ((Int, Int) -> Double)? =
      base.canCompare(group) ? { base.similarity($0, $1) ?? 0 } : nil
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
    var near: Set<Int> = []
    if base.verdicts.duplicates > 0 {
      for link in links where base.isBySimilarity(link.left, link.right) {
        near.formUnion([link.left, link.right])
      }
    }
    /// Whether nothing but a verdict has brought a content here.
    func isByVerdict(_ content: Int) -> Bool {
      guard base.verdicts.duplicates > 0 else { return false }
      if known[content] != nil, base.isBySimilarity(centre, content) { return false }
      return base.verdicts.areJoined(content, centre) || !near.contains(content)
    }
    let counts = Dictionary(
      group.compactMap { content in signals.pixels.flatMap { $0[content] }.map { ($0, 1) } },
      uniquingKeysWith: +)
    return ItemGroups.Group(
      members: all.enumerated().map { place, member in
        let content = member.content
        var made = ItemGroups.Member(
          item: items[member.place], isCopy: members[content].count > 1)
        made.hasSamePixels =
          signals.pixels.flatMap { $0[content] }.map { counts[$0, default: 0] > 1 } ?? false
        made.likeness =
          if place == anchor {
            .itself
          } else if content == centre {
            .bytes
          } else if signals.haveSamePixels(content, centre) {
            .pixels
          } else {
            isByVerdict(content) ? .verdict : .near
          }
        if content != centre {
          if base.request.basis.isCosine {
            made.score = known[content] ?? base.similarity(centre, content)
            made.normalized = made.score.flatMap { signals.normalized($0, centre, content) }
          }
          made.hashDistance = signals.hashDistance(centre, content)
        }
        return made
      },
      anchor: anchor, minimum: facts?.minimum, diameter: facts?.diameter,
      bridges: facts?.bridges.map {
        ItemGroups.ItemIDPair(
          left: contents.item(of: $0.left).id, right: contents.item(of: $0.right).id,
          score: $0.score)
      } ?? [])
  }
}
