internal import ParallaxCore
private import ParallaxReporting
internal import ParallaxServer
internal import ParallaxStorage
internal import ParallaxWorkbench

/// The members of a group as cards, and the forms that answer.
extension PageGroups {
  /// Fields of metadata that are shown of a member.
  private static let mostFields = 12

  func anchor(_ group: GroupReview.Group, _ differences: GroupDifferences) -> Element {
    var facts = self.facts(group.anchor, besides: nil, differences)
    if !group.copies.isEmpty {
      facts.append(
        (
          "same bytes",
          .foreign(
            group.copies.prefix(Self.mostFields).map(\.item.id.rawValue).joined(separator: ", ")
              + (group.copies.count > Self.mostFields
                ? " and \(Wording.count(group.copies.count - Self.mostFields)) more" : ""))
        ))
    }
    return Element(
      "section", ["class": "card stays", "aria-label": review.hasKept ? "Stays" : "Compared with"],
      [
        picture(group.anchor.item, label: nil),
        Element("p", ["class": "caption"], [.foreign(group.anchor.item.id.rawValue)]),
        Element("p", ["class": "only"], [.text(review.hasKept ? "Stays" : "Compared with")]),
        .facts(facts),
      ])
  }

  func card(
    _ member: ItemGroups.Member, of group: GroupReview.Group, _ differences: GroupDifferences
  ) -> Element {
    let verdict = group.pair(with: member).flatMap { verdicts[$0] }
    let id = member.item.id.rawValue
    return Element(
      "li",
      [
        "class": "card other", "data-item": id, "data-verdict": verdict?.answer.rawValue ?? "",
      ],
      [
        picture(member.item, label: id),
        Element("p", ["class": "caption"], [.foreign(id)]),
        Element("p", ["class": "verdict only"], said(verdict)),
        form(
          group,
          [Element("input", ["type": "hidden", "name": "item", "value": id])] + [
            button("duplicate", "Same", label: "\(PageGrid.shown(id)) is the same picture"),
            button("distinct", "Not the same", label: "\(PageGrid.shown(id)) is another picture"),
          ]),
        .facts(facts(member, besides: group.anchor, differences)),
      ])
  }

  private func said(_ verdict: Verdict?) -> [Element] {
    guard let verdict else { return [] }
    return [.text(verdict.answer.rawValue)]
      + (verdict.judge.map { [.text(" · "), .foreign($0)] } ?? [])
  }

  private func picture(_ item: ItemRecord, label: String?) -> Element {
    let address = Service.address(of: item.id, in: review.collection)
    return Element(
      "a",
      [
        "href": address + "/original",
        "aria-label": label.map { "\(PageGrid.shown($0)), large" },
      ],
      [
        Element(
          "img",
          [
            "src": address + "/thumbnail?side=640", "alt": PageGrid.shown(item.id.rawValue),
            "width": "640", "height": "640", "decoding": "async",
          ])
      ])
  }

  /// What is worth knowing of a member; what is not as in the anchor stands out.
  private func facts(
    _ member: ItemGroups.Member, besides anchor: ItemGroups.Member?,
    _ differences: GroupDifferences
  ) -> [(name: String, value: Element)] {
    let item = member.item
    func fact(_ text: String, _ other: String?) -> Element {
      other == nil || other == text ? .text(text) : Element("strong", [:], [.text(text)])
    }
    var facts: [(name: String, value: Element)] = []
    if let pixels = Self.pixels(of: item) {
      facts.append(("pixels", fact(pixels, anchor.flatMap { Self.pixels(of: $0.item) })))
    }
    facts.append(
      (
        "file",
        fact(Self.file(of: item), anchor.map { Self.file(of: $0.item) })
      ))
    if member.likeness == .pixels {
      facts.append(("likeness", .text("the same pixels")))
    } else if let score = member.score {
      facts.append(("cosine", .text(Wording.fixed(score, digits: 4))))
    } else if let distance = member.hashDistance {
      facts.append(("hash", .text("\(distance) of 64 bits differ")))
    }
    let values = differences.values(of: item.rowID)
    for name in differences.names.prefix(Self.mostFields) {
      let text = values[name].map { $0 == .null ? "—" : Self.shortened($0.plainText) } ?? "—"
      facts.append((PageGrid.shown(name), .foreign(text)))
    }
    let more = differences.names.count - Self.mostFields
    if more > 0 {
      facts.append(("", .text("\(Wording.count(more)) more fields differ")))
    }
    return facts
  }

  /// A text of which the whole stands on the page of its item; what is left out is marked.
  private static func shortened(_ text: String) -> String {
    let shown = PageGrid.shown(text)
    return shown.count == text.count ? text : shown + "…"
  }

  private static func pixels(of item: ItemRecord) -> String? {
    guard let width = item.width, let height = item.height else { return nil }
    return "\(width) × \(height)"
  }

  private static func file(of item: ItemRecord) -> String {
    [item.format, Wording.bytes(Int(item.size))].compactMap(\.self).joined(separator: ", ")
  }

  // MARK: - Forms

  private func form(_ group: GroupReview.Group, _ content: [Element]) -> Element {
    Element(
      "form", ["action": Self.path, "method": "post", "class": "answers"],
      [
        ("key", service.formKey.text), ("group", String(group.number)), ("judge", judge),
        ("offset", String(offset)),
      ].map { Element("input", ["type": "hidden", "name": $0.0, "value": $0.1]) } + content)
  }

  private func button(_ word: String, _ text: String, label: String? = nil) -> Element {
    Element(
      "button",
      [
        "type": "submit", "name": "verdict", "value": word,
        "aria-label": label.map { "\(text): \($0)" },
      ],
      [.text(text)])
  }

  /// One answer for all that is shown and has none.
  func wholeGroup(
    _ group: GroupReview.Group, _ shown: [ItemGroups.Member]
  ) -> Element {
    let open = shown.filter { member in
      group.pair(with: member).map { verdicts[$0] == nil } ?? false
    }
    guard open.count > 1 else { return Element("div") }
    return form(
      group,
      open.map {
        Element("input", ["type": "hidden", "name": "item", "value": $0.item.id.rawValue])
      } + [
        button("duplicate", "All \(Wording.count(open.count)) are the same"),
        button("distinct", "None is"),
      ])
  }

  func takeBack(_ group: GroupReview.Group) -> Element {
    form(group, [button("back", "Take the last answer back")])
  }
}
