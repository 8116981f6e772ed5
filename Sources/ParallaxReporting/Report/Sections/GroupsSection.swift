/// Groups of similar pictures: of each the one that stays or stands for it, beside the others.
package struct GroupsSection: ReportSection {
  package var title: String
  package var conclusion: [String]
  package var remarks: [String]
  package var sources: [ReportSource]
  package var groups: [ReportGroup]

  package init(
    title: String, conclusion: [String] = [], remarks: [String] = [], sources: [ReportSource],
    groups: [ReportGroup]
  ) {
    self.title = title
    self.conclusion = conclusion
    self.remarks = remarks
    self.sources = sources
    self.groups = groups
  }

  package var pictures: [ReportPicture.Source] {
    groups.flatMap { ([$0.anchor] + $0.others).compactMap(\.picture) }
  }

  package func content(with pictures: inout ReportPictures) -> [HTML] {
    guard !groups.isEmpty else {
      return [HTML(.p, ["class": "soft"], text: "There are no groups.")]
    }
    return groups.map { group in
      let remark = group.remark.map { [HTML(.p, ["class": "soft"], text: $0)] } ?? []
      return HTML(
        .div, ["class": "question"],
        [
          HTML(
            .div, ["class": "asked"],
            [
              HTML(.h3, ["dir": "auto"], text: group.heading), ReportFact.list(group.facts),
              group.anchor.figure(with: &pictures),
            ] + remark),
          HTML(
            .div, ["class": "lists"],
            [
              HTML(
                .div, ["class": "list"],
                [
                  HTML(
                    .ul, ["class": "hits", "role": "list"],
                    group.others.map { HTML(.li, [:], [$0.figure(with: &pictures)]) })
                ])
            ]),
        ])
    }
  }
}

/// Similar pictures, of which one stays or stands for all.
package struct ReportGroup: Sendable, Hashable {
  package struct Member: Sendable, Hashable {
    /// What becomes of it.
    package enum Role: Sendable, Hashable {
      case stays, goes, represents, belongs
    }

    package var role: Role
    package var id: String
    /// `nil` for an item that is in no collection that is known.
    package var picture: ReportPicture.Source?
    /// What the picture shows, in words; `nil` where nobody said it.
    package var caption: String?
    package var facts: [ReportFact]

    package init(
      role: Role, id: String, picture: ReportPicture.Source? = nil, caption: String? = nil,
      facts: [ReportFact] = []
    ) {
      self.role = role
      self.id = id
      self.picture = picture
      self.caption = caption
      self.facts = facts
    }
  }

  package var heading: String
  package var facts: [ReportFact]
  /// The one that stays or stands for the others.
  package var anchor: Member
  package var others: [Member]
  /// A sentence about it.
  package var remark: String?

  package init(
    heading: String, facts: [ReportFact], anchor: Member, others: [Member], remark: String? = nil
  ) {
    self.heading = heading
    self.facts = facts
    self.anchor = anchor
    self.others = others
    self.remark = remark
  }
}

extension ReportGroup.Member {
  fileprivate func figure(with pictures: inout ReportPictures) -> HTML {
    let (style, word) = role.mark
    let shown = pictures.element(
      picture, alternative: "\(word): \(caption ?? "item \(id)")")
    var words = [
      HTML(.p, ["class": "rank"], [HTML(.span, ["class": style], text: role.sign + word)])
    ]
    words += caption.map { [HTML(.p, ["class": "words", "dir": "auto"], text: $0)] } ?? []
    words.append(HTML(.p, ["class": "id", "dir": "auto"], text: id))
    if !facts.isEmpty { words.append(ReportFact.list(facts)) }
    return HTML(.figure, [:], [shown, HTML(.figcaption, [:], words)])
  }
}

extension ReportGroup.Member.Role {
  /// What a reader sees: a sign and words, so that colour is not all.
  fileprivate var mark: (style: String, word: String) {
    switch self {
    case .stays: ("up", "stays")
    case .goes: ("down", "would go")
    case .represents: ("relevant", "representative")
    case .belongs: ("same", "similar")
    }
  }

  fileprivate var sign: String {
    switch self {
    case .stays: "✓ "
    case .goes: "− "
    case .represents: "★ "
    case .belongs: "≈ "
    }
  }
}
