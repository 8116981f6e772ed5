private import CommandLanguage
internal import ParallaxCore
internal import ParallaxLayout
private import ParallaxReporting
internal import ParallaxServer
internal import ParallaxStorage
internal import ParallaxWorkbench

/// The page with the map of a space: what lies where, and a part of it that somebody drew a line around.
struct PageMap {
  let service: Service
  /// The space, with nothing asked.
  let state: PageState
  private let colour: String
  private let part: PlanePolygon?
  private let name: String
  private let offset: Int

  /// - Throws: `unknown-name`, `invalid-value`.
  init(_ call: Route.Call, in service: Service) throws {
    self.service = service
    let parameters = call.request.head.target?.parameters ?? []
    let own = ["colour", "inside", "name"]
    state = try PageState(parameters.filter { !own.contains($0.name) }, in: service)
    let value = { (name: String) in parameters.last { $0.name == name }?.value ?? "" }
    (colour, name) = (value("colour"), value("name"))
    offset = state.offset
    part = try value("inside").isEmpty ? nil : PlanePolygon(parsing: value("inside"))
    guard name.isEmpty || Names.isName(name) else {
      throw ParallaxError(
        .invalidValue, "'\(name)' is no name of a result: \(Names.rule)", parameter: "name")
    }
  }

  /// The address of a map, with what of it is wanted.
  private func address(
    colour: String? = nil, inside: String? = nil, name: String = "", offset: Int = 0
  ) -> String {
    var pairs = [("space", state.space.reference)]
    let colour = colour ?? self.colour
    if !colour.isEmpty { pairs.append(("colour", colour)) }
    if let inside { pairs.append(("inside", inside)) }
    if !name.isEmpty { pairs.append(("name", name)) }
    if offset > 0 { pairs.append(("offset", String(offset))) }
    return "/map?"
      + pairs.map { "\(RequestTarget.encoded($0.0))=\(RequestTarget.encoded($0.1))" }
      .joined(separator: "&")
  }

  static func address(of space: Space) -> String {
    "/map?space=\(RequestTarget.encoded(space.reference))"
  }

  func response() async throws -> ServerResponse {
    let map: PlaneMap?
    var content: [Element] = [
      Element("h1", [:], [.text("Map of \(state.space.reference)")]), try form(),
    ]
    switch try service.map(of: state.space) {
    case .underWay:
      map = nil
      content.append(
        Element(
          "p", ["class": "soft", "role": "status", "id": "map-state"],
          [.text("The map is being made. Load this page again in a while.")]))
    case .made(let made):
      map = made
      let facts = [
        Wording.count(made.ids.count, state.space.spec.content.noun), made.method.rawValue,
      ]
      content.append(
        Element(
          "p", ["class": "soft", "role": "status", "id": "map-state"],
          [.text((facts + made.facts).joined(separator: " · "))]))
      content.append(Page.command(Service.command(of: made, part: nil)))
      content += Service.notes(of: made).map(Page.note)
    }
    content.append(try plane(isMade: map != nil))
    if let map, let part { content += try selection(of: map, inside: part) }
    return Page.response(
      title: "Map of \(state.space.reference)",
      [
        Page.header(of: state.space, in: service, home: PageState.home(of: state.space)),
        Element("main", ["id": "results", "tabindex": "-1"], content),
      ])
  }

  /// Which space is shown, and which field gives the colours.
  private func form() throws -> Element {
    let fields = try service.filters.filters(
      of: state.space.collection, in: service.bench.workspace
    ).filter { !$0.isList }.map(\.name)
    let spaces = service.options.spaces
    var parts: [Element] =
      spaces.count > 1
      ? [
        Element("label", ["for": "space"], [.text("Space")]),
        choice("space", spaces.map { ($0.reference, $0.reference) }, state.space.reference),
      ]
      : [Element("input", ["type": "hidden", "name": "space", "value": state.space.reference])]
    if let part {
      parts.append(Element("input", ["type": "hidden", "name": "inside", "value": part.text]))
    }
    guard !fields.isEmpty || spaces.count > 1 else { return Element("div") }
    if !fields.isEmpty {
      parts += [
        Element("label", ["for": "colour"], [.text("Colour by")]),
        choice("colour", [("", "nothing")] + fields.map { ($0, $0) }, colour),
      ]
    }
    parts.append(Element("button", ["type": "submit"], [.text("Show")]))
    return Element("form", ["action": "/map", "method": "get", "class": "spaces"], parts)
  }

  private func choice(
    _ name: String, _ values: [(value: String, text: String)], _ chosen: String
  ) -> Element {
    Element(
      "select", ["id": name, "name": name],
      values.map {
        Element(
          "option", ["value": $0.value, "selected": $0.value == chosen ? "" : nil],
          [.text($0.text)])
      })
  }

  /// Where the script draws, which reads all it needs from here.
  private func plane(isMade: Bool) throws -> Element {
    var source = "/v1/map?space=\(RequestTarget.encoded(state.space.reference))"
    if !colour.isEmpty { source += "&colour=\(RequestTarget.encoded(colour))" }
    return Element(
      "div",
      [
        "id": "map", "class": "map", "data-source": source, "data-made": isMade ? "" : nil,
        "data-collection": state.space.collection.name, "data-inside": part?.text,
        "data-page": address(), "hidden": "",
      ])
  }

  // MARK: - What is inside

  private func selection(of map: PlaneMap, inside part: PlanePolygon) throws -> [Element] {
    let places = map.places(in: part)
    let noun = state.space.spec.content.noun
    let shown = places.dropFirst(offset).prefix(PageState.size).map { map.ids[$0] }
    let items = try service.bench.workspace.items(named: shown, in: state.space.collection)
    let there = shown.filter { items[$0] != nil }
    let end = offset + shown.count
    let inside = part.text
    let json =
      "/v1/map?space=\(RequestTarget.encoded(state.space.reference))"
      + "&inside=\(RequestTarget.encoded(inside))"
    var plain = state
    plain.offset = 0
    return [
      Element(
        "h2", ["id": "inside"], [.text("\(Wording.count(places.count, noun)) inside the line")]),
      Element(
        "form", ["action": "/map", "method": "get", "class": "spaces"],
        [
          Element("input", ["type": "hidden", "name": "space", "value": state.space.reference]),
          Element("input", ["type": "hidden", "name": "colour", "value": colour]),
          Element("input", ["type": "hidden", "name": "inside", "value": inside]),
          Element("label", ["for": "name"], [.text("Name")]),
          Element(
            "input",
            ["id": "name", "name": "name", "type": "text", "value": name, "autocomplete": "off"]),
          Element("button", ["type": "submit"], [.text("Name them")]),
          .link("Their ids as JSON", to: json), .link("Without the line", to: address()),
        ]),
      Page.command(Service.command(of: map, part: part, name: name)),
    ] + Service.warnings(ofRemoved: shown.count - there.count).map(Page.note)
      + PageGrid(
        state: plain, space: state.space,
        cards: there.map { PageGrid.Card(id: $0, text: items[$0]?.text) },
        following: PageGrid.Following(end < places.count ? end : nil),
        label: "Inside the line",
        address: { [self] in address(inside: inside, name: name, offset: $0) }
      ).elements
  }
}
