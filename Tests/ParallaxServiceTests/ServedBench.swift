import ParallaxCore
import ParallaxHTTP
import ParallaxImaging
import ParallaxProviders
import ParallaxServer
import ParallaxStorage
import ParallaxTestSupport
import ParallaxWorkbench
import Testing

@testable import ParallaxService

/// A service over three pictures with metadata, asked without a socket.
struct ServedBench {
  let folder: String
  let bench: Workbench
  let service: Service

  /// Tags, quotes, line breaks, overrides, and paths.
  static let hostile = "\"><script>alert('x')</script>\r\nX: 1\u{202E}\u{2028}/../%2e%2e&#x27;"

  static func inNewFolder(
    mode: Workspace.Mode = .readWrite, token: TokenGate? = nil, uploadBytes: Int = 100_000,
    servesOther: Bool = false, judging: Judged? = nil, makesHostile: Bool = false,
    reviews: Bool = false,
    _ body: (ServedBench) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { folder in
      let bench = Workbench(
        workspace: try Workspace(path: folder + "/work.parallax"),
        providers: ProviderEnvironment(
          decoder: ImageDecoder(workers: 1, executable: builtProduct(named: "parallax")),
          threads: 1,
          miniFolder: "\(TestData.packageRoot)/Sources/ParallaxProviders/Resources/mini",
          transport: CurlTransport(connections: 1, agent: "parallax-tests")))
      defer { bench.close() }
      let spaces = try await prepare(bench, folder)
      var options = ServiceOptions(spaces: servesOther ? spaces : Array(spaces.prefix(2)))
      options.uploadBytes = uploadBytes
      options.judging = try judging.map { try $0.offer(of: spaces[0].collection, in: folder) }
      if makesHostile { try makeHostile(bench, spaces[0].collection, folder) }
      if reviews { options.groups = try await Self.review(of: spaces[0], bench) }
      let service = try Service(
        bench, options,
        policy: AccessPolicy(of: try ServerAddress(host: "127.0.0.1", port: 0), token: token),
        token: token
      ) { _ in }
      defer { service.close() }
      try await body(ServedBench(folder: folder, bench: bench, service: service))
    }
  }

  /// Answers that are graded: two systems that disagree, of two questions.
  struct Judged {
    var words = "a shoe"

    fileprivate func offer(
      of collection: ItemCollection, in folder: String
    ) throws -> JudgingOffer {
      let questions = QuestionSet([
        Question(
          id: "q1", terms: [Query.Term(.text(words), label: "text", parameter: "queries")]),
        Question(
          id: "q2",
          terms: [
            Query.Term(.image(path: folder + "/in/b.jpg"), label: "image", parameter: "queries"),
            Query.Term(.item(ItemID("c")), weight: -1, label: "like", parameter: "queries"),
          ]),
      ])
      let runs = [["a", "b"], ["b", "c"]].map { ids in
        var run = SystemRun(
          name: "secret-\(ids[0])",
          lists: ["q1", "q2"].map { question in
            SystemRun.List(
              question: question,
              hits: ids.enumerated().map { place, id in
                SystemRun.Hit(id: ItemID(id), score: 0.123456 / Double(place + 1), rank: place + 1)
              })
          }, questions: questions)
        run.collection = collection
        return run
      }
      return JudgingOffer(
        name: "grades", runs: runs, request: JudgingRequest(seed: 1),
        command: "judge one two --to grades --pool 20")
    }
  }

  /// One group of the three pictures, of which `a` stays.
  private static func review(of space: Space, _ bench: Workbench) async throws -> GroupReview {
    var request = GroupRequest(minimumScore: -1)
    request.keep = .policy(.path)
    let found = try await bench.groups(of: space, request) { _ in }
    return try bench.review(of: found, at: Set(found.groups.indices), called: "dups")
  }

  /// Gives an item a hostile id, text and caption.
  func makeHostile() throws {
    try Self.makeHostile(bench, try service.collection("c"), folder)
  }

  private static func makeHostile(
    _ bench: Workbench, _ collection: ItemCollection, _ folder: String
  ) throws {
    let id = ItemID(hostile)
    try bench.workspace.apply(
      [
        .rename(from: ItemID("a"), to: id, path: folder + "/in/a.jpg"), .setText(id, hostile),
        .setMetadata(id, ["caption": .text(hostile)]),
      ], to: collection)
    bench.spaces.unload(collection)
  }

  /// Collection `c` with `base`, and `turned`, whose vectors are those of other items; `other`, with
  /// the same ids, is served only where a test says so.
  private static func prepare(_ bench: Workbench, _ folder: String) async throws -> [Space] {
    for (name, tile) in ["a": "mug-001", "b": "shoe-001", "c": "brick-001"] {
      try TestFiles.copy(
        "\(TestData.packageRoot)/datasets/tiles/images/\(tile).jpg", to: "\(folder)/in/\(name).jpg")
    }
    try TestFiles.write(
      "file,year,caption\na.jpg,2019,a red mug\nb.jpg,2021,a shoe\nc.jpg,2022,\n",
      to: folder + "/meta.csv")
    var spaces: [Space] = []
    for name in ["c", "other"] {
      let collection = try bench.workspace.createCollection(named: name)
      var options = IngestOptions(path: folder + "/in")
      options.metadata = folder + "/meta.csv"
      options.key = "file"
      _ = try await bench.ingest(options, into: collection) { _ in }
      let request = EmbedRequest(name: "base", model: EmbedderRequest(model: "mini"))
      spaces.append(
        try await bench.embed(request, of: collection, budget: nil) { _ in }.space)
    }
    let base = spaces[0]
    let turned = try bench.workspace.createSpace(
      named: "turned", in: base.collection, spec: base.spec)
    let loaded = try bench.workspace.load(base)
    let items = try bench.workspace.items(in: base.collection)
    try bench.workspace.append(
      items.enumerated().map { place, item in
        StoredVector(
          item: item.rowID, hash: item.hash, vector: loaded.matrix.row((place + 1) % items.count))
      }, to: turned)
    return [base, turned, spaces[1]]
  }

  func ask(
    _ method: String = "GET", _ target: String, _ body: String = "",
    _ fields: [RequestHead.Field] = []
  ) async -> ServerResponse {
    await send(method, target, Array(body.utf8), type: "application/json", fields)
  }

  /// As a server hands a request over: admitted first.
  func send(
    _ method: String, _ target: String, _ body: [UInt8], type: String,
    _ fields: [RequestHead.Field] = []
  ) async -> ServerResponse {
    let head = RequestHead(
      method: method, target: target,
      fields: [.init("Host", "localhost"), .init("Content-Type", type)] + fields, client: "::1")
    switch service.admit(head) {
    case .answered(let response): return response
    case .accepted(let limit):
      guard body.count <= limit else { return ServerResponse(413) }
      return await service.respond(ServerRequest(head, body: body))
    }
  }

  func json(
    _ method: String = "GET", _ target: String, _ body: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> JSONValue {
    let response = await ask(method, target, body)
    #expect(
      response.status == 200, "\(String(decoding: response.body, as: UTF8.self))",
      sourceLocation: sourceLocation)
    return try JSONValue(parsing: response.body)
  }

  /// The code and the place of a refusal.
  func refusal(_ method: String = "GET", _ target: String, _ body: String = "") async throws
    -> (status: Int, code: String, parameter: String?)
  {
    let response = await ask(method, target, body)
    let problem = try JSONValue(parsing: response.body)
    try Shape.problem.check(problem)
    return (response.status, problem["code"]?.string ?? "", problem["parameter"]?.string)
  }
}

extension JSONValue {
  /// The ids of the hits of an answer.
  var ids: [String] { self["hits"]?.elements?.compactMap { $0["id"]?.string } ?? [] }
}
