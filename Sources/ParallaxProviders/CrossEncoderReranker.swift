internal import ParallaxCore
private import ParallaxImaging
private import ParallaxInference
private import ParallaxSystem

/// A person's own cross-encoder, over images or over texts of the candidates.
final class CrossEncoderReranker: Reranker {
  let spec: RerankerSpec
  let capabilities: RerankerCapabilities
  var notes: [String] { model.notes }
  var warnings: [String] { model.warnings }
  private let model: CrossEncoder
  private let decoder: ImageDecoder
  private let threads: Int
  private let cuts: CutTexts

  /// - Throws: `unreadable-file`, `invalid-model`, `missing-component`.
  @concurrent init(provider: String, path: String, environment: ProviderEnvironment) async throws {
    let library = OnnxRuntime.opening()
    async let opened: Void = library.open()
    let model = try CrossEncoder(at: path, runtime: library, threads: 1)
    let version = try ModelVersion.text(
      declared: model.version, files: model.files, environment.digests)
    try await opened
    spec = RerankerSpec(
      provider: provider, model: path, version: version, scale: .logit,
      settings: ["preprocessing=\(model.imageTransform?.identity ?? "none")"])
    threads = max(1, environment.threads)
    capabilities = RerankerCapabilities(
      readsQuestionText: true, readsQuestionImages: false,
      readsImages: model.imageTransform != nil, preferredBatch: 25, concurrentBatches: threads)
    self.model = model
    cuts = CutTexts(limit: model.maximumTokens, with: " together with the question")
    decoder = environment.decoder
  }

  @concurrent func prepare() async throws { try await model.open() }

  @concurrent func limit(exceededBy question: ModelInput) async throws -> TextLimit? {
    try model.cuts(question.text) ? TextLimit(tokens: model.maximumTokens) : nil
  }

  func drainFindings() -> RerankerFindings {
    RerankerFindings(warnings: cuts.drainWarnings(model: PathText.name(of: spec.model)))
  }

  @concurrent func scores(
    of candidates: [ModelInput], for question: ModelInput
  ) async throws -> [Result<Double, ParallaxError>] {
    let text = question.text
    guard let transform = model.imageTransform else {
      return try candidates.map { candidate in
        try Task.checkCancellation()
        let document = candidate.text
        if try model.cuts(text, document) { cuts.note() }
        return try Self.outcome { try model.score(text, document: document) }
      }
    }
    return try await candidates.concurrentOutcomes { [decoder, model] candidate in
      guard case .image(let path, let hash) = candidate.parts.first else {
        throw ParallaxError(.unsupported, "'\(candidate.name)' has no image")
      }
      let pixels = try await decoder.decode(path, transform, expecting: hash).pixels
      return Double(try model.score(text, pixels))
    }
  }

  /// What the network fails on, fails alone.
  private static func outcome(
    _ body: () throws -> Float
  ) throws -> Result<Double, ParallaxError> {
    do { return .success(Double(try body())) } catch let error as ParallaxError {
      guard error.code != .missingComponent else { throw error }
      return .failure(error)
    }
  }
}

extension ModelInput {
  /// Several texts are read as one, in their order.
  var text: String {
    parts.compactMap { if case .text(let text) = $0 { text } else { nil } }
      .joined(separator: " ")
  }
}
