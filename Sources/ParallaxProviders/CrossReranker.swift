internal import ParallaxCore
private import ParallaxImaging
private import ParallaxInference
private import Synchronization

/// The shipped model that scores a text and a picture together. What it makes of a picture is kept.
final class CrossReranker: Reranker {
  /// Pictures held in memory: about 128 MB.
  private static let held = 8_192

  let spec: RerankerSpec
  let capabilities: RerankerCapabilities
  var warnings: [String] { model.warnings }
  private let model: PairModel
  private let decoder: ImageDecoder
  private let memory: (any PictureMemory)?
  private let pictures = Mutex<[ContentHash: [Float]]>([:])

  /// - Parameters:
  ///   - name: of the shipped model, and of the folder of its files in `models`.
  ///   - base: the version whose towers it stands on.
  /// - Throws: `invalid-model` naming a file that is damaged; `missing-component`.
  @concurrent init(
    provider: String, name: String, over base: ShippedVersion,
    in models: String, environment: ProviderEnvironment
  ) async throws {
    let library = OnnxRuntime.opening()
    async let opened: Void = library.open()
    let (folder, towers) = ("\(models)/\(name)", "\(models)/\(base.folder)")
    let known = try ShippedModel.verify(name, in: folder).merging(
      ShippedModel.verify(base.folder, in: towers)
    ) { own, _ in own }
    let model = try PairModel(folder: folder, towers: towers, runtime: library, threads: 1)
    let version = try ModelVersion.text(
      declared: model.version, files: model.files, known: known, environment.digests)
    try await opened
    let preprocessing = model.imageTransform.identity
    spec = RerankerSpec(
      provider: provider, model: name, version: version, scale: .unbounded,
      settings: ["preprocessing=\(preprocessing)"])
    capabilities = RerankerCapabilities(
      readsQuestionText: true, readsQuestionImages: false, readsImages: true,
      preferredBatch: 100, concurrentBatches: max(1, environment.threads))
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
    let images = candidates.map(Image.init)
    let known = try knownPictures(of: images)
    let outcomes = try await images.concurrentOutcomes { [decoder, model] image in
      try Task.checkCancellation()
      if let picture = image.content.flatMap({ known[$0] }) {
        return (picture: picture, score: try model.score(text, picture))
      }
      let pixels = try await decoder.decode(
        image.path, model.imageTransform, expecting: image.content
      ).pixels
      let picture = try model.picture(pixels)
      return (picture: picture, score: try model.score(text, picture))
    }
    var made: [ContentHash: [Float]] = [:]
    for (image, outcome) in zip(images, outcomes) {
      guard let content = image.content, known[content] == nil else { continue }
      made[content] = try? outcome.get().picture
    }
    try keep(made)
    return outcomes.map { $0.map { Double($0.score) } }
  }

  // MARK: - Pictures

  /// The image of a candidate.
  private struct Image: Sendable {
    var path = ""
    var content: ContentHash?

    init(_ candidate: ModelInput) {
      if case .image(let path, let hash) = candidate.parts.first {
        (self.path, content) = (path, hash)
      }
    }
  }

  /// What is held or kept of some images.
  private func knownPictures(of images: [Image]) throws -> [ContentHash: [Float]] {
    let contents = images.compactMap(\.content)
    var known = pictures.withLock { held in
      contents.reduce(into: [ContentHash: [Float]]()) { $0[$1] = held[$1] }
    }
    let unknown = contents.filter { known[$0] == nil }
    if let memory, !unknown.isEmpty {
      let kept = try memory.kept(unknown, by: maker).filter { $0.value.count == model.shape.count }
      known.merge(kept) { first, _ in first }
      hold(kept)
    }
    return known
  }

  /// What pictures are kept under.
  private var maker: String { spec.identity }

  private func keep(_ made: [ContentHash: [Float]]) throws {
    if made.isEmpty { return }
    hold(made)
    try memory?.keep(made, by: maker)
  }

  private func hold(_ new: [ContentHash: [Float]]) {
    pictures.withLock { held in
      if held.count + new.count > Self.held { held = [:] }
      held.merge(new) { first, _ in first }
    }
  }
}
