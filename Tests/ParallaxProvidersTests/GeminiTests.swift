import ParallaxCore
import ParallaxHTTP
import ParallaxImaging
import ParallaxTestSupport
import Testing

@testable import ParallaxProviders

/// The Gemini API's wire format and the engine behind it, over real HTTP.
@Suite(.enabled(if: ProviderServer.python != nil, "needs Python"))
struct GeminiTests {
  private static let tiles = TestData.packageRoot + "/datasets/tiles/images"
  private static let decoder = ImageDecoder(
    workers: 2, executable: builtProduct(named: "parallax"))

  private func withServer(
    _ options: [String] = [], _ body: (ProviderServer) async throws -> Void
  ) async throws {
    let server = try await ProviderServer(options)
    defer { server.stop() }
    try await body(server)
  }

  private func embedder(
    _ server: ProviderServer, model: String = "gemini-embedding-2", dimension: Int? = 256,
    task: String? = nil, key: String = ProviderServer.key, sleep: NotingSleep = NotingSleep()
  ) async throws -> any MeteredEmbedder {
    let made = try await GeminiProvider.makeEmbedder(
      EmbedderRequest(model: model, dimension: dimension, task: task),
      in: ProviderEnvironment(
        decoder: Self.decoder, threads: 1, miniFolder: nil,
        transport: CurlTransport(connections: 8, agent: "parallax-tests"),
        variables: server.environment(key: key), sleep: { sleep($0) }))
    return try #require(made as? any MeteredEmbedder)
  }

  private func inputs(_ names: [String]) -> [ModelInput] {
    names.map { ModelInput(name: $0, parts: [.image(path: "\(Self.tiles)/\($0).jpg")]) }
  }

  @Test func `pictures and texts become unit vectors, in order`() async throws {
    try await withServer { server in
      let gemini = try await embedder(server)
      let together = try await gemini.embed(
        inputs(["mug-001", "mug-002", "car-001"]), side: .document)
      let alone = try #require(try await gemini.embed(inputs(["mug-002"]), side: .document).first)
        .get()
      #expect(try together[1].get() == alone)
      #expect(try together[0].get() != alone)
      #expect(abs(alone.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5 && alone.count == 256)
      #expect(try await server.seen().accepted == 2)
    }
  }

  @Test func `the key is in a header and nowhere else`() async throws {
    try await withServer { server in
      _ = try await embedder(server).vectors(of: ["cat"], side: .query)
      let request = try #require(try await server.seen().requests.first)
      #expect(request.path == "/v1/models/gemini-embedding-2:batchEmbedContents")
      #expect(request.headers["x-goog-api-key"] == ProviderServer.key)
      #expect(request.headers["content-type"] == "application/json")
      #expect(request.headers["expect"] == nil)
    }
  }

  @Test func `a task is words before a text, and moves texts only`() async throws {
    try await withServer { server in
      let bare = try await embedder(server)
      let search = try await embedder(server, task: "RETRIEVAL_DOCUMENT")
      #expect(search.spec.queryTask == "RETRIEVAL_QUERY")
      let prefixed = try await bare.vectors(
        of: ["task: search result | query: cat", "title: none | text: cat"], side: .query)
      #expect(try await search.vectors(of: ["cat"], side: .query)[0] == prefixed[0])
      #expect(try await search.vectors(of: ["cat"], side: .document)[0] == prefixed[1])
      let pictures = try await (
        bare.embed(inputs(["mug-001"]), side: .document),
        search.embed(inputs(["mug-001"]), side: .document)
      )
      #expect(try pictures.0[0].get() == pictures.1[0].get())
    }
  }

  @Test(arguments: [
    ["429"], ["429-bare", "429"], ["500"], ["503", "500"], ["html"], ["reset"], ["truncated"],
  ])
  func `what passes is tried again`(faults: [String]) async throws {
    try await withServer { server in
      try await server.misbehave(faults)
      let sleep = NotingSleep()
      let outcomes = try await embedder(server, sleep: sleep)
        .embed(inputs(["mug-001", "mug-002"]), side: .document)
      #expect(outcomes.allSatisfy { (try? $0.get()) != nil })
      #expect(sleep.waits.count == faults.count)
      #expect(try await server.seen().requests.count == faults.count + 1)
    }
  }

  @Test(arguments: [
    ("429-day", "quota", "the day's quota of 'gemini-embedding-2' is used up"),
    ("count", "bad-reply", "'gemini' answered 1 vectors for 2 items ('mug-001', 'mug-002')"),
    ("dimension", "bad-reply", "'gemini' answered 5 dimensions; asked were 256"),
    ("nan", "bad-reply", "not the JSON of embeddings"),
    ("cut-json", "bad-reply", "not the JSON of embeddings"),
  ])
  func `what does not pass is an error at once`(
    fault: String, code: String, message: String
  ) async throws {
    try await withServer { server in
      try await server.misbehave([fault])
      let gemini = try await embedder(server)
      await #expect {
        _ = try await gemini.embed(inputs(["mug-001", "mug-002"]), side: .document)
      } throws: { error in
        guard let error = error as? ParallaxError else { return false }
        return error.code.name == code && error.code.exitCode == 4
          && error.message.contains(message)
      }
      #expect(try await server.seen().requests.count == 1)
    }
  }

  @Test func `a poisoned picture is found, and the others are not lost`() async throws {
    try await withServer { server in
      let names = (1...9).map { "mug-00\($0)" }
      let gemini = try await embedder(server)
      let wanted = try await gemini.embed(inputs(names), side: .document)
      let poisoned = try await RemotePicture.usual.jpeg(
        at: "\(Self.tiles)/mug-004.jpg", Self.decoder)
      try await server.misbehave(poison: [try await sha256(poisoned)])
      let outcomes = try await gemini.embed(inputs(names), side: .document)
      #expect(outcomes.map { (try? $0.get()) != nil } == names.map { $0 != "mug-004" })
      #expect(try outcomes[0].get() == wanted[0].get())
      #expect {
        try outcomes[3].get()
      } throws: { ($0 as? ParallaxError)?.code == .rejectedInput }
    }
  }

  @Test func `what was answered before a failure is handed over before it`() async throws {
    try await withServer { server in
      try await server.misbehave([nil, "429-day"])
      let gemini = try await embedder(server)
      let texts = (0..<150).map { "text \($0)" }
      let meter = NotingMeter()
      await #expect {
        _ = try await gemini.embed(texts.map { .text($0) }, side: .document, meter: meter)
      } throws: { ($0 as? ParallaxError)?.code == .quota }
      #expect(
        meter.log == ["begin 0-99", "settle 0-99", "begin 100-149", "release"])
      #expect(try await server.items() == 100)
    }
  }

  @Test func `tokens are counted with the words of the task`() async throws {
    try await withServer { server in
      let texts = ["a red mug", "cat"]
      #expect(try await embedder(server).countTokens(of: texts) == 4)
      // 'title: none | text: ' goes before each.
      let search = try await embedder(server, task: "RETRIEVAL_DOCUMENT")
      #expect(try await search.countTokens(of: texts) == 4 + 2 * 4)
    }
  }

  @Test(arguments: [
    ("wrong-key-wrong-key", "gemini-embedding-2", "authentication"),
    (ProviderServer.key, "gemini-embedding-9", "unknown-model"),
  ])
  func `a key or a model that is not known is said without the key`(
    key: String, model: String, code: String
  ) async throws {
    try await withServer { server in
      let gemini = try await embedder(server, model: model, key: key)
      await #expect {
        _ = try await gemini.vectors(of: ["cat"], side: .query)
      } throws: { error in
        guard let error = error as? ParallaxError else { return false }
        return error.code.name == code && !"\(error)".contains(key)
      }
    }
  }

  @Test func `a server that is not there is asked three times`() async throws {
    try await withServer { server in
      let sleep = NotingSleep()
      let gemini = try await embedder(server, sleep: sleep)
      // Nobody listens once its process is gone.
      await server.stopAndWait()
      await #expect {
        _ = try await gemini.vectors(of: ["cat"], side: .query)
      } throws: { error in
        guard let error = error as? ParallaxError else { return false }
        return error.code == .provider && error.message.contains("tried 3 times: no connection")
      }
      #expect(sleep.waits.count == 2)
    }
  }

  @Test func `a body that does not come is given up in time`() async throws {
    try await withServer { server in
      try await server.misbehave(["slow"])
      var request = HTTPRequest(
        url: "http://127.0.0.1:\(server.port)/v1/models/gemini-embedding-2:batchEmbedContents",
        secretHeaders: [.init("x-goog-api-key", Secret(ProviderServer.key))],
        body: Array("{\"requests\":[]}".utf8))
      request.timeout = .milliseconds(300)
      let transport = CurlTransport(connections: 1, agent: "parallax-tests")
      await #expect {
        _ = try await transport.send(request)
      } throws: { ($0 as? TransportFailure)?.kind == .timedOut }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `a request under way is given up when nobody waits for it`() async throws {
    try await withServer { server in
      try await server.misbehave(["never"])
      let gemini = try await embedder(server)
      let task = Task { try await gemini.vectors(of: ["cat"], side: .query) }
      while try await server.seen().requests.isEmpty {
        try await Task.sleep(for: .milliseconds(5))
      }
      task.cancel()
      await #expect {
        _ = try await task.value
      } throws: { ($0 as? ParallaxError)?.code == .cancelled }
    }
  }

  /// By the system's tool, independent of the code under test.
  private func sha256(_ bytes: [UInt8]) async throws -> String {
    try await withTemporaryDirectory { folder in
      try TestFiles.write(bytes, to: folder + "/f")
      let outcome = try await ProgramRun("/usr/bin/sha256sum", [folder + "/f"]).finish()
      return String(outcome.output.prefix { $0 != " " })
    }
  }
}
