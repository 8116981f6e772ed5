internal import ParallaxCore
internal import ParallaxHTTP
internal import ParallaxImaging

/// What a remote provider states of a reranker; requests are checked against it before any call.
struct RemoteRerankModel: Sendable {
  var provider: String
  /// As asked for.
  var name: String
  var scale = ScoreScale.unbounded
  var readsImages = false
  var readsQuestionImages = false
  var isListwise = false
  var picture = RemotePicture.usual
  /// What else decides a score.
  var settings: [String] = []
  /// Tokens of a text that are read; what is behind them has no effect. `nil` where a longer text is
  /// refused, or nothing is said of it.
  var textTokens: Int?
  /// What a picture is counted as, about.
  var tokensPerImage = 258
  var batch = 100
  /// Lists under way at once, and requests of one list.
  var concurrency = 8
  var requestsAtOnce = 1
  var overhead = RerankUse()
  var notes: [String] = []

  /// What a person should know of a model without eyes.
  static let textOnly =
    "it reads a text of each candidate, such as a caption, and never the picture"
  /// A minute: more than any provider gives, and a number to count with.
  private static let unlimited = 1e12

  /// What decides a score, but for the question and the candidate.
  var spec: RerankerSpec {
    RerankerSpec(
      provider: provider, model: name, version: "unstated", scale: scale,
      settings: (readsImages ? ["picture=\(picture.identity)"] : []) + settings)
  }

  var capabilities: RerankerCapabilities {
    RerankerCapabilities(
      readsQuestionText: true, readsQuestionImages: readsQuestionImages, readsImages: readsImages,
      isListwise: isListwise, preferredBatch: batch, concurrentBatches: concurrency)
  }

  /// A client under the limits that a person sets.
  func client(in environment: ProviderEnvironment) throws -> HTTPClient {
    let limits = try ["ITEMS_PER_MINUTE", "TOKENS_PER_MINUTE"].map {
      RateLimiter.Limit(
        try environment.limit($0, of: provider) ?? Self.unlimited, per: .seconds(60))
    }
    return environment.client(limits: limits, concurrency: concurrency)
  }

  /// The engine over `api`.
  ///
  /// - Throws: `unsupported` for an instruction, which nobody but a judge reads.
  func reranker(
    _ request: RerankerRequest, api: any RerankAPI, record: JudgeRecord? = nil,
    in environment: ProviderEnvironment
  ) throws -> RemoteReranker {
    if request.instruction != nil, record == nil {
      throw ParallaxError(
        .unsupported, "reranker '\(name)' takes no instruction: it reads the question alone")
    }
    return RemoteReranker(
      spec: spec, capabilities: capabilities, notes: notes, api: api,
      client: try client(in: environment), inputs: inputs(in: environment),
      tokensPerImage: tokensPerImage, concurrency: requestsAtOnce, overhead: overhead,
      cuts: CutTexts(limit: textTokens), record: record)
  }

  func inputs(in environment: ProviderEnvironment) -> RerankInputs {
    RerankInputs(decoder: environment.decoder, picture: picture)
  }
}
