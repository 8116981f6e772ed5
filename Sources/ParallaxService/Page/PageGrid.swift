internal import ParallaxCore
private import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

/// Pictures in a grid, each with what it is and where it leads.
struct PageGrid {
  struct Card {
    var id: ItemID
    var text: String?
    var rank: Int?
    var score: Double?
    /// Its rank in the list beside this one; `nil` inside for none, and outside where there is no such list.
    var otherRank: Int??
  }

  let state: PageState
  let cards: [Card]
  /// The address of what comes behind these; `nil` for the last.
  var more: String?
  /// What the list is called, for those who do not see it.
  let label: String

  var elements: [Element] {
    guard !cards.isEmpty else {
      return [Element("p", ["class": "soft"], [.text("Nothing matches.")])]
    }
    return [
      Element("ol", ["class": "grid", "aria-label": label, "data-grid": ""], cards.map(element)),
      Element(
        "p", ["class": "more", "data-more": ""],
        more.map { [.link("Show more", to: $0, class: "button")] } ?? []),
    ]
  }

  private func element(_ card: Card) -> Element {
    let address = Service.address(of: card.id, in: state.space.collection)
    let id = card.id.rawValue
    let name = card.text ?? id
    return Element(
      "li", ["class": "card"],
      [
        Element(
          "a", ["href": PageItem.address(of: card.id, in: state)],
          [
            Element(
              "img",
              [
                "src": address + "/thumbnail", "alt": Self.shown(name), "loading": "lazy",
                "decoding": "async", "width": "320", "height": "320",
              ])
          ]),
        Element("p", ["class": "caption"], [.foreign(name)]),
        Element("p", ["class": "soft"], facts(card)),
        Element(
          "p", ["class": "acts"],
          [
            .link(
              "More like this", to: state.address { $0.look(id, away: false) },
              label: "More like this: \(Self.shown(name))"),
            .link(
              "Less", to: state.address { $0.look(id, away: true) },
              label: "Less like this: \(Self.shown(name))"),
          ]),
      ])
  }

  private func facts(_ card: Card) -> [Element] {
    var facts: [Element] = []
    if let rank = card.rank { facts.append(.text("\(rank)")) }
    if let score = card.score { facts.append(.text(" · \(Wording.fixed(score, digits: 3))")) }
    if case .some(let other) = card.otherRank {
      facts.append(.text(" "))
      facts.append(Self.move(from: other, to: card.rank))
    }
    return facts
  }

  /// Where it stands beside.
  private static func move(from other: Int?, to rank: Int?) -> Element {
    guard let other, let rank else {
      return Element("span", ["class": "only"], [.text("only here")])
    }
    if other == rank { return Element("span", ["class": "same"], [.text("same rank")]) }
    let (arrow, style) = rank < other ? ("▲", "up") : ("▼", "down")
    return Element(
      "span", ["class": style],
      [Element("span", ["aria-hidden": "true"], [.text(arrow)]), .text(" \(other) beside")])
  }

  /// A text of an attribute, which is read or shown by itself.
  static func shown(_ text: String) -> String { String(text.prefix(200)) }
}
