internal import ParallaxCore
internal import ParallaxStorage

/// The form that asks: words, pictures, filters, spaces.
struct PageForm {
  let state: PageState
  let offers: [PageFilter]
  let spaces: [Space]

  var element: Element {
    Element(
      "form", ["action": "/", "method": "get", "role": "search", "id": "ask"],
      [words, picture, Element("div", ["class": "terms"], terms), filters, choices])
  }

  private var words: Element {
    Element(
      "div", ["class": "words"],
      [
        Element("label", ["for": "text"], [.text("Words")]),
        Element(
          "input",
          [
            "id": "text", "name": "text", "type": "search", "value": state.text,
            "autocomplete": "off", "maxlength": "10000",
          ]),
        Element("button", ["type": "submit"], [.text("Search")]),
      ])
  }

  /// For those with scripts, which take a picture that is chosen, dropped or pasted.
  private var picture: Element {
    Element(
      "div", ["class": "picture", "id": "picture", "hidden": ""],
      [
        Element("label", ["for": "file"], [.text("Picture")]),
        Element("input", ["id": "file", "type": "file", "accept": "image/*,.heic,.heif,.avif"]),
        Element("span", ["class": "soft"], [.text("or drop or paste one anywhere")]),
        Element("p", ["id": "upload-problem", "class": "problem", "role": "alert", "hidden": ""]),
      ])
  }

  /// What is looked for besides the words, each with a way to take it out.
  private var terms: [Element] {
    var terms: [Element] = []
    if let upload = state.upload {
      terms.append(
        term(
          "upload", upload, picture: "/v1/uploads/\(upload)/thumbnail", words: "your picture",
          without: state.address { $0.upload = nil }))
    }
    for (name, ids, words) in [
      ("like", state.like, "like"), ("unlike", state.unlike, "not like"),
    ] {
      terms += ids.map { id in
        let address = Service.address(of: ItemID(id), in: state.space.collection)
        return term(
          name, id, picture: address + "/thumbnail?side=160", words: "\(words) \(id)",
          without: state.address { copy in
            copy.like.removeAll { $0 == id }
            copy.unlike.removeAll { $0 == id }
          })
      }
    }
    return terms
  }

  private func term(
    _ name: String, _ value: String, picture: String, words: String, without: String
  ) -> Element {
    Element(
      "span", ["class": name == "unlike" ? "term away" : "term"],
      [
        Element("input", ["type": "hidden", "name": name, "value": value]),
        Element("img", ["src": picture, "alt": "", "width": "40", "height": "40"]),
        Element("span", [:], [.foreign(words)]),
        .link("Remove", to: without, label: "Remove: \(words)"),
      ])
  }

  private var filters: Element {
    let count = state.filters.count + (state.condition.isEmpty ? 0 : 1)
    return Element(
      "details", ["class": "filters", "open": count > 0 ? "" : nil],
      [
        Element("summary", [:], [.text(count == 0 ? "Filters" : "Filters (\(count))")]),
        Element("div", ["class": "fields"], offers.map(field) + [condition]),
      ])
  }

  private var condition: Element {
    Element(
      "p", ["class": "wide"],
      [
        Element("label", ["for": "where"], [.text("Condition")]),
        Element(
          "input",
          [
            "id": "where", "name": "where", "type": "text", "value": state.condition,
            "placeholder": "year >= 2020 and city in ('Paris', 'Rome')", "autocomplete": "off",
          ]),
      ])
  }

  private func field(_ offer: PageFilter) -> Element {
    switch offer.kind {
    case .range(let minimum, let maximum):
      both(offer, type: "number", step: "any", hints: (minimum, maximum))
    case .dates: both(offer, type: "date", step: nil, hints: ("", ""))
    case .boolean: choice(offer, [("yes", "yes"), ("no", "no")])
    case .choice(let values): choice(offer, values.map { ($0, $0) })
    case .contains:
      Element(
        "p", [:],
        [
          Element("label", ["for": offer.parameter("has")], [.text("\(offer.name) contains")]),
          input(offer, "has", type: "text", step: nil, hint: ""),
          Element(
            "span", ["class": "soft"], [.text("% stands for any characters, _ for one")]),
        ])
    }
  }

  private func both(
    _ offer: PageFilter, type: String, step: String?, hints: (String, String)
  ) -> Element {
    Element(
      "fieldset", [:],
      [
        Element("legend", text: offer.name),
        Element("label", ["for": offer.parameter("from")], [.text("from")]),
        input(offer, "from", type: type, step: step, hint: hints.0),
        Element("label", ["for": offer.parameter("to")], [.text("to")]),
        input(offer, "to", type: type, step: step, hint: hints.1),
      ])
  }

  private func input(
    _ offer: PageFilter, _ part: String, type: String, step: String?, hint: String
  ) -> Element {
    let name = offer.parameter(part)
    return Element(
      "input",
      [
        "id": name, "name": name, "type": type, "step": step, "value": state.value(name) ?? "",
        "placeholder": hint.isEmpty ? nil : hint,
      ])
  }

  private func choice(_ offer: PageFilter, _ values: [(value: String, text: String)]) -> Element {
    let name = offer.parameter("is")
    let chosen = state.value(name)
    return Element(
      "p", [:],
      [
        Element("label", ["for": name], [.text(offer.name)]),
        Element(
          "select", ["id": name, "name": name],
          [Element("option", ["value": ""], [.text("any")])]
            + values.map { option($0.value, $0.text, isChosen: chosen == $0.value) }),
      ])
  }

  private func option(_ value: String, _ text: String, isChosen: Bool) -> Element {
    Element("option", ["value": value, "selected": isChosen ? "" : nil], [.text(text)])
  }

  /// Which space is asked, and which one beside it.
  private var choices: Element {
    guard spaces.count > 1 else {
      return Element("input", ["type": "hidden", "name": "space", "value": state.space.reference])
    }
    return Element(
      "div", ["class": "spaces"],
      [
        Element("label", ["for": "space"], [.text("Space")]),
        Element(
          "select", ["id": "space", "name": "space"],
          spaces.map { option($0.reference, $0.reference, isChosen: $0 == state.space) }),
        Element("label", ["for": "with"], [.text("beside it")]),
        Element(
          "select", ["id": "with", "name": "with"],
          [option("", "none", isChosen: state.other == nil)]
            + spaces.filter { $0.collection == state.space.collection }.map {
              option($0.reference, $0.reference, isChosen: $0 == state.other)
            }),
      ])
  }
}
