package import ParallaxCore
package import ParallaxDigest
package import ParallaxHTTP
package import ParallaxImaging
private import ParallaxSystem

/// A source of embedders: one file in `Providers/`, one line in the registry.
package protocol Provider: Sendable {
  /// The name that stands in a space's identity.
  static var id: String { get }
  static var summary: String { get }
  /// Models known by name.
  static var models: [ModelDescription] { get }
  /// How a model is named that is not known by name; `nil` where there are no such models.
  static var modelForm: ModelForm? { get }

  /// Whether it is asked over a network, for money.
  static var isRemote: Bool { get }

  /// What a model costs; `nil` where that is not known.
  static func price(ofModel model: String) -> ModelPrice?

  /// Whether `model`, which no provider knows by name, is one of this provider's all the same.
  static func recognizes(model: String) -> Bool

  /// The request with the model as identities name it, and the version that is meant where the provider
  /// has several: two requests for one model are equal then.
  static func resolved(
    _ request: EmbedderRequest, in environment: ProviderEnvironment
  ) -> EmbedderRequest

  /// Opens a model.
  ///
  /// - Throws: `missing-component`, `unknown-model`, `unsupported` naming what the model can do.
  static func makeEmbedder(
    _ request: EmbedderRequest, in environment: ProviderEnvironment
  ) async throws -> any Embedder

  /// Rerankers known by name.
  static var rerankers: [ModelDescription] { get }

  /// Whether `model`, which no provider knows by name, is a reranker of this provider's all the same.
  static func recognizes(reranker model: String) -> Bool

  /// Whether its rerankers can say more of a pair than its score (``PairExplaining``).
  static var explainsPairs: Bool { get }

  /// Opens a reranker.
  ///
  /// - Throws: `missing-component`, `missing-key`, `unsupported` naming what the model can do.
  static func makeReranker(
    _ request: RerankerRequest, in environment: ProviderEnvironment
  ) async throws -> any Reranker
}

extension Provider {
  package static func recognizes(model: String) -> Bool { false }
  package static var modelForm: ModelForm? { nil }
  package static var rerankers: [ModelDescription] { [] }
  package static func recognizes(reranker model: String) -> Bool { false }
  package static var explainsPairs: Bool { false }
  package static func makeReranker(
    _ request: RerankerRequest, in environment: ProviderEnvironment
  ) async throws -> any Reranker {
    throw ParallaxError(.unsupported, "provider '\(id)' has no rerankers")
  }
  package static var isRemote: Bool { false }
  package static func price(ofModel model: String) -> ModelPrice? {
    (models + rerankers).first { $0.name == model }?.price
  }
  package static func resolved(
    _ request: EmbedderRequest, in environment: ProviderEnvironment
  ) -> EmbedderRequest {
    var request = request
    request.version = nil
    return request
  }
}

/// What `--model` takes for models that are not known by name.
package struct ModelForm: Sendable, Hashable {
  /// As a placeholder, such as `PATH`.
  package var label: String
  /// Within a sentence.
  package var meaning: String
}

/// A model as `list models` shows it.
package struct ModelDescription: Sendable, Hashable {
  package var name: String
  package var summary: String
  /// `nil` for local models and where no price is known.
  package var price: ModelPrice?
  /// What it takes and gives and how it is asked, for `describe model`.
  package var facts: [Fact]
  /// Of a reranker: what `--model NAME:key=value` sets.
  package var parameters: [RerankParameter]

  package struct Fact: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The task types it knows, which its facts name.
  package var tasks: [String] {
    facts.filter { $0.name == "task types" }.flatMap { $0.value.split(separator: ", ") }
      .map(String.init).filter { $0.allSatisfy { $0.isUppercase || $0 == "_" } }
  }

  package init(
    name: String, summary: String, price: ModelPrice? = nil, facts: [Fact] = [],
    parameters: [RerankParameter] = []
  ) {
    self.name = name
    self.summary = summary
    self.price = price
    self.facts = facts
    self.parameters = parameters
  }
}

/// What a remote model costs, in US dollars.
package struct ModelPrice: Sendable, Hashable {
  /// `nil` for a model that takes no images.
  package var dollarsPerImage: Double?
  package var dollarsPerMillionTokens: Double
  /// Of an answer; 0 for a model that answers with numbers.
  package var dollarsPerMillionAnswerTokens: Double
  /// When the price was read from the provider's page, as year and month.
  package var date: String

  package init(
    dollarsPerImage: Double?, dollarsPerMillionTokens: Double,
    dollarsPerMillionAnswerTokens: Double = 0, date: String
  ) {
    self.dollarsPerImage = dollarsPerImage
    self.dollarsPerMillionTokens = dollarsPerMillionTokens
    self.dollarsPerMillionAnswerTokens = dollarsPerMillionAnswerTokens
    self.date = date
  }
}

/// What a person asked of a model.
package struct EmbedderRequest: Sendable, Hashable {
  package var model: String
  /// `nil` for the model's full dimension.
  package var dimension: Int?
  /// The document side's task type; `nil` where none was asked for.
  package var task: String?
  package var content: EmbeddedContent
  /// As an identity names it; `nil` for the one that the model's name means. Only a provider that has
  /// several versions reads it.
  package var version: String?

  package init(
    model: String, dimension: Int? = nil, task: String? = nil, content: EmbeddedContent = .image,
    version: String? = nil
  ) {
    self.model = model
    self.dimension = dimension
    self.task = task
    self.content = content
    self.version = version
  }

  /// What makes vectors of an identity, as far as the model is still there.
  package init(_ spec: EmbeddingSpec) {
    self.init(
      model: spec.model, dimension: spec.dimension, task: spec.task, content: spec.content,
      version: spec.version)
  }
}

/// What a person asked of a reranker.
package struct RerankerRequest: Sendable, Hashable {
  package var model: String
  /// What a judge is told beside the question; `nil` for its own words.
  package var instruction: String?
  /// Decides shuffles.
  package var seed: UInt64
  /// As its description declares them.
  package var parameters: RerankParameters

  package init(
    model: String, instruction: String? = nil, seed: UInt64 = 0,
    parameters: RerankParameters = RerankParameters()
  ) {
    self.model = model
    self.instruction = instruction
    self.seed = seed
    self.parameters = parameters
  }
}

/// What providers share: the decoder's worker processes, the network, and what the user set.
package struct ProviderEnvironment: Sendable {
  package var decoder: ImageDecoder
  /// Threads of one inference.
  package var threads: Int
  /// The folder of the embedded model; `nil` when it cannot be found.
  package var miniFolder: String?
  /// Whether that is a folder of a person's own, with other files than those that come with the program.
  package var isMiniNamed: Bool
  /// The folder of the models that come with the program, each in a folder of its own; `nil` when it
  /// cannot be found.
  package var shippedModels: String?
  /// What is known of model files that were read before.
  package var digests: DigestMemory
  /// What models made of pictures before; `nil` to keep nothing.
  package var pictures: (any PictureMemory)?
  /// Carries requests to remote providers.
  package var transport: any HTTPTransport
  /// Shows them; `nil` for silence.
  package var trace: HTTPTrace?
  /// Environment variables: keys, addresses and limits of remote providers.
  package var variables: [String: String]
  /// Whether no remote provider may be asked; then keys are not needed.
  package var isOffline: Bool
  package var prices: PriceList
  /// Every key and password this process was given; no text may hold one.
  package var secrets: [Secret]
  /// Gets a line about each long wait.
  package var notify: (@Sendable (String) -> Void)?
  /// Waits before a request is sent, or throws `CancellationError`; injected by tests.
  package var sleep: @Sendable (Duration) async throws -> Void

  package init(
    decoder: ImageDecoder, threads: Int, miniFolder: String?,
    isMiniNamed: Bool = false, shippedModels: String? = nil,
    digests: DigestMemory = DigestMemory(at: nil),
    transport: any HTTPTransport, trace: HTTPTrace? = nil, variables: [String: String] = [:],
    isOffline: Bool = false, prices: PriceList = PriceList(), secrets: [Secret]? = nil,
    notify: (@Sendable (String) -> Void)? = nil,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.secrets = secrets ?? KnownSecrets.all(in: variables)
    self.notify = notify
    self.sleep = sleep
    self.transport = transport
    self.trace = trace
    self.variables = variables
    self.isOffline = isOffline
    self.prices = prices
    self.decoder = decoder
    self.threads = threads
    self.miniFolder = miniFolder
    self.isMiniNamed = isMiniNamed
    self.shippedModels =
      shippedModels ?? (isMiniNamed ? nil : miniFolder.map { PathText.folder(of: $0) })
    self.digests = digests
  }
}

extension ParallaxError.Code {
  package static let unknownModel = Self("unknown-model")
}
