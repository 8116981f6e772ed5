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

  package static func makeEmbedder(
    _ request: EmbedderRequest, in environment: ProviderEnvironment
  ) async throws -> any Embedder {
    // An identity names the model wherever the program is started from.
    var request = request
    do throws(SystemError) { request.model = try PathText.resolved(request.model) } catch {
      throw ParallaxError(
        .unknownModel, "no model at '\(request.model)': \(error.reason)",
        hint: "--model takes \(ProviderRegistry.modelRule)")
    }
    return try await LocalModelEmbedder(
      provider: id, request: request, folder: request.model, environment: environment)
  }
}
