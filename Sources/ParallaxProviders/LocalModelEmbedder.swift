internal import ParallaxCore
private import ParallaxDigest
private import ParallaxImaging
private import ParallaxInference

/// A model folder run on this machine, with pixels from the decoder's workers.
struct LocalModelEmbedder: Embedder {
  let spec: EmbeddingSpec
  let capabilities: EmbedderCapabilities
  var notes: [String] { model.notes }
  var warnings: [String] { model.warnings }
  private let model: ImageTextModel
  private let decoder: ImageDecoder

  /// - Parameter name: the shipped model whose files these must be; `nil` for a person's own.
  /// - Throws: `unsupported` for a dimension or a task that the model does not have, naming those it has.
  @concurrent init(
    provider: String, request: EmbedderRequest, folder: String, environment: ProviderEnvironment,
    shippedAs name: String? = nil
  ) async throws {
    guard request.content != .joint else { throw ParallaxError.joinsNothing(request.model) }
    let library = OnnxRuntime.opening(searching: environment.librarySearchPaths)
    // The library takes longer to open than the files to read.
    async let opened: Void = library.open()
    let digests = try name.map { try ShippedModel.verify($0, in: folder) } ?? [:]
    let model = try ImageTextModel(
      folder: folder, runtime: library, threads: environment.threads)
    let version = try Self.version(of: model, digests, environment.digests)
    try await opened
    let capabilities = EmbedderCapabilities(
      embedsImages: model.embedsImages, embedsText: model.embedsText,
      fullDimension: model.dimension,
      shorterDimensions: model.matryoshkaDimensions.filter { $0 < model.dimension },
      tasks: model.prompts.keys.sorted(), preferredBatch: 32)
    let dimension = try Self.dimension(request, capabilities)
    let task = try Self.task(request, capabilities)
    spec = EmbeddingSpec(
      provider: provider, model: request.model, version: version,
      task: task, queryTask: task.map { Self.queryTask(pairedWith: $0, in: capabilities.tasks) },
      dimension: dimension, preprocessing: model.imageTransform?.identity ?? "none",
      content: request.content)
    self.model = model
    self.capabilities = capabilities
    decoder = environment.decoder
  }

  @concurrent func prepare(images: Bool, texts: Bool) async throws {
    try await model.open(images: images, texts: texts)
  }

  @concurrent func embed(images: [ImageInput]) async throws -> [Result<[Float], ParallaxError>] {
    guard let transform = model.imageTransform else {
      throw ParallaxError(.unsupported, "model '\(spec.model)' embeds text only")
    }
    try await model.open(images: true)
    let decoded = try await decode(images, transform)
    let positions = decoded.indices.filter {
      if case .success = decoded[$0] { true } else { false }
    }
    let vectors = try model.embed(images: positions.map { try decoded[$0].get() })
    var outcomes: [Result<[Float], ParallaxError>] = decoded.map { $0.map { _ in [] } }
    for (position, vector) in zip(positions, vectors) {
      outcomes[position] = usable(vector, of: "'\(images[position].name)'")
    }
    return outcomes
  }

  @concurrent func embed(texts: [String], side: EmbeddingSide) async throws -> [[Float]] {
    guard model.embedsText else {
      throw ParallaxError(
        .unsupported, "model '\(spec.model)' embeds images only",
        hint: "ask by --image or --like, or embed with a model that has a text tower")
    }
    try await model.open(texts: true)
    let prompt = prompt(side)
    for text in texts where try !model.reads(prompt + text, after: prompt) {
      throw ParallaxError(
        .unusableVector, "the model reads nothing of the text: it has no words",
        hint: "models drop white space, some of them punctuation too")
    }
    return try model.embed(texts: texts.map { prompt + $0 }).map {
      try usable($0, of: "the text").get()
    }
  }

  @concurrent func limits(
    exceededBy texts: [String], side: EmbeddingSide
  ) async throws -> [TextLimit?] {
    let prompt = prompt(side)
    return try texts.map {
      try model.cuts(prompt + $0) ? TextLimit(tokens: model.maximumTokens) : nil
    }
  }

  /// The words that a task puts in front of a text.
  private func prompt(_ side: EmbeddingSide) -> String {
    (side == .query ? spec.queryTask : spec.task).flatMap { model.prompts[$0] } ?? ""
  }

  private func decode(
    _ images: [ImageInput], _ transform: ImageTransform
  ) async throws -> [Result<PixelBuffer, ParallaxError>] {
    try await withThrowingTaskGroup(of: (Int, Result<PixelBuffer, ParallaxError>).self) { group in
      for (index, image) in images.enumerated() {
        group.addTask { [decoder] in
          do {
            let decoded = try await decoder.decode(
              image.path, transform, expecting: image.content)
            return (index, .success(decoded.pixels))
          } catch let error as ParallaxError where error.code != .missingComponent {
            return (index, .failure(error))
          }
        }
      }
      var outcomes = [Result<PixelBuffer, ParallaxError>?](repeating: nil, count: images.count)
      for try await (index, outcome) in group { outcomes[index] = outcome }
      return outcomes.compactMap(\.self)
    }
  }

  /// The prefix of the asked dimension at unit length.
  private func usable(
    _ answer: Result<[Float], UnusableVector>, of input: String
  ) -> Result<[Float], ParallaxError> {
    answer.flatMap { vector in
      if spec.dimension == vector.count { return .success(vector) }
      let prefix = Vector.normalized(Array(vector.prefix(spec.dimension)))
      let reason = "the first \(spec.dimension) of its \(vector.count) numbers are zero"
      return prefix.map { .success($0) } ?? .failure(UnusableVector(reason: reason))
    }.mapError { fault in
      ParallaxError(
        .unusableVector, "the model gave no usable vector for \(input): \(fault.reason)",
        hint: "half-precision models overflow on some inputs; in full precision they may not")
    }
  }

  private static func dimension(
    _ request: EmbedderRequest, _ capabilities: EmbedderCapabilities
  ) throws -> Int {
    let allowed = capabilities.shorterDimensions + [capabilities.fullDimension]
    guard let asked = request.dimension else { return capabilities.fullDimension }
    guard allowed.contains(asked) else {
      throw ParallaxError(
        .unsupported,
        "model '\(request.model)' has \(list(allowed.map(String.init))) dimensions; got \(asked)")
    }
    return asked
  }

  private static func task(
    _ request: EmbedderRequest, _ capabilities: EmbedderCapabilities
  ) throws -> String? {
    guard let task = request.task else { return nil }
    guard capabilities.tasks.contains(task) else {
      let rule =
        capabilities.tasks.isEmpty
        ? "knows no task types" : "knows the task types \(list(capabilities.tasks))"
      throw ParallaxError(
        .unsupported, "model '\(request.model)' \(rule); got '\(task)'",
        hint: Suggestion.hint(for: task, among: capabilities.tasks))
    }
    return task
  }

  /// Documents and queries of retrieval have a task each; every other task serves both sides.
  private static func queryTask(pairedWith task: String, in tasks: [String]) -> String {
    let query = "RETRIEVAL_QUERY"
    return task == "RETRIEVAL_DOCUMENT" && tasks.contains(query) ? query : task
  }

  /// The declared version and the first 12 digits of a digest over the model's files.
  private static func version(
    of model: ImageTextModel, _ known: [String: ContentHash], _ memory: DigestMemory
  ) throws -> String {
    let digests = try model.files.map {
      try (known[$0] ?? memory.sha256(fileAt: $0)).hexadecimal
    }
    let digest = Digest.sha256(digests.joined(separator: "\n")).hexadecimal.prefix(12)
    return model.version.map { "\($0)+\(digest)" } ?? String(digest)
  }

  private static func list(_ words: [String]) -> String {
    guard words.count > 1, let last = words.last else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }
}
