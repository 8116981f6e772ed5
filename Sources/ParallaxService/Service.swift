internal import ParallaxCore
private import ParallaxHTTP
private import ParallaxReporting
package import ParallaxServer
package import ParallaxStorage
private import ParallaxSystem
package import ParallaxWorkbench
private import Synchronization

/// What a service may show, and what it may cost.
package struct ServiceOptions: Sendable {
  /// At least one; the first is searched where a request names none.
  package var spaces: [Space]
  /// Millionths of a US dollar that may be spent in the workspace; `nil` for no limit.
  package var budget: Int?
  /// Measured recall of an index below which every row is compared instead.
  package var recallFloor = 0.0
  /// Bytes that a picture may have which somebody asks by.
  package var uploadBytes = 20_000_000
  /// Begins what is drawn at random.
  package var seed: UInt64 = 0
  /// Answers that people may grade; `nil` for none.
  package var judging: JudgingOffer?
  /// Groups whose members people judge; `nil` for none.
  package var groups: GroupReview?

  package init(spaces: [Space]) { self.spaces = spaces }
}

/// Answers requests with what some spaces hold. It changes nothing but grades and verdicts, where it is told to.
package final class Service: Sendable {
  package let bench: Workbench
  let options: ServiceOptions
  let policy: AccessPolicy
  let token: TokenGate?
  let metrics = Metrics()
  let thumbnails = PictureShelf(bytes: 64 << 20)
  let uploads: Uploads
  let filters = PageFilters()
  let maps = MapShelf()
  /// `nil` where nothing is graded.
  let desk: JudgingDesk?
  let groupAnswers: GroupAnswers
  let formKey = FormKey()
  /// Where it is asked, once that is known.
  private let url = Mutex("")
  /// Gets what a person who watches the server should know.
  let say: @Sendable (String) -> Void
  /// Questions that are answered at once; the others wait.
  private let gate = ConcurrencyGate(most: 2 * Processors.count)

  /// - Throws: `unwritable-file` where there is no folder for the pictures that are asked by; `not-found` where
  ///   answers are to be graded whose collection is not served.
  package init(
    _ bench: Workbench, _ options: ServiceOptions, policy: AccessPolicy, token: TokenGate? = nil,
    say: @escaping @Sendable (String) -> Void
  ) throws {
    self.bench = bench
    self.options = options
    self.policy = policy
    self.token = token
    self.say = say
    desk = options.judging.map { JudgingDesk($0, bench) }
    groupAnswers = GroupAnswers(bench)
    uploads = try Uploads()
    if desk != nil { _ = try judgedSpace() }
  }

  /// Removes what the service kept for itself.
  package func close() {
    maps.close()
    uploads.close()
  }

  /// Says where it is asked from now on.
  package func begin(at url: String) {
    self.url.withLock { $0 = url }
    sayLink()
  }

  private func sayLink() {
    guard let token else { return }
    let link = "\(url.withLock { $0 })/?\(TokenGate.parameter)=\(token.linkToken)"
    say("open \(link), which lets in once")
  }

  /// How much it has answered, in words.
  package var summary: String { Wording.count(metrics.total, "request") }

  /// Loads what the first question would wait for.
  ///
  /// - Throws: as loading a space does. A model that cannot be opened is for the question to say.
  package func warmUp(_ handler: @escaping EventHandler) async throws {
    for space in options.spaces {
      try await bench.prepareForMany(space, handler)
      let embedder = try? await bench.models.embedder(for: space, budget: options.budget)
      try? await embedder?.prepare(images: false, texts: true)
    }
  }

  // MARK: - Requests

  /// What becomes of a request whose header is there.
  package func admit(_ head: RequestHead) -> HTTPServer.Admission {
    let admission = decide(head)
    guard case .answered(let response) = admission else { return admission }
    return .answered(Page.shown(response, to: head))
  }

  private func decide(_ head: RequestHead) -> HTTPServer.Admission {
    let found = RouteTable.route(for: head)
    let link = link(in: head)
    let isOpen = link != nil || (try? found.get())?.isOpen ?? false
    if let refusal = policy.refusal(of: head, isOpen: isOpen) {
      metrics.note("refused", head.method, refusal.status, seconds: 0)
      return .answered(refusal)
    }
    if let token, let link {
      let (response, wasLink) = token.redeem(link, by: head.client)
      if wasLink { sayLink() }
      metrics.note("/", head.method, response.status, seconds: 0)
      return .answered(response)
    }
    switch found {
    case .success(let route):
      if let refusal = Self.typeRefusal(of: head, route) {
        metrics.note(route.template, head.method, refusal.status, seconds: 0)
        return .answered(refusal)
      }
      return .accepted(bodyLimit: route.bodyLimit(ofPicture: options.uploadBytes))
    case .failure(let refusal):
      metrics.note("none", head.method, refusal.response.status, seconds: 0)
      return .answered(refusal.response)
    }
  }

  /// What a link to the page lets in by.
  private func link(in head: RequestHead) -> String? {
    guard token != nil, head.method == "GET", head.target?.path == [] else { return nil }
    return head.target?.parameter(TokenGate.parameter)
  }

  private static let formType = "application/x-www-form-urlencoded"

  private static func typeRefusal(of head: RequestHead, _ route: Route) -> ServerResponse? {
    let type = head.contentType ?? ""
    let wanted: String
    switch route.body {
    case nil: return nil
    case .json where type == "application/json": return nil
    case .form where type == formType: return nil
    case .picture where type.hasPrefix("image/") || type == "application/octet-stream": return nil
    case .json: wanted = "application/json"
    case .form: wanted = formType
    case .picture: wanted = "the type of the picture, such as image/jpeg"
    }
    return .refusal(
      415, ParallaxError(.wrongContentType, "Content-Type takes \(wanted); got '\(type)'"))
  }

  /// Answers a request that was admitted.
  package func respond(_ request: ServerRequest) async -> ServerResponse {
    let started = ContinuousClock.now
    let (name, response) = await answer(request)
    metrics.note(
      name, request.head.method, response.status,
      seconds: started.duration(to: .now) / .seconds(1))
    return response
  }

  private func answer(_ request: ServerRequest) async -> (route: String, ServerResponse) {
    switch RouteTable.route(for: request.head) {
    case .failure(let refusal): return ("none", refusal.response)
    case .success(let route):
      do {
        let path = request.head.target?.path ?? []
        let call = try route.call(request, route.match(path) ?? [:])
        return (route.template, try await route.handle(self, call))
      } catch {
        return (route.template, Self.response(to: error))
      }
    }
  }

  static func response(to error: any Error) -> ServerResponse {
    guard let error = error as? ParallaxError else {
      return error is CancellationError
        ? .refusal(503, ParallaxError(.serverEnding, "the server ends"))
        : .refusal(500, ParallaxError(.internalError, "the request failed"))
    }
    return .refusal(
      error.code.status, error, error.code == .workspaceInUse ? [("Retry-After", "5")] : [])
  }

  /// Runs what takes a processor when there is one.
  ///
  /// - Throws: `CancellationError`; what `body` throws.
  func whenFree<Result>(_ body: () async throws -> Result) async throws -> Result {
    try await gate.whenFree(body)
  }

  // MARK: - What is served

  /// The space of a request.
  ///
  /// - Parameter name: of a space, or of a collection; `nil` for the first.
  /// - Throws: `unknown-name` with the names there are.
  func space(_ name: String?) throws -> Space {
    guard let name else { return options.spaces[0] }
    if let space = options.spaces.first(where: {
      $0.reference == name || $0.collection.name == name
    }) {
      return space
    }
    let names = options.spaces.map(\.reference)
    throw ParallaxError(
      .unknownName, "no space '\(name)' is served here",
      hint: Suggestion.hint(for: name, among: names)
        ?? "there are: \(names.joined(separator: ", "))",
      parameter: "space")
  }

  /// The collections of the spaces, each once.
  var collections: [ItemCollection] {
    options.spaces.map(\.collection).reduce(into: []) { found, collection in
      if !found.contains(collection) { found.append(collection) }
    }
  }

  /// - Throws: `unknown-name`, `collection-gone`.
  func collection(_ name: String) throws -> ItemCollection {
    let served = collections
    if let collection = served.first(where: { $0.name == name }) {
      try checkThere(collection)
      return collection
    }
    throw ParallaxError(
      .unknownName, "no collection '\(name)' is served here",
      hint: Suggestion.hint(for: name, among: served.map(\.name)))
  }

  /// - Throws: `collection-gone`, `space-gone` when another session removed or renamed it meanwhile.
  func checkThere(_ space: Space) throws {
    try checkThere(space.collection)
    guard
      try bench.workspace.spaces(in: space.collection).contains(where: { $0.rowID == space.rowID })
    else {
      throw ParallaxError(
        .spaceGone, "the space '\(space.reference)' was removed since it is served",
        hint: "serve again what is there now")
    }
  }

  /// - Throws: `collection-gone` when another session removed or renamed it meanwhile.
  func checkThere(_ collection: ItemCollection) throws {
    let found: ItemCollection?
    do { found = try bench.workspace.collection(named: collection.name) } catch let error
      as ParallaxError where error.code == .unknownName
    { found = nil }
    guard found?.rowID == collection.rowID, found?.created == collection.created else {
      throw ParallaxError(
        .collectionGone,
        "the collection '\(collection.name)' was removed or renamed since it is served",
        hint: "serve again what is there now")
    }
  }

  /// - Throws: `unknown-name`.
  func item(_ id: String, in collection: ItemCollection) throws -> ItemRecord {
    if let item = try bench.workspace.item(ItemID(id), in: collection) { return item }
    throw ParallaxError(.unknownName, "no item '\(id)' in '\(collection.name)'")
  }
}

extension ParallaxError.Code {
  /// A collection that is served was removed by another session.
  static let collectionGone = Self("collection-gone")
  /// A space that is served was removed by another session.
  static let spaceGone = Self("space-gone")

  /// The status of HTTP that says so.
  var status: Int {
    switch name {
    case "unknown-name", "not-found", "unreadable-file": 404
    case "not-authorized": 401
    case "changed-file", "collection-gone", "space-gone", "model-changed", "no-background",
      "nothing-to-take-back", "answered-again":
      409
    case "image-too-large", "body-too-large": 413
    case "corrupt-image", "unsupported-format", "image-too-slow", "image-crashed-decoder",
      "rejected-input", "unusable-vector":
      422
    case "budget", "read-only", "wrong-form": 403
    case "quota", "too-many-requests": 429
    case "provider", "bad-reply", "authentication": 502
    case "missing-component", "missing-key", "offline", "cancelled", "server-ending",
      "worker-killed", "workspace-in-use":
      503
    case "internal-error", "damaged-data", "damaged-index", "storage", "inference-failed",
      "unwritable-file", "index", "workspace-gone":
      500
    default: 400
    }
  }
}
