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

  /// What comes behind the cards.
  enum Following: Equatable {
    case nothing
    /// More, from a place of the list on.
    case more(from: Int)
    /// More than a page goes through.
    case beyond(Int)

    /// - Parameter end: the place behind the last card; `nil` if that is the end of the list.
    init(_ end: Int?) {
      self =
        switch end {
        case nil: .nothing
        case let end? where end <= SearchRequest.mostOffset: .more(from: end)
        case let end?: .beyond(end)
        }
    }
  }

  let state: PageState
  /// Whose items they are.
  let space: Space
  let cards: [Card]
  var following = Following.nothing
  /// What the list is called, for those who do not see it.
  let label: String
  /// The address of what follows; `nil` for that of the state.
  var address: (@Sendable (Int) -> String)?

  var elements: [Element] {
    guard !cards.isEmpty || following != .nothing else {
      return [Element("p", ["class": "soft"], [.text("Nothing matches.")])]
    }
    return [
      Element("ol", ["class": "grid", "aria-label": label, "data-grid": ""], cards.map(element)),
      Element("p", ["class": "more", "data-more": ""], more),
    ]
  }

  private var more: [Element] {
    switch following {
    case .nothing: []
    case .more(let place):
      [
        .link(
          "Show more", to: address?(place) ?? state.address { $0.offset = place }, class: "button")
      ]
    case .beyond(let count):
      [
        .text(
          "The page goes through the first \(Wording.count(count)) only: say more of what you look for, or "
            + "filter, to see others.")
      ]
    }
  }

  private func element(_ card: Card) -> Element {
    let address = Service.address(of: card.id, in: space.collection)
    let id = card.id.rawValue
    let name = card.text ?? id
    return Element(
      "li", ["class": "card"],
      [
        Element(
          "a", ["href": PageItem.address(of: card.id, in: space.collection, state)],
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
      [
        Element("span", ["aria-hidden": "true"], [.text(arrow)]),
        .text(" \(other) in the other list"),
      ])
  }

  /// A text of an attribute, which is read or shown by itself.
  static func shown(_ text: String) -> String { String(text.prefix(200)) }
}
