internal import ParallaxCore
private import ParallaxDigest
private import ParallaxImaging
private import ParallaxInference
private import Synchronization

/// The shipped model that scores a text and a picture together. What it makes of a picture is kept.
final class CrossReranker: Reranker {
  /// Pictures held in memory: about 128 MB.
  private static let held = 2_048

  let spec: RerankerSpec
  let capabilities: RerankerCapabilities
  var warnings: [String] { model.warnings }
  private let model: PairModel
  private let decoder: ImageDecoder
  private let memory: (any PictureMemory)?
  private let threads: Int
  private let pictures = Mutex<[ContentHash: [Float]]>([:])

  /// - Parameters:
  ///   - folder: of the shipped files called `name`.
  ///   - towers: of those of the model whose towers it stands on, called `base`.
  /// - Throws: `invalid-model` naming a file that is damaged; `missing-component`.
  @concurrent init(
    provider: String, name: String, folder: String, base: String, towers: String,
    environment: ProviderEnvironment
  ) async throws {
    let library = OnnxRuntime.opening()
    async let opened: Void = library.open()
    let known = try ShippedModel.verify(name, in: folder).merging(
      ShippedModel.verify(base, in: towers)
    ) { own, _ in own }
    let model = try PairModel(folder: folder, towers: towers, runtime: library, threads: 1)
    let digests = try model.files.map {
      try (known[$0] ?? environment.digests.sha256(fileAt: $0)).hexadecimal
    }
    let digest = Digest.sha256(digests.joined(separator: "\n")).hexadecimal.prefix(12)
    try await opened
    spec = RerankerSpec(
      provider: provider, model: name,
      version: model.version.map { "\($0)+\(digest)" } ?? String(digest), scale: .unbounded,
      settings: ["preprocessing=\(model.imageTransform.identity)"])
    threads = max(1, environment.threads)
    capabilities = RerankerCapabilities(
      readsQuestionText: true, readsQuestionImages: false, readsImages: true,
      preferredBatch: 100, concurrentBatches: threads)
    self.model = model
    decoder = environment.decoder
    memory = environment.pictures
  }

  @concurrent func prepare() async throws { try await model.open() }

  @concurrent func limit(exceededBy question: ModelInput) async throws -> TextLimit? {
    try model.cuts(question.text) ? TextLimit(tokens: model.maximumTokens) : nil
  }

  @concurrent func scores(
    of candidates: [ModelInput], for question: ModelInput
  ) async throws -> [Result<Double, ParallaxError>] {
    let text = try model.text(question.text)
    let pictures = try await pictures(of: candidates)
    var scores = [Result<Double, ParallaxError>?](repeating: nil, count: candidates.count)
    let size = max(1, (candidates.count + threads - 1) / threads)
    try await withThrowingTaskGroup(of: [(Int, Result<Double, ParallaxError>)].self) { group in
      for start in stride(from: 0, to: candidates.count, by: size) {
        group.addTask { [model] in
          try (start..<min(start + size, candidates.count)).map { place in
            try Task.checkCancellation()
            switch pictures[place] {
            case .failure(let error): return (place, .failure(error))
            case .success(let picture): return (place, Self.score(model, text, picture))
            }
          }
        }
      }
      for try await part in group {
        for (place, score) in part { scores[place] = score }
      }
    }
    return scores.compactMap(\.self)
  }

  private static func score(
    _ model: PairModel, _ text: PairModel.Text, _ picture: [Float]
  ) -> Result<Double, ParallaxError> {
    do { return .success(Double(try model.score(text, picture))) } catch let error
      as ParallaxError
    { return .failure(error) } catch {
      return .failure(ParallaxError(.internalError, "\(error)"))
    }
  }

  // MARK: - Pictures

  private func pictures(
    of candidates: [ModelInput]
  ) async throws -> [Result<[Float], ParallaxError>] {
    let files = candidates.map { candidate -> (path: String, hash: ContentHash?) in
      if case .image(let path, let hash) = candidate.parts.first { (path, hash) } else { ("", nil) }
    }
    var known = pictures.withLock { held in
      files.reduce(into: [ContentHash: [Float]]()) { known, file in
        if let hash = file.hash { known[hash] = held[hash] }
      }
    }
    let unknown = files.compactMap(\.hash).filter { known[$0] == nil }
    if let memory, !unknown.isEmpty {
      let kept = try memory.kept(unknown, by: spec.identity).filter {
        $0.value.count == model.shape.count
      }
      known.merge(kept) { first, _ in first }
      hold(kept)
    }
    let missing = files.indices.filter { place in
      files[place].hash.map { known[$0] == nil } ?? true
    }
    let made = try await missing.concurrentOutcomes { [decoder, model] place in
      let file = files[place]
      let pixels = try await decoder.decode(
        file.path, model.imageTransform, expecting: file.hash
      ).pixels
      return try model.picture(pixels)
    }
    var new: [ContentHash: [Float]] = [:]
    var outcomes = files.map { file in
      file.hash.flatMap { known[$0] }.map(Result<[Float], ParallaxError>.success)
    }
    for (place, outcome) in zip(missing, made) {
      outcomes[place] = outcome
      if let hash = files[place].hash { new[hash] = try? outcome.get() }
    }
    if !new.isEmpty {
      hold(new)
      try memory?.keep(new, by: spec.identity)
    }
    return outcomes.compactMap(\.self)
  }

  private func hold(_ new: [ContentHash: [Float]]) {
    pictures.withLock { held in
      if held.count + new.count > Self.held { held = [:] }
      held.merge(new) { first, _ in first }
    }
  }
}
