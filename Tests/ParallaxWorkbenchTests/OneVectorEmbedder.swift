import ParallaxCore
import ParallaxProviders

/// A metered model without a provider: every input has the same vector.
struct OneVectorEmbedder: MeteredEmbedder {
  /// Paths of images whose files are refused.
  var refused: [String: ParallaxError.Code] = [:]
  let spec: EmbeddingSpec
  let capabilities: EmbedderCapabilities

  init(tasksMoveImages: Bool = false, content: EmbeddedContent = .joint) {
    spec = EmbeddingSpec(
      provider: "p", model: "m", version: "v", task: "D", queryTask: "Q", dimension: 2,
      preprocessing: "none", content: content)
    capabilities = EmbedderCapabilities(
      embedsImages: true, embedsText: true, joinsText: true, fullDimension: 2,
      tasksMoveImages: tasksMoveImages)
  }

  func embed(
    _ inputs: [ModelInput], side: EmbeddingSide, meter: (any RequestMeter)?
  ) async throws -> [Result<[Float], ParallaxError>] {
    let vectors = inputs.map { _ in [Float(0.6), 0.8] }
    if let meter {
      let ticket = try meter.begin(Array(inputs.indices))
      try meter.settle(ticket, Dictionary(uniqueKeysWithValues: zip(inputs.indices, vectors)))
    }
    return zip(inputs, vectors).map { input, vector in
      for case .image(let path, _) in input.parts {
        if let code = refused[path] { return .failure(ParallaxError(code, "'\(path)' is refused")) }
      }
      return .success(vector)
    }
  }
}
