internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

extension ReportBuilder {
  /// Groups as pictures: those that have rows, with the one that stays or stands for each.
  mutating func section(ofGroups listing: GroupListing, _ result: NamedResult) -> GroupsSection {
    let found = listing.found
    var members: [Int: [Int]] = [:]
    for row in listing.rows { members[row.group, default: []].append(row.member) }
    let numbers = members.keys.sorted()
    let shown = numbers.prefix(limits.questions)
    noteCut(
      shown.count, of: numbers.count, ("group", "groups"), in: result.title, "questions",
      isUsual: true)
    let most = limits.top ?? ReportLimits.hitsOfQuestion
    let longest =
      shown.map { number in
        members[number, default: []].count { $0 != found.groups[number].anchor }
      }.max() ?? 0
    if longest > most {
      cuts.add(
        "of each group of \(result.title), at most \(Wording.count(most)) images beside the first are shown "
          + "(--top)", isAsked: true)
    }
    let groups = shown.map { number in
      group(
        number, found.groups[number], others: (members[number] ?? []), found.request, most)
    }
    return GroupsSection(
      title: "Groups of \(result.title)", conclusion: [Self.conclusion(of: listing)],
      remarks: result.remarks(), sources: [result.source()], groups: groups)
  }

  private static func conclusion(of listing: GroupListing) -> String {
    let noun = listing.found.noun
    let groups = Set(listing.rows.map(\.group)).count
    guard listing.found.request.keep != nil else {
      return "\(Wording.count(listing.rows.count, noun)) in \(Wording.count(groups, "group"))"
    }
    let goes = listing.rows.filter { listing.found.groups[$0.group].anchor != $0.member }
    let bytes = goes.reduce(0) {
      $0 + Int(listing.found.groups[$1.group].members[$1.member].item.size)
    }
    return "\(Wording.count(goes.count, noun)) of \(Wording.count(groups, "group")) would go "
      + "(\(Wording.bytes(bytes))); nothing has been moved or deleted"
  }

  private func group(
    _ number: Int, _ group: ItemGroups.Group, others: [Int], _ request: GroupRequest, _ most: Int
  ) -> ReportGroup {
    let keeps = request.keep != nil
    let others = others.filter { $0 != group.anchor }
    let missing = group.members.count - 1 - others.count
    var remarks: [String] = []
    if others.count > most {
      remarks.append("\(Wording.count(others.count - most)) more not shown")
    }
    if missing > 0 { remarks.append("\(Wording.count(missing)) more left out by the filter") }
    var facts: [ReportFact] = []
    func fact(_ name: String, _ similarity: Double?) -> [ReportFact] {
      similarity.map {
        [ReportFact(name, request.basis.isCosine ? self.number($0) : request.basis.words($0))]
      } ?? []
    }
    facts +=
      fact(request.basis.isCosine ? "least" : "most", group.minimum)
      + fact("diameter", group.diameter)
    if group.members.count > 2, !group.bridges.isEmpty {
      facts.append(ReportFact("bridges", Wording.count(group.bridges.count)))
    }
    return ReportGroup(
      heading: "Group \(number + 1): \(Wording.count(group.members.count, "image"))", facts: facts,
      anchor: member(group.members[group.anchor], keeps ? .stays : .represents, request),
      others: others.prefix(most).map {
        member(group.members[$0], keeps ? .goes : .belongs, request)
      }, remark: remarks.isEmpty ? nil : remarks.joined(separator: "; "))
  }

  private func member(
    _ member: ItemGroups.Member, _ role: ReportGroup.Member.Role, _ request: GroupRequest
  ) -> ReportGroup.Member {
    let item = member.item
    var facts: [ReportFact] = []
    if let score = member.score { facts.append(ReportFact("score", number(score))) }
    if let normalized = member.normalized {
      facts.append(ReportFact("normalized", number(normalized)))
    }
    if let distance = member.hashDistance {
      facts.append(ReportFact("hash distance", String(distance)))
    }
    if member.isCopy { facts.append(ReportFact("copy", "yes")) }
    if member.hasSamePixels { facts.append(ReportFact("same pixels", "yes")) }
    if let width = item.width, let height = item.height {
      facts.append(ReportFact("size", "\(width) × \(height)"))
    }
    facts.append(ReportFact("file", Wording.bytes(Int(item.size))))
    return ReportGroup.Member(
      role: role, id: item.id.rawValue, picture: item.picture, caption: item.text, facts: facts)
  }
}
