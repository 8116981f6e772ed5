import ParallaxCore
import ParallaxHTTP
import ParallaxImaging
import ParallaxTestSupport
import Testing

@testable import ParallaxProviders

/// Every remote reranker against a server that reads its wire format strictly.
@Suite(.enabled(if: ProviderServer.python != nil, "needs Python"))
struct RemoteRerankerTests {
  private static let tiles = TestData.packageRoot + "/datasets/tiles/images"
  private static let decoder = ImageDecoder(
    workers: 2, executable: builtProduct(named: "parallax"))

  /// A model, and the form of a server of one's own.
  struct Case: Sendable, CustomTestStringConvertible {
    var model: String
    var form: String?
    var testDescription: String { "\(model) \(form ?? "")" }
  }

  static let looking = [
    Case(model: "jina-reranker-m0"), Case(model: "openai:Qwen/Qwen3-VL-Reranker-2B"),
    Case(model: "openai:jinaai/jina-reranker-m0", form: "vllm-score"),
  ]
  static let reading = [
    Case(model: "jina-reranker-v2-base-multilingual"), Case(model: "rerank-v4.0-pro"),
    Case(model: "rerank-2.5"), Case(model: "openai:text-only", form: "llama"),
  ]
  static let all = looking + reading

  /// A server of its own and what asks it.
  private func with(
    _ model: Case,
    _ body: (ProviderServer, any MeteredReranker) async throws -> Void
  ) async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    var variables = server.environment()
    variables["PARALLAX_OPENAI_RERANK_FORM"] = model.form
    let provider = try #require(
      ProviderRegistry.all.first { $0.recognizes(reranker: model.model) })
    let made = try await provider.makeReranker(
      RerankerRequest(model: model.model),
      in: ProviderEnvironment(
        decoder: Self.decoder, threads: 1, miniFolder: nil,
        transport: CurlTransport(connections: 8, agent: "parallax-tests"), variables: variables,
        sleep: { NotingSleep()($0) }))
    try await body(server, try #require(made as? any MeteredReranker))
  }

  private func picture(_ name: String) -> ModelInput {
    ModelInput(name: name, parts: [.image(path: "\(Self.tiles)/\(name).jpg")])
  }

  private static let texts = ["a red mug", "a \"blue\" mug\n", "a shoe"].map(ModelInput.text)
  private static let question = ModelInput.text("something to drink from")

  @Test(arguments: all)
  func `texts get scores of their own, in order`(model: Case) async throws {
    try await with(model) { server, reranker in
      let together = try await reranker.scores(of: Self.texts, for: Self.question)
        .map { try $0.get() }
      #expect(Set(together).count == 3)
      for (text, score) in zip(Self.texts, together) {
        let alone = try await reranker.scores(of: [text], for: Self.question)
        #expect(try alone.map { try $0.get() } == [score])
      }
      let other = try await reranker.scores(of: Self.texts, for: .text("to wear"))
      #expect(try other.map { try $0.get() } != together)
      // A kept score is a 32-bit number.
      #expect(together.allSatisfy { Double(Float($0)) == $0 })
      let paid = try await server.items()
      #expect(paid == 9)
    }
  }

  @Test(arguments: looking)
  func `pictures and texts may be mixed, and what cannot be read fails alone`(
    model: Case
  ) async throws {
    try await with(model) { _, reranker in
      let mixed = [
        picture("mug-001"), Self.texts[0], picture("nothing"), picture("shoe-002"), .text(" \n"),
      ]
      let scores = try await reranker.scores(of: mixed, for: Self.question)
      #expect(scores.map { (try? $0.get()) != nil } == [true, true, false, true, false])
      let alone = try await reranker.scores(of: [picture("shoe-002")], for: Self.question)
      #expect(try alone[0].get() == scores[3].get())
      let use = reranker.use(of: mixed[0], for: Self.question, among: 5)
      #expect(use.images == 1 && use.imageTokens > 200 && use.tokens == 5)
    }
  }

  @Test func `a question may hold a picture where the server takes one`() async throws {
    try await with(Self.looking[1]) { _, reranker in
      var question = picture("mug-002")
      question.parts.append(.text("in blue"))
      let both = try await reranker.scores(of: [picture("mug-001")], for: question)[0].get()
      question.parts.removeLast()
      let one = try await reranker.scores(of: [picture("mug-001")], for: question)[0].get()
      #expect(both != one)
    }
  }

  @Test(arguments: reading)
  func `a model that reads texts refuses pictures before any call`(model: Case) async throws {
    try await with(model) { server, reranker in
      #expect(!reranker.capabilities.readsImages)
      #expect(reranker.notes.contains { $0.contains("never the picture") })
      await #expect {
        _ = try await reranker.scores(of: [picture("mug-001")], for: Self.question)
      } throws: { ($0 as? ParallaxError)?.message.contains("reads texts, not pictures") == true }
      await #expect {
        _ = try await reranker.scores(of: Self.texts, for: picture("mug-001"))
      } throws: { ($0 as? ParallaxError)?.message.contains("questions of text only") == true }
      let seen = try await server.seen()
      #expect(seen.requests.isEmpty)
    }
  }

  @Test func `what a person should know is said`() async throws {
    try await with(Self.looking[0]) { _, reranker in
      #expect(reranker.notes.contains { $0.contains("CC BY-NC") })
      #expect(reranker.spec.scale == .unbounded)
      #expect(reranker.spec.identity.contains("jpeg90"))
    }
    try await with(Self.reading[1]) { _, reranker in
      #expect(reranker.spec.scale == .probability)
      let long = ModelInput.text(String(repeating: "word ", count: 4_097))
      _ = try await reranker.scores(of: [long, .text("short")], for: Self.question)
      let warnings = reranker.drainFindings().warnings
      #expect(warnings.count == 1 && warnings[0].contains("1 text is longer than the 4096 tokens"))
      #expect(reranker.drainFindings() == RerankerFindings())
    }
  }

  @Test(arguments: all)
  func `one bad score fails alone, and all are paid for once`(model: Case) async throws {
    try await with(model) { server, reranker in
      var faults = [
        ("null-one", "something else where a score should be"),
        ("text-one", "something else where a score should be"),
        ("nan-one", "a score that is not a number"),
        ("huge-one", "a score beyond the range of 32-bit numbers"),
        ("missing-index", "missing in the reply"),
      ]
      if model.model == "rerank-v4.0-pro" { faults.append(("above-one", "not from 0 to 1")) }
      for (fault, reason) in faults {
        let before = try await server.items()
        try await server.misbehave([fault])
        let meter = NotingMeter()
        let scores = try await reranker.scores(of: Self.texts, for: Self.question, meter: meter)
        #expect(scores.map { (try? $0.get()) != nil } == [true, false, true], "\(fault)")
        guard case .failure(let error) = scores[1] else { continue }
        #expect(error.message.contains(reason), "\(fault): \(error)")
        #expect(meter.log == ["begin 0-2", "settle 0,2"], "\(fault): \(meter.log)")
        let paid = try await server.items() - before
        #expect(paid == 3)
      }
      for fault in ["packed", "tiny-one", "integers"] where model.model != "rerank-v4.0-pro" {
        try await server.misbehave([fault])
        let scores = try await reranker.scores(of: Self.texts, for: Self.question)
        #expect(scores.allSatisfy { (try? $0.get()) != nil }, "\(fault)")
      }
    }
  }

  @Test(arguments: all)
  func `a reply that is wrong as a whole ends the work, and is paid for`(model: Case) async throws {
    try await with(model) { server, reranker in
      let faults = [
        ("same-index", "numbers its scores wrongly"),
        ("beyond-index", "numbers its scores wrongly"),
        ("without-index", "numbers its scores wrongly"),
        ("cut-json", "is not the JSON of scores"),
      ]
      for (fault, words) in faults {
        try await server.misbehave([fault])
        let meter = NotingMeter()
        await #expect {
          _ = try await reranker.scores(of: Self.texts, for: Self.question, meter: meter)
        } throws: { error in
          guard let error = error as? ParallaxError else { return false }
          return error.code == .badReply && error.message.contains(words)
            && error.message.contains("'a red mug'")
        }
        #expect(meter.log.last == "settle nothing", "\(fault): \(meter.log)")
      }
    }
  }

  @Test(arguments: all)
  func `what passes is asked again, and what will not is an error at once`(
    model: Case
  ) async throws {
    try await with(model) { server, reranker in
      try await server.misbehave(["429", "503", "html", "error-in-200"])
      var meter = NotingMeter()
      let scores = try await reranker.scores(of: Self.texts, for: Self.question, meter: meter)
      #expect(scores.allSatisfy { (try? $0.get()) != nil })
      let refused = Array(repeating: ["begin 0-2", "release"], count: 4).flatMap(\.self)
      #expect(meter.log == refused + ["begin 0-2", "settle 0-2"])
      // Cut off after it was paid for.
      try await server.misbehave(["truncated"])
      meter = NotingMeter()
      _ = try await reranker.scores(of: Self.texts, for: Self.question, meter: meter)
      #expect(
        meter.log == ["begin 0-2", "settle nothing", "begin 0-2", "settle 0-2"], "\(meter.log)")
      for (fault, words) in [
        ("refusal-in-200", "model is gone"), ("moved", "redirects to"),
        ("bomb", "is longer than"), ("429-day", "quota"),
      ] {
        let before = try await server.seen().requests.count
        try await server.misbehave([fault])
        await #expect {
          _ = try await reranker.scores(of: Self.texts, for: Self.question)
        } throws: { ($0 as? ParallaxError)?.message.contains(words) == true }
        let after = try await server.seen().requests.count
        #expect(after == before + 1, "\(fault)")
      }
    }
  }

  @Test(arguments: all)
  func `a document that is refused stands alone in the end, and no key is in a text`(
    model: Case
  ) async throws {
    try await with(model) { server, reranker in
      // SHA-256 of "a red mug", from sha256sum.
      try await server.misbehave(
        poison: ["10a5c24afb805fb27cf53d2617694afc090a3c9d1245e35c02fdfdb6e5d338c6"])
      let meter = NotingMeter()
      let scores = try await reranker.scores(of: Self.texts, for: Self.question, meter: meter)
      #expect(scores.map { (try? $0.get()) != nil } == [false, true, true], "\(meter.log)")
      try await server.misbehave(["echo"])
      let quoted = try await reranker.scores(of: [Self.texts[2]], for: Self.question)[0]
      guard case .failure(let error) = quoted else {
        Issue.record("not refused")
        return
      }
      let text = "\(error)".lowercased()
      let key = ProviderServer.key.lowercased()
      for start in key.indices.dropLast(3) { #expect(!text.contains(key[start...].prefix(4))) }
    }
  }

  @Test(arguments: [
    ("jina-reranker-m0", "needs a key in JINA_API_KEY"),
    ("rerank-v4.0-pro", "needs a key in CO_API_KEY or COHERE_API_KEY"),
    ("rerank-2.5", "needs a key in VOYAGE_API_KEY"),
    ("openai:m", "needs the address of a server"),
  ])
  func `what is missing is named`(model: String, message: String) async throws {
    let provider = try #require(ProviderRegistry.all.first { $0.recognizes(reranker: model) })
    let environment = ProviderEnvironment(
      decoder: Self.decoder, threads: 1, miniFolder: nil,
      transport: CurlTransport(connections: 1, agent: "parallax-tests"))
    await #expect {
      _ = try await provider.makeReranker(RerankerRequest(model: model), in: environment)
    } throws: { ($0 as? ParallaxError)?.message.contains(message) == true }
    // Offline nothing is sent, and no key is needed.
    var offline = environment
    offline.isOffline = true
    _ = try await provider.makeReranker(RerankerRequest(model: model), in: offline)
    await #expect {
      _ = try await provider.makeReranker(
        RerankerRequest(model: model, instruction: "look at colours"), in: offline)
    } throws: { ($0 as? ParallaxError)?.message.contains("takes no instruction") == true }
  }

  @Test func `a name leads to one provider, and is no model that embeds`() {
    for name in [
      "jina-reranker-m0", "jina-reranker-v3", "rerank-v4.0-pro", "rerank-2.5", "openai:m",
    ] {
      #expect(ProviderRegistry.all.filter { $0.recognizes(reranker: name) }.count == 1, "\(name)")
    }
    #expect(!JinaProvider.recognizes(model: "jina-reranker-m0"))
    for provider in ProviderRegistry.all {
      for known in provider.rerankers.map(\.name) {
        let others = ProviderRegistry.all.filter { $0.id != provider.id }
        #expect(!others.contains { $0.recognizes(reranker: known) }, "\(known)")
      }
    }
  }
}
