package import ParallaxCore
internal import ParallaxReporting
package import ParallaxStorage
private import ParallaxSystem

/// Groups of similar items that people look through: of each member it is asked whether it is the same picture as
/// the one that stays.
package struct GroupReview: Sendable {
  package struct Group: Sendable {
    /// From 1 on, as the result counts.
    package let number: Int
    /// The one that stays or, where none goes, that the others are compared with.
    package let anchor: ItemGroups.Member
    /// Those with other bytes, ascending by id.
    package let others: [ItemGroups.Member]
    /// Those with the bytes of the anchor, of which nothing is asked.
    package let copies: [ItemGroups.Member]
    /// The pairs that are asked about: members with the same bytes are one.
    package let pairs: Set<ContentPair>

    package func pair(with member: ItemGroups.Member) -> ContentPair? {
      ContentPair(anchor.item.hash, member.item.hash)
    }
  }

  /// That of the result.
  package let name: String
  package let collection: ItemCollection
  /// `nil` where pictures were compared, not vectors.
  package let space: Space?
  /// Whether a rule says which member stays.
  package let hasKept: Bool
  /// Those with something to ask, in the order of the result.
  package let groups: [Group]
  /// Groups that hold copies of the same bytes alone.
  package let withoutQuestion: Int
  /// Members that are gone, or are other pictures now.
  package let changed: Int
  /// All pairs that are asked about.
  package let pairs: Set<ContentPair>
}

/// An answer as it was kept, with what held before.
package struct GroupAnswer: Sendable {
  package let group: Int
  package let items: [ItemID]
  package let verdicts: [Verdict]
  fileprivate let before: [ContentPair: Verdict]
}

extension Workbench {
  /// Groups as people look through them. What is no longer as it was when they were made is left out.
  ///
  /// - Parameter places: of the groups that are looked through.
  package func review(
    of found: ItemGroups, at places: some Collection<Int>, called name: String
  ) throws -> GroupReview {
    let chosen = Set(places)
    let all = found.groups.enumerated().filter { chosen.contains($0.offset) }
    let items = try workspace.items(
      named: all.flatMap { $0.element.members.map(\.item.id) }, in: found.collection)
    var (groups, withoutQuestion, changed) = ([GroupReview.Group](), 0, 0)
    for (place, group) in all {
      let there = group.members.filter { items[$0.item.id]?.hash == $0.item.hash }
      changed += group.members.count - there.count
      let anchor = group.members[group.anchor]
      guard there.contains(anchor) else { continue }
      let others = there.filter { $0.item.hash != anchor.item.hash }
      guard !others.isEmpty else {
        if there.count == group.members.count { withoutQuestion += 1 }
        continue
      }
      groups.append(
        GroupReview.Group(
          number: place + 1, anchor: anchor, others: others,
          copies: there.filter { $0.item.hash == anchor.item.hash && $0 != anchor },
          pairs: Set(others.compactMap { ContentPair(anchor.item.hash, $0.item.hash) })))
    }
    return GroupReview(
      name: name, collection: found.collection, space: found.space,
      hasKept: found.request.keep != nil, groups: groups, withoutQuestion: withoutQuestion,
      changed: changed,
      pairs: groups.reduce(into: []) { $0.formUnion($1.pairs) })
  }

  /// What people said of the pairs of groups, now.
  ///
  /// - Throws: `damaged-data`.
  package func verdicts(in review: GroupReview) throws -> [ContentPair: Verdict] {
    let asked = review.pairs
    return Dictionary(
      try workspace.verdicts(in: review.collection).filter { asked.contains($0.pair) }
        .map { ($0.pair, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Keeps, at once and in one transaction, that members of a group are the picture that stays, or are not.
  ///
  /// - Throws: `unknown-name` for what is no member that is asked about; `read-only`, and what else prevents it: then
  ///   nothing was kept.
  package func keep(
    _ answer: Verdict.Answer, of items: [ItemID], in group: GroupReview.Group,
    of review: GroupReview, by judge: String?
  ) throws -> GroupAnswer {
    var (verdicts, before) = ([Verdict](), [ContentPair: Verdict]())
    let time = Clock.now()
    for id in items {
      guard let member = group.others.first(where: { $0.item.id == id }),
        let pair = group.pair(with: member)
      else {
        throw ParallaxError(
          .unknownName, "group \(group.number) of '\(review.name)' asks nothing about '\(id)'",
          parameter: "items")
      }
      guard !verdicts.contains(where: { $0.pair == pair }) else { continue }
      before[pair] = try workspace.verdict(of: pair)
      verdicts.append(
        Verdict(
          pair, answer, at: time, judge: judge, score: member.score,
          identity: member.score == nil ? nil : review.space?.spec.identity))
    }
    try workspace.keep(verdicts)
    return GroupAnswer(group: group.number, items: items, verdicts: verdicts, before: before)
  }

  /// Takes an answer back, to what was said before.
  ///
  /// - Returns: whether it was taken back: not where somebody has answered again since.
  /// - Throws: `read-only`.
  package func takeBack(_ answer: GroupAnswer) throws -> Bool {
    guard try answer.verdicts.allSatisfy({ try workspace.verdict(of: $0.pair) == $0 }) else {
      return false
    }
    let pairs = answer.verdicts.map(\.pair)
    try workspace.keep(pairs.compactMap { answer.before[$0] })
    _ = try workspace.dropVerdicts(of: pairs.filter { answer.before[$0] == nil })
    return true
  }
}
