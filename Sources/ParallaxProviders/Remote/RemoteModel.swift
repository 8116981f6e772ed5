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
  /// Names a person may ask for, with the query side that belongs to each.
  var tasks: [(name: String, query: String)] = []
  /// Whether the task is part of what is asked for an image, too.
  var tasksMoveImages = false
  var version = "unstated"
  var picture = RemotePicture.usual
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

  /// The engine over `api`, with the identity of what is asked for.
  func embedder(
    _ request: EmbedderRequest, api: any EmbeddingAPI, prefixes: [EmbeddingSide: String] = [:],
    in environment: ProviderEnvironment
  ) throws -> RemoteEmbedder {
    let task = try task(request)
    let limit = environment.variables["PARALLAX_\(provider.uppercased())_ITEMS_PER_MINUTE"]
    return RemoteEmbedder(
      spec: EmbeddingSpec(
        provider: provider, model: name, version: version, task: task?.name,
        queryTask: task?.query, dimension: try dimension(request),
        preprocessing: embedsImages ? picture.identity : "none"),
      capabilities: EmbedderCapabilities(
        embedsImages: embedsImages, embedsText: true, fullDimension: fullDimension,
        shorterDimensions: dimensions, tasks: tasks.map(\.name), preferredBatch: batch,
        concurrentBatches: concurrency, tasksMoveImages: tasksMoveImages),
      api: api,
      client: HTTPClient(
        transport: environment.transport,
        limits: limit.flatMap(Double.init).map { [.init($0, per: .seconds(60))] } ?? [],
        concurrency: concurrency, trace: environment.trace),
      decoder: environment.decoder, picture: picture, prefixes: prefixes)
  }
}

extension ProviderEnvironment {
  /// The first of some keys that is set, or in the file that `<NAME>_FILE` names; none is needed
  /// offline.
  ///
  /// - Throws: `authentication` naming the variables or the file.
  func key(_ names: [String], of provider: String, hint: String) throws -> Secret {
    for name in names {
      let key = Secret(variables[name] ?? "")
      guard key.isOneWord else {
        throw ParallaxError(
          .authentication, "\(name) holds more than one word; a key is one",
          hint: "set it to the key alone")
      }
      if !key.isEmpty { return key }
      if let path = variables["\(name)_FILE"] { return try KeyFile.key(at: path) }
    }
    if isOffline { return Secret("") }
    throw ParallaxError(
      .authentication,
      "provider '\(provider)' needs a key in \(names.joined(separator: " or "))", hint: hint)
  }

  /// The address of a provider: `PARALLAX_<PROVIDER>_URL`, or its own.
  func address(of provider: String, own: String) -> String {
    let named = variables["PARALLAX_\(provider.uppercased())_URL"] ?? own
    return named.hasSuffix("/") ? String(named.dropLast()) : named
  }
}
