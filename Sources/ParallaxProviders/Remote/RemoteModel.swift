internal import ParallaxCore
internal import ParallaxHTTP
internal import ParallaxImaging

/// What a remote provider states of a model; requests are checked against it before any call.
struct RemoteModel: Sendable {
  var provider: String
  /// As asked for.
  var name: String
  /// Empty where there is one only, and it is the full one.
  var dimensions: [Int]
  /// Any dimension from one to another, where a provider takes them all.
  var range: ClosedRange<Int>?
  var fullDimension: Int
  var embedsImages = true
  /// Whether an image and a text can be one input.
  var joinsText = false
  /// Names a person may ask for, with the query side that belongs to each.
  var tasks: [(name: String, query: String)] = []
  /// Whether the task is part of what is asked for an image, too.
  var tasksMoveImages = false
  var version = "unstated"
  var picture = RemotePicture.usual
  /// Tokens of a text that are read; what is behind them has no effect. `nil` where a longer text is
  /// refused, or nothing is said of it.
  var textTokens: Int?
  /// What a picture is counted as, about.
  var tokensPerImage = 258
  var batch = 16
  /// Requests under way at once.
  var concurrency = 8

  /// - Throws: `unsupported` naming what the model has.
  func dimension(_ request: EmbedderRequest) throws -> Int {
    guard let asked = request.dimension, asked != fullDimension else { return fullDimension }
    if let range, range.contains(asked) { return asked }
    if dimensions.contains(asked) { return asked }
    let allowed =
      range.map { "\($0.lowerBound) to \($0.upperBound)" }
      ?? (dimensions + [fullDimension]).sorted().map(String.init).joined(separator: ", ")
    throw ParallaxError(
      .unsupported, "model '\(name)' has \(allowed) dimensions; got \(asked)")
  }

  /// - Throws: `unsupported` naming what the model knows.
  func task(_ request: EmbedderRequest) throws -> (name: String, query: String)? {
    guard let asked = request.task else { return nil }
    if let task = tasks.first(where: { $0.name == asked }) { return task }
    let names = tasks.map(\.name)
    let rule =
      names.isEmpty
      ? "knows no task types" : "knows the task types \(names.joined(separator: ", "))"
    throw ParallaxError(
      .unsupported, "model '\(name)' \(rule); got '\(asked)'",
      hint: Suggestion.hint(for: asked, among: names))
  }

  /// A minute: more than any provider gives, and a number to count with.
  private static let unlimited = 1e12

  /// The engine over `api`, with the identity of what is asked for.
  func embedder(
    _ request: EmbedderRequest, api: any EmbeddingAPI, prefixes: [EmbeddingSide: String] = [:],
    in environment: ProviderEnvironment
  ) throws -> RemoteEmbedder {
    let task = try task(request)
    guard joinsText || request.content != .joint else {
      throw ParallaxError.joinsNothing(name)
    }
    let itemLimit = try environment.limit("ITEMS_PER_MINUTE", of: provider)
    let tokenLimit = try environment.limit("TOKENS_PER_MINUTE", of: provider)
    return RemoteEmbedder(
      spec: EmbeddingSpec(
        provider: provider, model: name, version: version, task: task?.name,
        queryTask: task?.query, dimension: try dimension(request),
        preprocessing: embedsImages ? picture.identity : "none", content: request.content),
      capabilities: EmbedderCapabilities(
        embedsImages: embedsImages, embedsText: true, joinsText: joinsText,
        fullDimension: fullDimension, shorterDimensions: dimensions, tasks: tasks.map(\.name),
        preferredBatch: batch,
        concurrentBatches: concurrency, tasksMoveImages: tasksMoveImages,
        tokensPerImage: tokensPerImage, itemsPerMinute: itemLimit),
      api: api,
      client: environment.client(
        limits: [itemLimit, tokenLimit].map { .init($0 ?? Self.unlimited, per: .seconds(60)) },
        concurrency: concurrency),
      decoder: environment.decoder, picture: picture, tokensPerImage: tokensPerImage,
      prefixes: prefixes, textTokens: textTokens)
  }
}

extension ProviderEnvironment {
  /// A client under no limits but those given.
  func client(limits: [RateLimiter.Limit] = [], concurrency: Int = 8) -> HTTPClient {
    HTTPClient(
      transport: transport, limits: limits, concurrency: concurrency, trace: trace,
      secrets: secrets, notify: notify, sleep: sleep)
  }

  /// The first of some keys that is set, or in the file that `<NAME>_FILE` names; none is needed
  /// offline.
  ///
  /// - Throws: `missing-key` naming the variables or the file.
  func key(_ names: [String], of provider: String, hint: String) throws -> Secret {
    if let key = try optionalKey(names) { return key }
    if isOffline { return Secret("") }
    throw ParallaxError(
      .missingKey, "provider '\(provider)' needs a key in \(names.joined(separator: " or "))",
      hint: hint)
  }

  /// The first of some keys that is set, or in the file that `<NAME>_FILE` names; `nil` for none.
  ///
  /// - Throws: `missing-key` for a file or a value that is of no use.
  func optionalKey(_ names: [String]) throws -> Secret? {
    for name in names {
      let key = Secret(variables[name] ?? "")
      guard key.isOneWord else {
        throw ParallaxError(
          .missingKey, "\(name) holds more than one word; a key is one",
          hint: "set it to the key alone")
      }
      if !key.isEmpty { return key }
      if let path = variables["\(name)_FILE"] { return try KeyFile.key(at: path) }
    }
    return nil
  }

  /// A limit a person sets: `PARALLAX_<PROVIDER>_<NAME>`, a number above 0; `nil` for none.
  ///
  /// - Throws: `invalid-value`.
  package func limit(_ name: String, of provider: String) throws -> Double? {
    let variable = "PARALLAX_\(provider.uppercased())_\(name)"
    guard let text = variables[variable], !text.isEmpty else { return nil }
    guard let limit = Double(text), limit > 0, limit.isFinite else {
      throw ParallaxError(.invalidValue, "\(variable) takes a number above 0; got '\(text)'")
    }
    return limit
  }

  /// The address of a provider: `PARALLAX_<PROVIDER>_URL`, or its own.
  func address(of provider: String, own: String) -> String {
    let named = variables["PARALLAX_\(provider.uppercased())_URL"] ?? own
    return named.hasSuffix("/") ? String(named.dropLast()) : named
  }
}
