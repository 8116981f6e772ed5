internal import ParallaxCore
internal import ParallaxServer

/// What people see.
extension Route {
  static let page = Route(
    method: "GET", template: "/", summary: "Asks, and shows what was found", tag: "page",
    answer: .text("text/html"), isPage: true
  ) { service, call in
    await pageOrProblem(in: service) {
      try await PageSearch(call, in: service).response()
    }
  }

  static let itemPage = Route(
    method: "GET", template: "/item/{collection}/{id}", summary: "One item", tag: "page",
    answer: .text("text/html"), isPage: true
  ) { service, call in
    await pageOrProblem(in: service) { try await PageItem(call, in: service).response() }
  }

  static let mapPage = Route(
    method: "GET", template: "/map", summary: "The items of a space on a plane", tag: "page",
    answer: .text("text/html"), isPage: true
  ) { service, call in
    await pageOrProblem(in: service) { try await PageMap(call, in: service).response() }
  }

  static let judgePage = Route(
    method: "GET", template: "/judge", summary: "Grades answers", tag: "page",
    answer: .text("text/html"), isPage: true
  ) { service, call in
    await pageOrProblem(in: service) { try PageJudge(call, in: service).response() }
  }

  static let judgementsPage = Route(
    method: "GET", template: "/judgements", summary: "What judges said", tag: "page",
    answer: .text("text/html"), isPage: true
  ) { service, call in
    await pageOrProblem(in: service) { try PageJudge(call, in: service).judgements() }
  }

  static let groupsPage = Route(
    method: "GET", template: "/groups", summary: "Groups of near-duplicates, to be judged",
    tag: "page", answer: .text("text/html"), isPage: true
  ) { service, call in
    await pageOrProblem(in: service) {
      try PageGroups(call.request.head.target?.parameters ?? [], in: service).response()
    }
  }

  static let answerGroups = Route(
    method: "POST", template: "/groups", summary: "Keeps what a form says of a group",
    tag: "page", body: .form, answer: .text("text/html"), isPage: true
  ) { service, call in
    await pageOrProblem(in: service) { try await PageGroups.answer(call, in: service) }
  }

  static let asset = Route(
    method: "GET", template: "/assets/{name}", summary: "Styles and scripts", tag: "page",
    answer: .text("text/css"), isOpen: true, isPage: true
  ) { _, call in
    guard let asset = PageAsset.all.first(where: { $0.name == call.segment("name") }) else {
      throw ParallaxError(.notFound, "there is nothing at this address")
    }
    if call.request.head.field("if-none-match") == asset.tag {
      return ServerResponse(304, [("ETag", asset.tag), ("Cache-Control", "private, no-cache")])
    }
    return ServerResponse(
      200,
      [
        ("Content-Type", asset.type), ("ETag", asset.tag), ("Cache-Control", "private, no-cache"),
      ], body: asset.bytes)
  }

  /// A page that says what is wrong.
  private static func pageOrProblem(
    in service: Service, _ body: () async throws -> ServerResponse
  ) async -> ServerResponse {
    do { return try await body() } catch {
      let error =
        error as? ParallaxError ?? ParallaxError(.serverEnding, "the request was not finished")
      let home = PageState.home(of: service.options.spaces[0])
      return Page.response(
        error.code.status, title: "Not done",
        [
          Element(
            "main", ["id": "results"],
            [
              Element("h1", [:], [.text("This cannot be shown")]), Page.problem(error),
              Element("p", [:], [.link("To the beginning", to: home)]),
            ])
        ])
    }
  }
}
