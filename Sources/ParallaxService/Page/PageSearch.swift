private import ParallaxConditions
internal import ParallaxCore
private import ParallaxReporting
internal import ParallaxServer
internal import ParallaxStorage
internal import ParallaxWorkbench

/// The page that asks and shows what was found.
struct PageSearch {
  let service: Service
  let state: PageState
  let offers: [PageFilter]

  init(_ call: Route.Call, in service: Service) throws {
    self.service = service
    state = try PageState(call.request.head.target?.parameters ?? [], in: service)
    offers = try service.filters.filters(
      of: state.space.collection, in: service.bench.workspace)
  }

  func response() async -> ServerResponse {
    var status = 200
    var results: [Element]
    do { results = try await self.results() } catch let error as ParallaxError {
      status = error.code.status
      results = [Page.problem(error)]
    } catch {
      status = 503
      results = [Page.problem(ParallaxError(.serverEnding, "the server ends"))]
    }
    if !state.ignored.isEmpty {
      let names = state.ignored.map { "'\($0)'" }.joined(separator: ", ")
      results.insert(
        Page.note("what the address says of \(names) means nothing here, and was left out"), at: 0)
    }
    let form = PageForm(state: state, offers: offers, spaces: service.options.spaces)
    let home = PageState.home(of: state.space)
    return Page.response(
      status,
      title: state.text.isEmpty
        ? state.space.reference : "\(state.text) · \(state.space.reference)",
      [
        Page.header(of: state.space, in: service, home: home),
        Element(
          "main", [:],
          [
            Element("h1", ["class": "unseen"], [.text("Search \(state.space.collection.name)")]),
            form.element,
            Element(
              "section", ["id": "results", "aria-label": "Results", "tabindex": "-1"], results),
          ]),
      ])
  }

  private func results() async throws -> [Element] {
    guard state.isSearch else { return try await listing() }
    let request = try state.request(in: service, of: state.space, offers)
    guard let other = state.other else {
      return lists(of: try await service.find(request))
    }
    let beside = try request.asked(of: other)
    let (first, second) = (try await service.find(request), try await service.find(beside))
    return side(by: first, second)
  }

  // MARK: - One list

  private func lists(of found: Service.Found) -> [Element] {
    notes(of: found)
      + grid(of: found, beside: nil).elements
  }

  private func notes(of found: Service.Found) -> [Element] {
    let answer = found.answer
    var line =
      "\(Wording.count(found.hits.count)) of \(Wording.count(answer.candidates, state.space.spec.content.noun))"
    if let scores = answer.scores {
      line += " · scores \(Wording.score(scores.upperBound)) to \(Wording.score(scores.lowerBound))"
    }
    line += " · \(Wording.milliseconds(answer.embedding + answer.searching)) · \(answer.method)"
    var elements = [
      Element("p", ["class": "soft", "role": "status"], [.text(line)]),
      Page.command(found.request.command),
    ]
    if answer.hasNothingOutstanding {
      elements.append(
        Page.note("Nothing stands out: unrelated words score as high with these pictures."))
    }
    return elements + (found.notes + found.warnings).map(Page.note)
  }

  private func grid(of found: Service.Found, beside ranks: [ItemID: Int]?) -> PageGrid {
    PageGrid(
      state: state, space: found.request.space,
      cards: found.hits.map { hit, _ in
        PageGrid.Card(
          id: hit.id, text: found.items[hit.id]?.text, rank: hit.rank, score: hit.shownScore,
          otherRank: ranks.map { .some($0[hit.id]) } ?? .none)
      },
      following: PageGrid.Following(ranks == nil ? found.next : nil),
      label: "Found in \(found.request.space.reference)")
  }

  // MARK: - Two lists

  private func side(by first: Service.Found, _ second: Service.Found) -> [Element] {
    let moves = Moves(first, second)
    let ranks = { (found: Service.Found) in
      Dictionary(found.hits.map { ($0.hit.id, $0.hit.rank) }) { first, _ in first }
    }
    func column(_ found: Service.Found, _ other: Service.Found) -> Element {
      Element(
        "section", ["class": "column", "aria-label": found.request.space.reference],
        [
          Element("h2", [:], [.foreign(found.request.space.reference)]),
          Page.command(found.request.command),
        ] + (found.notes + found.warnings).map(Page.note)
          + grid(of: found, beside: ranks(other)).elements)
    }
    return [
      Element(
        "p", ["class": "soft", "role": "status"],
        [
          .text(
            "\(Wording.count(moves.shared)) of the first \(Wording.count(first.hits.count)) are in both lists"
          )
        ]),
      Element("div", ["class": "beside"], [column(first, second), column(second, first)]),
    ]
  }

  // MARK: - Nothing asked

  /// The items in the order of the space.
  private func listing() async throws -> [Element] {
    try service.checkThere(state.space)
    let loaded = try await service.bench.spaces.loading(state.space).loaded
    let condition = try state.wholeCondition(offers).map { try WhereExpression(parsing: $0) }
    let rows = try condition.map { condition in
      try condition.attributed {
        try service.bench.workspace.rowSet(in: loaded, matching: condition)
      }
    }
    let matching =
      rows.map { rows in loaded.ids.indices.filter(rows.contains) } ?? Array(loaded.ids.indices)
    let ids = matching.dropFirst(state.offset).prefix(PageState.size).map { loaded.ids[$0] }
    let items = try service.bench.workspace.items(named: ids, in: state.space.collection)
    let end = state.offset + ids.count
    let there = ids.filter { items[$0] != nil }
    let grid = PageGrid(
      state: state, space: state.space,
      cards: there.map { PageGrid.Card(id: $0, text: items[$0]?.text) },
      following: PageGrid.Following(end < matching.count ? end : nil),
      label: "Items of \(state.space.collection.name)")
    let line =
      "\(Wording.count(matching.count)) of \(Wording.count(loaded.ids.count, state.space.spec.content.noun)), as they come"
    return [Element("p", ["class": "soft", "role": "status"], [.text(line)])]
      + Service.warnings(ofRemoved: ids.count - there.count).map(Page.note) + grid.elements
  }
}

extension PageState {
  /// The page of a space with nothing asked.
  static func home(of space: Space) -> String {
    "/?space=\(RequestTarget.encoded(space.reference))"
  }
}
