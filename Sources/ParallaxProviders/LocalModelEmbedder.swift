internal import ParallaxCore
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
    let library = OnnxRuntime.opening()
    // The library takes longer to open than the files to read.
    async let opened: Void = library.open()
    let digests = try name.map { try ShippedModel.verify($0, in: folder) } ?? [:]
    let model = try ImageTextModel(
      folder: folder, task: request.task, runtime: library, threads: environment.threads)
    let version = try ModelVersion.text(
      declared: model.version, files: model.files, known: digests, environment.digests)
    try await opened
    let capabilities = EmbedderCapabilities(
      embedsImages: model.embedsImages, embedsText: model.embedsText,
      fullDimension: model.dimension,
      shorterDimensions: model.matryoshkaDimensions.filter { $0 < model.dimension },
      tasks: (Array(model.prompts.keys) + model.imageTasks).sorted(), preferredBatch: 32,
      imageTasks: model.imageTasks)
    let task = try Self.task(request, capabilities)
    if let task, model.imageTasks.contains(task), request.content != .image {
      throw ParallaxError(
        .unsupported, "under the task '\(task)', model '\(request.model)' embeds images only",
        hint: "--content image embeds them; leave --task out to embed texts")
    }
    let dimension = try Self.dimension(request, capabilities)
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

  @concurrent func embed(
    _ inputs: [ModelInput], side: EmbeddingSide
  ) async throws -> [Result<[Float], ParallaxError>] {
    // Each has one part then: a model of this kind joins nothing.
    try capabilities.check(inputs, model: spec.model, task: spec.task)
    var pictures: [(position: Int, file: ImageFile)] = []
    var texts: [(position: Int, text: String)] = []
    for (position, input) in inputs.enumerated() {
      switch input.parts.first {
      case .image(let path, let hash): pictures.append((position, ImageFile(path, hash)))
      case .text(let text): texts.append((position, text))
      case nil: break
      }
    }
    let answers =
      try await vectors(of: pictures.map(\.file)) + vectors(of: texts.map(\.text), side)
    let positions = pictures.map(\.position) + texts.map(\.position)
    return zip(positions, answers).sorted { $0.0 < $1.0 }.map { position, answer in
      answer.flatMap { usable($0, of: inputs[position]) }
    }
  }

  private struct ImageFile: Sendable {
    var path: String
    /// What its bytes must be.
    var hash: ContentHash?

    init(_ path: String, _ hash: ContentHash?) { (self.path, self.hash) = (path, hash) }
  }

  /// What the model answers, and why there is nothing to ask it.
  private typealias Answer = Result<Result<[Float], UnusableVector>, ParallaxError>

  private func vectors(of files: [ImageFile]) async throws -> [Answer] {
    guard !files.isEmpty, let transform = model.imageTransform else { return [] }
    try await model.open(images: true)
    let pixels = try await files.concurrentOutcomes { [decoder] in
      try await decoder.decode($0.path, transform, expecting: $0.hash).pixels
    }
    return try answers(to: pixels, model.embed(images:))
  }

  private func vectors(of texts: [String], _ side: EmbeddingSide) async throws -> [Answer] {
    if texts.isEmpty { return [] }
    try await model.open(texts: true)
    let prompt = prompt(side)
    let prompted: [Result<String, ParallaxError>] = try texts.map { text in
      if try model.reads(prompt + text, after: prompt) { return .success(prompt + text) }
      return .failure(
        ParallaxError(
          .unusableVector, "the tokenizer leaves nothing of the text: it has no words",
          hint: "tokenizers drop white space, and some also drop punctuation"))
    }
    return try answers(to: prompted, model.embed(texts:))
  }

  /// Asks for what is ready.
  private func answers<Ready>(
    to inputs: [Result<Ready, ParallaxError>],
    _ ask: ([Ready]) throws -> [Result<[Float], UnusableVector>]
  ) throws -> [Answer] {
    var answers = try ask(inputs.compactMap { try? $0.get() })[...]
    return inputs.map { input in
      input.map { _ in answers.popFirst() ?? .failure(UnusableVector(reason: "there is none")) }
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

  func background() throws -> QuestionBackground? {
    try model.background()?.shortened(to: spec.dimension)
  }

  /// The words that a task puts in front of a text.
  private func prompt(_ side: EmbeddingSide) -> String {
    (side == .query ? spec.queryTask : spec.task).flatMap { model.prompts[$0] } ?? ""
  }

  /// The prefix of the asked dimension at unit length.
  private func usable(
    _ answer: Result<[Float], UnusableVector>, of input: ModelInput
  ) -> Result<[Float], ParallaxError> {
    answer.flatMap { vector in
      if spec.dimension == vector.count { return .success(vector) }
      let prefix = Vector.normalized(Array(vector.prefix(spec.dimension)))
      let reason = "the first \(spec.dimension) of its \(vector.count) numbers are zero"
      return prefix.map { .success($0) } ?? .failure(UnusableVector(reason: reason))
    }.mapError { fault in
      ParallaxError(
        .unusableVector,
        "the model gave no usable vector for '\(input.name)': \(fault.reason)",
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

  private static func list(_ words: [String]) -> String {
    guard words.count > 1, let last = words.last else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }
}
