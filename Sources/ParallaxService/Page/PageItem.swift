internal import ParallaxCore
private import ParallaxReporting
internal import ParallaxServer
internal import ParallaxStorage
internal import ParallaxWorkbench

/// The page of one item: its picture, its metadata, why it was found, what is near to it.
struct PageItem {
  /// Neighbours that are shown.
  private static let neighbours = 12

  let service: Service
  let state: PageState
  let item: ItemRecord

  static func address(
    of id: ItemID, in collection: ItemCollection, _ state: PageState
  ) -> String {
    state.address(
      "/item/\(RequestTarget.encoded(collection.name))/\(RequestTarget.encoded(id.rawValue))")
  }

  /// - Throws: `unknown-name`.
  init(_ call: Route.Call, in service: Service) throws {
    self.service = service
    var state = try PageState(call.request.head.target?.parameters ?? [], in: service)
    let collection = try service.collection(call.segment("collection"))
    if state.space.collection != collection {
      state.space = try service.space(collection.name)
      state.other = nil
    }
    self.state = state
    item = try service.item(call.segment("id"), in: collection)
  }

  func response() async throws -> ServerResponse {
    let metadata = try service.bench.workspace.metadata(
      of: [item.rowID], in: state.space.collection)
    let name = item.text ?? item.id.rawValue
    let address = Service.address(of: item.id, in: state.space.collection)
    let id = item.id.rawValue
    var facts: [(String, Element)] = (metadata.first ?? [:]).sorted { $0.key < $1.key }.map {
      ($0.key, .foreign($0.value.plainText))
    }
    facts += [
      ("id", .foreign(id)), ("file", .text(file)), ("SHA-256", .text(item.hash.hexadecimal)),
    ]
    var content: [Element] = [
      Element("h1", [:], [.foreign(name)]),
      Element(
        "p", ["class": "acts"],
        [
          .link("Back to the results", to: state.address()),
          .link("More like this", to: state.address { $0.look(id, away: false) }),
          .link("Less like this", to: state.address { $0.look(id, away: true) }),
          .link("Original", to: address + "/original"), .link("JSON", to: address),
        ]),
      Element(
        "div", ["class": "detail"],
        [
          Element(
            "img",
            [
              "src": address + "/thumbnail?side=1280", "alt": PageGrid.shown(name),
              "class": "whole", "width": item.width.map(String.init),
              "height": item.height.map(String.init),
            ]),
          .facts(facts),
        ]),
    ]
    content += try await part { try await explanation().map { [$0] } ?? [] }
    content.append(Element("h2", [:], [.text("Near to it in \(state.space.reference)")]))
    content += try await part { try await near() }
    return Page.response(
      title: name,
      [
        Page.header(of: state.space, in: service, home: PageState.home(of: state.space)),
        Element("main", ["id": "results", "tabindex": "-1"], content),
      ])
  }

  /// A part of the page, or what is wrong with that part alone.
  private func part(_ body: () async throws -> [Element]) async throws -> [Element] {
    do { return try await body() } catch let error as ParallaxError { return [Page.problem(error)] }
  }

  /// The items nearest to it.
  private func near() async throws -> [Element] {
    let near = try await service.neighbours(
      of: item.id.rawValue, in: state.space.collection, space: state.space.reference,
      top: Self.neighbours)
    let grid = PageGrid(
      state: state, space: state.space,
      cards: near.hits.map { hit, _ in
        PageGrid.Card(
          id: hit.id, text: near.items[hit.id]?.text, rank: hit.rank, score: hit.shownScore)
      }, label: "Neighbours")
    return [Page.command(near.request.command)] + near.warnings.map(Page.note) + grid.elements
  }

  private var file: String {
    var parts = [item.format ?? "", Wording.bytes(Int(item.size))]
    if let width = item.width, let height = item.height {
      parts.insert("\(width) × \(height)", at: 1)
    }
    return parts.filter { !$0.isEmpty }.joined(separator: " · ")
  }

  /// What each term of the question gave to the score.
  private func explanation() async throws -> Element? {
    guard state.isSearch, let found = try await standing(), let shares = found.shares,
      let terms = found.answer.rankings[0].contributions
    else { return nil }
    let rows = shares.indices.map { place in
      Element(
        "tr", [:],
        [
          Element("th", ["scope": "row"], [.foreign(terms.terms[place])]),
          Element("td", text: Wording.number(terms.weights[place])),
          Element("td", text: Wording.fixed(shares[place], digits: 4)),
        ])
    }
    let heads = ["term", "weight", "share"].map { Element("th", ["scope": "col"], [.text($0)]) }
    return Element(
      "section", ["class": "why"],
      [
        Element("h2", [:], [.text("Why it is number \(found.hit.rank)")]),
        Element(
          "table", [:],
          [
            Element(
              "caption", ["class": "soft"],
              [.text("The shares add up to the score, \(Wording.score(found.hit.score))")]),
            Element("thead", [:], [Element("tr", [:], heads)]), Element("tbody", [:], rows),
          ]),
      ])
  }

  /// The item in the answer to the question; `nil` where it is not among the first of it.
  private func standing() async throws
    -> (hit: Answer.Hit, shares: [Double]?, answer: Answer)?
  {
    let offers = try service.filters.filters(
      of: state.space.collection, in: service.bench.workspace)
    var request = try state.request(in: service, of: state.space, offers)
    request.offset = 0
    request.query.top = SearchRequest.mostHits
    let found = try await service.find(request)
    return found.hits.first { $0.hit.id == item.id }.map {
      ($0.hit, $0.contributions, found.answer)
    }
  }
}
