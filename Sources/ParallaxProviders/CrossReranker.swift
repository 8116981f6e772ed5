internal import ParallaxCore
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
  /// Whether a space holds what the first tower makes of images.
  private let isOfTowers: @Sendable (EmbeddingSpec) -> Bool
  private let pictures = Mutex<[ContentHash: [Float]]>([:])

  /// - Parameters:
  ///   - name: of the shipped model, and of the folder of its files in `models`.
  ///   - base: the model whose towers it stands on, as identities name it, of a version.
  /// - Throws: `invalid-model` naming a file that is damaged; `missing-component`.
  @concurrent init(
    provider: String, name: String, over base: (model: String, version: ShippedVersion),
    in models: String, environment: ProviderEnvironment
  ) async throws {
    let library = OnnxRuntime.opening()
    async let opened: Void = library.open()
    let (folder, towers) = ("\(models)/\(name)", "\(models)/\(base.version.folder)")
    let known = try ShippedModel.verify(name, in: folder).merging(
      ShippedModel.verify(base.version.folder, in: towers)
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
    let dimension = model.shape.dimension
    // Tasks are of texts alone: spaces of each hold the same vectors of images.
    isOfTowers = { space in
      space
        == EmbeddingSpec(
          provider: provider, model: base.model, version: base.version.identity, task: space.task,
          queryTask: space.queryTask, dimension: dimension, preprocessing: preprocessing)
    }
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
    let missing = images.filter { image in image.content.map { known[$0] == nil } ?? true }
    let vectors = try vectors(of: missing)
    let outcomes = try await images.concurrentOutcomes { [decoder, model] image in
      try Task.checkCancellation()
      if let picture = image.content.flatMap({ known[$0] }) {
        return (picture: picture, score: try model.score(text, picture))
      }
      let pixels = try await decoder.decode(
        image.path, model.imageTransform, expecting: image.content
      ).pixels
      let picture = try model.picture(pixels, vector: image.content.flatMap { vectors[$0] })
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
    var item: ItemID
    var path = ""
    var content: ContentHash?

    init(_ candidate: ModelInput) {
      item = ItemID(candidate.name)
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

  /// What spaces hold of the first tower's vectors: the same numbers as it would give.
  private func vectors(of images: [Image]) throws -> [ContentHash: [Float]] {
    let named = images.compactMap { image in image.content.map { (image.item, $0) } }
    guard let memory, !named.isEmpty else { return [:] }
    return try memory.vectors(of: named, where: isOfTowers)
  }

  /// What pictures are kept under; vectors of the first tower have had unit length since it says so.
  private var maker: String { "\(spec.identity);vectors=unit" }

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
