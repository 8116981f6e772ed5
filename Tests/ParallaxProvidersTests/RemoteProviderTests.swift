import ParallaxCore
import ParallaxHTTP
import ParallaxImaging
import ParallaxTestSupport
import Testing

@testable import ParallaxProviders

/// Every remote provider against a server that reads its wire format strictly.
@Suite(.enabled(if: ProviderServer.python != nil, "needs Python"))
struct RemoteProviderTests {
  private static let tiles = TestData.packageRoot + "/datasets/tiles/images"
  private static let decoder = ImageDecoder(
    workers: 2, executable: builtProduct(named: "parallax"))

  private func embedder(
    _ model: String, dimension: Int?, task: String? = nil, content: EmbeddedContent = .image,
    variables: [String: String], certificates: String? = nil
  ) async throws -> any Embedder {
    try await ProviderRegistry.provider(ofModel: model).makeEmbedder(
      EmbedderRequest(model: model, dimension: dimension, task: task, content: content),
      in: ProviderEnvironment(
        decoder: Self.decoder, threads: 1, miniFolder: nil,
        transport: CurlTransport(
          connections: 8, certificates: certificates, agent: "parallax-tests"), variables: variables
      ))
  }

  private func inputs(_ names: [String]) -> [ModelInput] {
    names.map { ModelInput(name: $0, parts: [.image(path: "\(Self.tiles)/\($0).jpg")]) }
  }

  @Test(arguments: [
    ("gemini-embedding-2", 768, nil), ("voyage-multimodal-3.5", 512, nil),
    ("voyage-multimodal-3", nil, nil), ("embed-v4.0", 256, nil),
    ("jina-embeddings-v4", 128, nil), ("jina-clip-v2", 512, nil),
    ("jina-embeddings-v5-omni-small", nil, nil), ("openai:clip", 64, "sglang"),
    ("openai:org/clip", 64, "infinity"), ("openai:clip", 64, "vllm"),
    ("openai:clip", 64, "llama"), ("vertex:gemini-embedding-2", 256, nil),
    ("vertex:multimodalembedding@001", 512, nil),
  ])
  func `pictures and texts go the provider's way and come back in order`(
    model: String, dimension: Int?, form: String?
  ) async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    var variables = server.environment()
    variables["PARALLAX_OPENAI_FORM"] = form
    let remote = try await embedder(model, dimension: dimension, variables: variables)
    let names = ["mug-001", "shoe-002", "brick-003", "car-004"]
    let together = try await remote.embed(inputs(names), side: .document).map { try $0.get() }
    for (name, vector) in zip(names, together) {
      #expect(try await remote.embed(inputs([name]), side: .document).first?.get() == vector)
      #expect(vector.count == remote.spec.dimension)
    }
    #expect(Set(together).count == names.count)
    let texts = try await remote.vectors(of: ["a mug", "a \"shoe\"\n"], side: .query)
    #expect(try await remote.vectors(of: ["a \"shoe\"\n"], side: .query) == [texts[1]])
  }

  @Test(arguments: [
    ("gemini-embedding-2", nil), ("voyage-multimodal-3.5", nil), ("embed-v4.0", nil),
    ("jina-clip-v2", nil), ("openai:clip", "infinity"), ("openai:clip", "sglang"),
    ("openai:clip", "vllm"), ("vertex:gemini-embedding-2", nil),
  ])
  func `pictures and texts may be mixed`(model: String, form: String?) async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    var variables = server.environment()
    variables["PARALLAX_OPENAI_FORM"] = form
    let remote = try await embedder(
      model, dimension: model.hasPrefix("openai:") ? 64 : nil, variables: variables)
    let pictures = inputs(["mug-001", "shoe-002"])
    let texts = ["a mug", "a shoe"]
    let missing = ModelInput(name: "missing", parts: [.image(path: "/nowhere.jpg")])
    let mixed = try await remote.embed(
      [.text(texts[0]), pictures[0], missing, .text(texts[1]), pictures[1]], side: .query)
    let apart = try await remote.embed(pictures, side: .document).map { try $0.get() }
    let words = try await remote.vectors(of: texts, side: .query)
    #expect(mixed.map { try? $0.get() } == [words[0], apart[0], nil, words[1], apart[1]])
  }

  @Test(arguments: [
    ("gemini-embedding-2", nil), ("voyage-multimodal-3.5", nil), ("embed-v4.0", nil),
    ("vertex:gemini-embedding-2", nil), ("openai:clip", "vllm"), ("openai:clip", "llama"),
  ])
  func `an image and its text become one vector of their own`(
    model: String, form: String?
  ) async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    var variables = server.environment()
    variables["PARALLAX_OPENAI_FORM"] = form
    let dimension = model.hasPrefix("openai:") ? 64 : nil
    let joint = try await embedder(
      model, dimension: dimension, content: .joint, variables: variables)
    var pictures = inputs(["mug-001", "mug-001", "mug-001"])
    pictures[0].parts.append(.text("a red mug"))
    pictures[1].parts.append(.text("a blue mug"))
    let vectors = try await joint.embed(pictures, side: .document).map { try $0.get() }
    #expect(Set(vectors).count == 3)
    // Without a text it is the image alone.
    let plain = try await embedder(model, dimension: dimension, variables: variables)
    #expect(try await plain.embed(inputs(["mug-001"]), side: .document)[0].get() == vectors[2])
  }

  @Test(arguments: [
    ("jina-clip-v2", nil), ("openai:clip", "sglang"), ("vertex:multimodalembedding@001", nil),
  ])
  func `what joins nothing says so before any call`(model: String, form: String?) async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    var variables = server.environment()
    variables["PARALLAX_OPENAI_FORM"] = form
    await #expect {
      _ = try await embedder(
        model, dimension: model.hasPrefix("openai:") ? 64 : nil, content: .joint,
        variables: variables)
    } throws: { ($0 as? ParallaxError)?.message.contains("gives no joint vector") == true }
    #expect(try await server.seen().requests.isEmpty)
  }

  @Test(arguments: [
    ("voyage-multimodal-3.5", "RETRIEVAL_DOCUMENT", true),
    ("embed-v4.0", "RETRIEVAL_DOCUMENT", true), ("embed-v4.0", "CLUSTERING", false),
    ("jina-embeddings-v4", "RETRIEVAL_DOCUMENT", true),
    ("jina-embeddings-v4", "SEMANTIC_SIMILARITY", false),
    ("gemini-embedding-001", "RETRIEVAL_DOCUMENT", true),
    ("gemini-embedding-001", "CLASSIFICATION", false),
  ])
  func `a task reaches the provider, and its sides differ where they should`(
    model: String, task: String, sidesDiffer: Bool
  ) async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    let remote = try await embedder(
      model, dimension: nil, task: task, variables: server.environment())
    let query = try await remote.vectors(of: ["cat"], side: .query)
    let document = try await remote.vectors(of: ["cat"], side: .document)
    #expect((query != document) == sidesDiffer)
    #expect(remote.spec.task == task)
    let other = try await embedder(
      model, dimension: nil, task: model == "embed-v4.0" ? "CLASSIFICATION" : nil,
      variables: server.environment())
    #expect(try await other.vectors(of: ["cat"], side: .document) != document)
  }

  @Test(arguments: [
    ("voyage-multimodal-3", 512, nil, "has 1024 dimensions; got 512"),
    ("embed-v4.0", 300, nil, "has 256, 512, 1024, 1536 dimensions; got 300"),
    ("gemini-embedding-2", 64, nil, "has 128 to 3072 dimensions; got 64"),
    ("vertex:multimodalembedding@001", 768, nil, "has 128, 256, 512, 1408 dimensions; got 768"),
    ("jina-clip-v2", nil, "CLASSIFICATION", "knows the task types RETRIEVAL_DOCUMENT; got"),
    ("openai:clip", nil, nil, "only its server knows the dimension"),
  ])
  func `what a model cannot do is refused before any call`(
    model: String, dimension: Int?, task: String?, message: String
  ) async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    await #expect {
      _ = try await embedder(
        model, dimension: dimension, task: task, variables: server.environment())
    } throws: { ($0 as? ParallaxError)?.message.contains(message) == true }
    #expect(try await server.seen().requests.isEmpty)
  }

  @Test(arguments: [
    (0o600, "\(ProviderServer.key)\n", nil), (0o644, ProviderServer.key, "other users can read"),
    (0o600, "\n", "it holds no key"), (0o600, "two words", "it holds no key"),
  ])
  func `a key may stand in a file that is nobody else's`(
    mode: Int, content: String, message: String?
  ) async throws {
    let server = try await ProviderServer()
    defer { server.stop() }
    try await withTemporaryDirectory { folder in
      try TestFiles.write(content, to: folder + "/key", mode: mode)
      var variables = server.environment()
      variables["GEMINI_API_KEY"] = nil
      variables["GEMINI_API_KEY_FILE"] = folder + "/key"
      do {
        let gemini = try await embedder("gemini-embedding-2", dimension: 128, variables: variables)
        #expect(try await gemini.vectors(of: ["cat"], side: .query).count == 1)
        #expect(message == nil)
      } catch let error as ParallaxError {
        #expect(message.map(error.message.contains) == true, "\(error)")
      }
    }
  }

  @Test(.enabled(if: TestFiles.isExecutable("/usr/bin/openssl"), "needs the openssl program"))
  func `a certificate nobody knows is not trusted until it is named`() async throws {
    try await withTemporaryDirectory { folder in
      let made = try await ProgramRun(
        "/usr/bin/openssl",
        [
          "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
          "-keyout", "key.pem", "-out", "certificate.pem", "-days", "2", "-subj", "/CN=localhost",
          "-addext", "subjectAltName=IP:127.0.0.1",
        ], folder: folder
      ).finish()
      #expect(made.code == 0, "\(made.errors)")
      let both = ["key", "certificate"].compactMap { TestFiles.text(of: "\(folder)/\($0).pem") }
      try TestFiles.write(both.joined(), to: folder + "/both.pem")
      let server = try await ProviderServer(["--certificate", folder + "/both.pem"])
      defer { server.stop() }
      let variables = server.environment(scheme: "https")
      let stranger = try await embedder("gemini-embedding-2", dimension: 128, variables: variables)
      await #expect {
        _ = try await stranger.vectors(of: ["cat"], side: .query)
      } throws: { error in
        guard let error = error as? ParallaxError else { return false }
        return error.message.contains("its certificate is not trusted")
          && error.hint?.contains("CURL_CA_BUNDLE") == true
      }
      let known = try await embedder(
        "gemini-embedding-2", dimension: 128, variables: variables,
        certificates: folder + "/certificate.pem")
      #expect(try await known.vectors(of: ["cat"], side: .query).count == 1)
    }
  }

  @Test(arguments: [
    ("voyage-multimodal-3.5", "VOYAGE_API_KEY"), ("embed-v4.0", "CO_API_KEY or COHERE_API_KEY"),
    ("jina-clip-v2", "JINA_API_KEY"), ("gemini-embedding-2", "GOOGLE_API_KEY or GEMINI_API_KEY"),
  ])
  func `a key that is missing is named`(model: String, names: String) async throws {
    await #expect {
      _ = try await embedder(model, dimension: nil, variables: [:])
    } throws: { error in
      guard let error = error as? ParallaxError else { return false }
      return error.message.hasSuffix("needs a key in \(names)") && error.code.exitCode == 1
    }
  }
}
