internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxStorage

/// Turns files of pictures into vectors as a space has them of its items, so that both may be compared
/// as the items are with one another.
///
/// What is known is not embedded again: vectors of the same contents anywhere in the workspace, and the
/// kept replies of a model that costs something.
struct PictureEmbedding {
  let bench: Workbench
  let space: Space
  let embedder: any Embedder
  private let budget: Int?

  /// - Parameter isForEstimate: whether nothing will be embedded: then a remote model needs no key.
  /// - Throws: `unsupported` for a space that holds something else than vectors of pictures; as
  ///   ``Models/embedder(for:budget:isForEstimate:asksAgain:)``.
  init(
    _ space: Space, _ bench: Workbench, budget: Int?, isForEstimate: Bool = false
  ) async throws {
    try space.checkHoldsPictures()
    try space.checkHoldsAnswers()
    self.bench = bench
    self.space = space
    self.budget = budget
    embedder = try await bench.models.embedder(
      for: space, budget: budget, isForEstimate: isForEstimate)
  }

  /// What prevents embedding, where only an estimate is wanted.
  var missing: ParallaxError? { (embedder as? PaidEmbedder)?.missing }

  /// Whether embedding costs something.
  var isPaid: Bool { embedder is PaidEmbedder }

  /// Vectors of some contents that the workspace holds.
  func known(_ contents: some Sequence<ContentHash>) throws -> [ContentHash: [Float]] {
    try bench.workspace.reusableVectors(
      for: Array(contents), spec: space.spec, fromTask: embedder.sharesImages(with:))
  }

  /// What a model is asked for where nothing is known of so many pictures.
  func cost(ofNewPictures count: Int) -> RepeatedCost {
    let picture = ModelInput(name: "", parts: [.image(path: "")])
    return cost(ofAsking: Array(repeating: picture, count: count))
  }

  /// What a model is asked for, less the replies that are kept.
  ///
  /// - Throws: `storage`; `CancellationError`.
  func cost(of inputs: [ModelInput]) throws -> RepeatedCost {
    guard let paid = embedder as? PaidEmbedder else { return cost(ofAsking: inputs) }
    return cost(ofAsking: try paid.unanswered(inputs, side: .document))
  }

  private func cost(ofAsking inputs: [ModelInput]) -> RepeatedCost {
    guard let paid = embedder as? PaidEmbedder else {
      return RepeatedCost(inputs: inputs.count, micros: 0)
    }
    let size = embedder.capabilities.preferredBatch
    return RepeatedCost(
      inputs: inputs.count, requests: (inputs.count + size - 1) / size,
      micros: Charge.micros(inputs.map { paid.price?.micros(of: $0) }))
  }

  /// - Throws: `budget`: then nothing was asked for.
  func check(_ cost: RepeatedCost, _ what: String) throws {
    try AskingAgain.check(cost, what, of: space.spec.provider, bench, budget: budget)
  }

  /// One outcome an input, in order.
  ///
  /// - Throws: what is no matter of one picture; `cancelled`.
  func vectors(
    of inputs: [ModelInput], _ report: (Int) -> Void
  ) async throws -> [Result<[Float], ParallaxError>] {
    try await embedder.outcomes(of: inputs, side: .document, "pictures", report)
  }
}

extension Space {
  /// - Throws: `unsupported` for a space whose vectors stand for something else than a picture.
  func checkHoldsPictures() throws {
    guard spec.content != .image else { return }
    let what = spec.content == .text ? "texts" : "images and texts as one"
    throw ParallaxError(
      .unsupported,
      "'\(reference)' holds vectors of \(what): a picture has another kind of score with them",
      hint: "name a space that was embedded with --content image")
  }
}
