package import CommandLanguage
internal import ParallaxCore
private import ParallaxProviders
private import ParallaxReporting
internal import ParallaxServer
internal import ParallaxService
internal import ParallaxStorage
internal import ParallaxWorkbench

package struct ServeCommand: Command {
  private static let space = ObjectKey.byHand("COLLECTION[@SPACE]", .space)
  private static let also = OptionKey.list(
    "also", .space, placeholder: "SPACE", help: "more spaces, to search and to compare")
  private static let port = OptionKey.single(
    "port", .integer(0...65_535), placeholder: "N", help: "where it listens; 0 takes a free port",
    default: 8_080)
  private static let host = OptionKey.single(
    "host", .text, placeholder: "ADDRESS",
    help: "beyond this machine, such as 0.0.0.0, only with a token", default: "127.0.0.1")
  private static let needsToken = OptionKey.flag(
    "token", help: "let in only who opens the link that is shown, or sends $\(tokenVariable)")
  private static let names = OptionKey.list(
    "name", .text, placeholder: "NAME", help: "names under which it is asked, besides its address")
  private static let rate = OptionKey<Double?>.single(
    "rate", .number(0.1...100_000), placeholder: "X",
    help: "requests a second that one address may make",
    defaultNote: "no limit on this machine, 100 beyond it")

  private static let groups = OptionKey.single(
    "groups", .result, placeholder: "RESULT",
    help: "a result of 'dedupe' or 'cluster', whose members people judge on the page")

  private static let tokenVariable = "PARALLAX_SERVE_TOKEN"
  /// Requests a second, beyond this machine.
  private static let usualRate = 100.0

  package static let signature = CommandSignature(
    verb: "serve", group: "Search",
    summary: "a page and a JSON interface to search by, until Ctrl-C",
    discussion: """
      The page searches by words, by pictures that are dropped on it, and by "more like this", shows items with \
      their metadata, two spaces side by side, and a map as 'map' makes it. Programs ask POST /v1/search and the other addresses that \
      /openapi.json describes. Only the spaces named here are reachable, and nothing can be changed but grades and verdicts, \
      where --judge and --groups say so. A space is read once: serve again after 'embed' or 'sync'.

      Only this machine reaches it, unless --host says otherwise, which needs a token: --token shows a link that \
      lets in once and leaves a cookie; programs send 'Authorization: Bearer' with the text of \
      $PARALLAX_SERVE_TOKEN, which asks for a token whenever it is set. What passes is not encrypted: beyond a \
      network that you trust, put a proxy with a certificate before it and name it with --name.

      With --judge NAME people grade the answers of --run there, as 'judge RUN… --to NAME' does here: the same answers in \
      the same order, blind to the systems, each grade kept at once, several people at a time. 'judgements' and \
      --qrels NAME take what they said; the page shows how far they agree.

      With --groups RESULT the page shows the groups of a result of 'dedupe' or 'cluster', and people say of each member \
      whether it is the same picture as the one that stays: y, n, s to skip, u to take the last answer back. Each \
      verdict is kept at once, as 'judge RESULT' keeps it.

      Questions in words cost what 'query' costs: with a remote model, whoever asks spends of the budget.

      At the prompt it runs until Ctrl-C, and the prompt comes back. 'parallax serve work.parallax photos@base' \
      serves from a shell without writing to the workspace, so that another session can.
      """,
    objects: [space],
    options: [also, port, host, needsToken, names, rate, groups] + ServedJudging.declarations,
    examples: [
      "serve photos@base", "serve photos@base --also photos@v2 --port 0",
      "serve photos@base --host 0.0.0.0 --token",
      "serve photos@base --judge grades --run q,r --pool 10",
      "serve photos@base --groups dups",
    ])

  private let spaces: [SpaceReference]
  private let address: ServerAddress
  private let needsToken: Bool
  private let names: [String]
  private let rate: Double?
  /// `nil` where nothing is graded.
  private let judging: ServedJudging?
  private let groups: String?

  package init(_ arguments: Arguments) throws {
    spaces = [try arguments[Self.space]] + (try arguments[Self.also])
    let (host, port) = (try arguments[Self.host], try arguments[Self.port])
    address = try ServerAddress(host: host, port: port)
    needsToken = try arguments[Self.needsToken]
    names = try arguments[Self.names]
    rate = try arguments[Self.rate]
    judging = try ServedJudging(arguments)
    groups = try arguments[Self.groups]
  }

  package func foresee(in scope: inout ScriptScope) throws {
    for (place, space) in spaces.enumerated() {
      try attributing(to: Self.parameter(ofSpace: place)) { try scope.require(space) }
    }
    try judging?.foresee(in: &scope)
  }

  package func demand(in scope: PlanScope) async throws -> CallDemand {
    try await judging?.demand(in: scope) ?? .none
  }

  private static func parameter(ofSpace place: Int) -> ParallaxError.Parameter {
    place == 0 ? space.parameter() : also.parameter(place - 1)
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    guard session.witness == nil else {
      throw ParallaxError(
        .unsupported, "'serve' runs until somebody ends it: it is no step of a notebook")
    }
    let token = try token(in: session)
    let review = try review(in: session)
    let events = EventCollector(session.console)
    let offer = try await judging?.offer(in: session, events.handler)
    let service = try service(in: session, token: token, offer, review)
    defer { service.close() }
    try await service.warmUp(events.handler)
    let server = try HTTPServer(
      at: address, admit: { service.admit($0) }, handle: { await service.respond($0) })
    say(server, session)
    service.begin(at: server.address.url)
    if let review { Self.introduce(review, server, session) }
    for note in events.notes { session.console.note(note) }
    for warning in events.warnings { session.warn(of: warning) }
    await session.untilEnded()
    await server.stop()
    return .note("ended after \(service.summary)")
  }

  /// - Throws: `invalid-value` for a token that can be guessed; `usage` beyond this machine without one.
  @MainActor private func token(in session: Session) throws -> TokenGate? {
    let own = session.providers.variables[Self.tokenVariable].flatMap { $0.isEmpty ? nil : $0 }
    guard needsToken || own != nil else {
      guard address.isLoopback else {
        throw ParallaxError(
          .usage, "'\(address.host)' is reached by other machines: it needs --token",
          hint: "--token lets in only who has the link", parameter: Self.host.parameter())
      }
      // A name of its own is that of a proxy before it, which others reach.
      if let name = names.first(where: { $0 != "localhost" && !$0.hasSuffix(".localhost") }) {
        throw ParallaxError(
          .usage, "under the name '\(name)' other machines ask: it needs --token",
          hint: "--token lets in only who has the link", parameter: Self.names.parameter())
      }
      return nil
    }
    if let own, own.count < TokenGate.leastLength {
      throw ParallaxError(
        .invalidValue,
        "\(Self.tokenVariable) takes at least \(TokenGate.leastLength) characters; it has \(own.count)",
        hint: "'openssl rand -hex 24' gives some")
    }
    return try TokenGate(token: own, cookie: "parallax")
  }

  @MainActor private func service(
    in session: Session, token: TokenGate?, _ offer: JudgingOffer?, _ review: GroupReview?
  ) throws -> Service {
    let found = try served(in: session)
    var options = ServiceOptions(spaces: found)
    options.groups = review
    options.budget = session.budget
    options.recallFloor = session.settings[.indexFloor]
    options.seed = UInt64(session.settings[.seed])
    options.judging = offer
    options.uploadBytes = min(
      options.uploadBytes, session.settings[.imageMegabytes] * 1_000_000)
    let rate = rate ?? (address.isLoopback ? nil : Self.usualRate)
    let console = session.console
    return try Service(
      session.bench, options,
      policy: AccessPolicy(of: address, names: names, token: token, rate: rate), token: token
    ) { console.note($0) }
  }

  /// The spaces, each once.
  @MainActor private func served(in session: Session) throws -> [Space] {
    var found: [Space] = []
    for (place, reference) in spaces.enumerated() {
      let space = try attributing(to: Self.parameter(ofSpace: place)) {
        try session.bench.space(reference)
      }
      if !found.contains(space) { found.append(space) }
    }
    return found
  }

  // MARK: - Groups

  /// - Returns: `nil` where none are looked through.
  /// - Throws: `unknown-name`; `unsupported` for what has no groups, or has those of another collection;
  ///   `read-only`.
  @MainActor private func review(in session: Session) throws -> GroupReview? {
    guard let name = groups else { return nil }
    return try attributing(to: Self.groups) {
      let result = try session.result(name, nil, for: Self.self)
      guard case .groups(let listing) = result.content else {
        throw ParallaxError(
          .unsupported, "'\(result.name)' has no groups that could be judged",
          hint: "'dedupe' and 'cluster' give groups")
      }
      let collection = listing.found.collection
      guard try served(in: session).contains(where: { $0.collection == collection }) else {
        throw ParallaxError(
          .unsupported, "'\(result.name)' has groups of '\(collection.name)', which is not served",
          hint: "--also names more spaces")
      }
      guard session.workspace.mode == .readWrite else {
        throw ParallaxError(
          .readOnly,
          "'\(session.workspace.path)' is open for reading only: verdicts cannot be kept")
      }
      let review = try session.bench.review(
        of: listing.found, at: Set(listing.rows.map(\.group)), called: result.name)
      let warnings = Self.warnings(of: review)
      try session.refuse(warnings)
      for warning in warnings { session.warn(of: warning) }
      return review
    }
  }

  @MainActor private static func introduce(
    _ review: GroupReview, _ server: HTTPServer, _ session: Session
  ) {
    session.console.note(
      "\(server.address.url)/groups asks about \(Wording.count(review.pairs.count, "pair")) in "
        + "\(Wording.count(review.groups.count, "group")) of '\(review.name)'; verdicts are kept "
        + "in the workspace")
    if review.withoutQuestion > 0 {
      session.console.note(
        "\(Wording.count(review.withoutQuestion, "group")) of copies of the same bytes left out: "
          + "nothing is asked of them")
    }
  }

  private static func warnings(of review: GroupReview) -> [String] {
    review.changed == 0
      ? []
      : [
        "\(Wording.count(review.changed, "image")) of '\(review.name)' left out: gone, or another "
          + "picture now"
      ]
  }

  @MainActor private func say(_ server: HTTPServer, _ session: Session) {
    let named = spaces.map { "'\($0.text)'" }.joined(separator: ", ")
    let others = address.isAny ? " and every other address of this machine" : ""
    session.console.note("serving \(named) at \(server.address.url)\(others); Ctrl-C ends it")
    if let judging {
      session.console.note(
        "answers are graded at \(server.address.url)/judge, and kept in '\(judging.name)'")
    }
  }
}
