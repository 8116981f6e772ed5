import ParallaxCore
import ParallaxHTTP
import ParallaxImaging
import ParallaxTestSupport
import Testing

@testable import ParallaxProviders

/// Replies that no provider should give, from a server, in every wire format.
@Suite(.enabled(if: ProviderServer.python != nil, "needs Python"))
struct OddReplyTests {
  private static let many = [
    "gemini-embedding-2", "voyage-multimodal-3.5", "embed-v4.0", "jina-embeddings-v4",
    "openai:clip",
  ]
  private static let indexed = ["voyage-multimodal-3.5", "jina-embeddings-v4", "openai:clip"]
  private static let single = ["vertex:gemini-embedding-2", "vertex:multimodalembedding@001"]

  private func embedder(
    _ model: String, _ server: ProviderServer
  ) async throws -> any MeteredEmbedder {
    let dimension = model.hasPrefix("openai:") ? 64 : model == "jina-embeddings-v4" ? 128 : 256
    let made = try await ProviderRegistry.provider(ofModel: model).makeEmbedder(
      EmbedderRequest(model: model, dimension: dimension),
      in: ProviderEnvironment(
        decoder: ImageDecoder(workers: 1, executable: builtProduct(named: "parallax")), threads: 1,
        miniFolder: nil,
        transport: CurlTransport(connections: 8, agent: "parallax-tests"),
        variables: server.environment(), sleep: { NotingSleep()($0) }))
    return try #require(made as? any MeteredEmbedder)
  }

  /// A server of its own and what asks it.
  private func with(
    _ model: String, _ body: (ProviderServer, any MeteredEmbedder) async throws -> Void
  ) async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    try await body(server, try await embedder(model, server))
  }

  private static let texts = ["a red mug", "a blue mug", "a shoe"]

  private func texts(for model: String) -> [String] {
    Self.single.contains(model) ? ["a mug"] : Self.texts
  }

  /// What of the texts has a vector, and the reasons of those that have none.
  private func outcomes(
    _ fault: String, _ server: ProviderServer, _ embedder: any MeteredEmbedder, texts: [String]
  ) async throws -> (good: [Bool], reasons: [String]) {
    let before = try await server.items()
    try await server.misbehave([fault])
    let meter = NotingMeter()
    let outcomes = try await embedder.embed(texts.map { .text($0) }, side: .document, meter: meter)
    // Whatever it was worth, it was paid for once.
    #expect(try await server.items() - before == texts.count, "\(fault)")
    #expect(meter.log.count == 2 && meter.log[0].hasPrefix("begin"), "\(fault): \(meter.log)")
    #expect(meter.log.last?.hasPrefix("settle") == true, "\(fault): \(meter.log)")
    let reasons = outcomes.compactMap { outcome in
      if case .failure(let error) = outcome { error.message } else { nil }
    }
    return (outcomes.map { (try? $0.get()) != nil }, reasons)
  }

  private static let badVectors = [
    ("null-one", "null where a vector should be"), ("nan-one", "a value that is not a number"),
    ("huge-one", "a value beyond the range of 32-bit numbers"),
    ("zero-one", "a vector of zeros"), ("text-one", "a text where a vector should be"),
    ("per-token", "several vectors for one item"),
  ]

  @Test(arguments: many + single)
  func `one bad vector fails alone`(model: String) async throws {
    try await with(model) { server, embedder in
      for (fault, reason) in Self.badVectors {
        let texts = texts(for: model)
        let (good, reasons) = try await outcomes(fault, server, embedder, texts: texts)
        #expect(good == (texts.count == 1 ? [false] : [true, false, true]), "\(fault)")
        #expect(reasons.count == 1 && reasons.first?.contains(reason) == true, "\(reasons)")
      }
    }
  }

  @Test(arguments: many)
  func `what is a vector after all is taken`(model: String) async throws {
    try await with(model) { server, embedder in
      for fault in ["tiny-one", "integers", "nested", "packed"] {
        let (good, _) = try await outcomes(fault, server, embedder, texts: Self.texts)
        #expect(good == [true, true, true], "\(fault)")
      }
    }
  }

  @Test(arguments: indexed)
  func `an index says which vector is whose`(model: String) async throws {
    try await with(model) { server, embedder in
      let plain = try await embedder.vectors(of: Self.texts, side: .document)
      try await server.misbehave(["without-index"])
      #expect(try await embedder.vectors(of: Self.texts, side: .document) == plain)
      let (good, reasons) = try await outcomes(
        "missing-index", server, embedder, texts: Self.texts)
      #expect(good == [true, false, true] && reasons.first?.contains("no vector for it") == true)
      await #expect {
        _ = try await outcomes("same-index", server, embedder, texts: Self.texts)
      } throws: { ($0 as? ParallaxError)?.message.contains("numbers its vectors wrongly") == true }
    }
  }

  @Test(arguments: many + single)
  func `a reply that is wrong as a whole ends the work, and is paid for`(model: String) async throws
  {
    try await with(model) { server, embedder in
      let texts = texts(for: model)
      let longer = "answered \(embedder.spec.dimension + 7) dimensions; asked were"
      var faults = [
        ("longer", longer), ("dimension", "answered 5 dimensions; asked were"),
        ("cut-json", "is not the JSON of embeddings"),
      ]
      if ["gemini-embedding-2", "embed-v4.0"].contains(model) {
        faults.append(("count", "answered 2 vectors for 3 items"))
      }
      for (fault, words) in faults {
        let before = try await server.items()
        try await server.misbehave([fault])
        let meter = NotingMeter()
        await #expect {
          _ = try await embedder.embed(texts.map { .text($0) }, side: .document, meter: meter)
        } throws: { error in
          guard let error = error as? ParallaxError else { return false }
          return error.code == .badReply && error.message.contains(words)
            && error.message.contains("'\(texts[0])'")
        }
        #expect(meter.log.last == "settle nothing", "\(fault): \(meter.log)")
        let paid = try await server.items() - before
        #expect(paid == texts.count)
      }
    }
  }

  @Test(arguments: many + single)
  func `what passes is asked again`(model: String) async throws {
    try await with(model) { server, embedder in
      try await server.misbehave(["ms", "delay-parts", "524", "error-in-200"])
      let meter = NotingMeter()
      let outcomes = try await embedder.embed([.text("a mug")], side: .query, meter: meter)
      #expect((try? outcomes[0].get()) != nil)
      let refused = Array(repeating: ["begin 0", "release"], count: 4).flatMap(\.self)
      #expect(meter.log == refused + ["begin 0", "settle 0"])
    }
  }

  @Test(arguments: many + single)
  func `what will not pass is an error at once`(model: String) async throws {
    let faults = [
      ("refusal-in-200", "the service answered an error: model is gone"),
      ("moved", "redirects to 'https://•••@elsewhere.example/v1?key=•••' (308)"),
      ("long-head", "its header is longer than any header should be"),
      // About 100 kB that unpack to 100 MB.
      ("bomb", "is longer than 196608 bytes"),
    ]
    try await with(model) { server, embedder in
      for (number, (fault, words)) in faults.enumerated() {
        try await server.misbehave([fault])
        await #expect {
          _ = try await embedder.vectors(of: ["a mug"], side: .query)
        } throws: { error in
          guard let error = error as? ParallaxError else { return false }
          return error.code.exitCode == 4 && error.message.contains(words)
        }
        let seen = try await server.seen()
        #expect(seen.requests.count == number + 1, "\(fault)")
      }
    }
  }

  @Test(arguments: many + single)
  func `no piece of a key is in an error that quotes it`(model: String) async throws {
    try await with(model) { server, embedder in
      try await server.misbehave(["echo"])
      let outcome = try await embedder.embed([.text("a mug")], side: .query)[0]
      guard case .failure(let error) = outcome else {
        Issue.record("not refused")
        return
      }
      let text = "\(error)".lowercased()
      #expect(text.contains("xxxx") && text.contains("•••"), "\(error)")
      let key = ProviderServer.key.lowercased()
      for start in key.indices.dropLast(3) { #expect(!text.contains(key[start...].prefix(4))) }
    }
  }

  @Test func `a server that cuts vectors is asked to, when a person says so`() async throws {
    try await with("openai:clip") { server, _ in
      let make = { (dimension: Int, variables: [String: String]) in
        try await OpenAIProvider.makeEmbedder(
          EmbedderRequest(model: "openai:clip", dimension: dimension),
          in: ProviderEnvironment(
            decoder: ImageDecoder(workers: 1, executable: builtProduct(named: "parallax")),
            threads: 1, miniFolder: nil,
            transport: CurlTransport(connections: 1, agent: "parallax-tests"),
            variables: server.environment().merging(variables) { $1 }))
      }
      await #expect {
        _ = try await make(32, [:]).vectors(of: ["a mug"], side: .query)
      } throws: { error in
        guard let error = error as? ParallaxError else { return false }
        return error.message.contains("answered 64 dimensions; asked were 32")
          && error.hint?.contains("--dim 64") == true
      }
      let cut = try await make(32, ["PARALLAX_OPENAI_SENDS_DIM": "1"])
      #expect(try await cut.vectors(of: ["a mug"], side: .query)[0].count == 32)
    }
  }
}
