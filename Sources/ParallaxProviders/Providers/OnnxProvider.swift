package import ParallaxCore
private import ParallaxSystem

/// A model folder as published for ONNX Runtime: CLIP, SigLIP or an image encoder.
package enum OnnxProvider: Provider {
  package static let id = "onnx"
  package static let summary = "a model folder or .onnx file on this machine"
  package static let models: [ModelDescription] = []
  package static let modelForm: ModelForm? = ModelForm(
    label: "PATH", meaning: "the path of a model folder or .onnx file")

  package static func recognizes(model: String) -> Bool {
    model.contains("/") || model.hasSuffix(".onnx") || FileStatus.exists(model)
  }

  package static func recognizes(reranker model: String) -> Bool { recognizes(model: model) }

  package static func makeReranker(
    _ request: RerankerRequest, in environment: ProviderEnvironment
  ) async throws -> any Reranker {
    try await CrossEncoderReranker(
      provider: id, path: try resolved(request.model), environment: environment)
  }

  /// An identity names the model wherever the program is started from.
  private static func resolved(_ path: String) throws -> String {
    do throws(SystemError) { return try PathText.resolved(path) } catch {
      throw ParallaxError(
        .unknownModel, "no model at '\(path)': \(error.reason)",
        hint: "--model takes \(ProviderRegistry.modelRule)")
    }
  }

  package static func makeEmbedder(
    _ request: EmbedderRequest, in environment: ProviderEnvironment
  ) async throws -> any Embedder {
    var request = request
    request.model = try resolved(request.model)
    return try await LocalModelEmbedder(
      provider: id, request: request, folder: request.model, environment: environment)
  }
}
