package import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A model folder as published for ONNX Runtime: CLIP, SigLIP or an image encoder.
package enum OnnxProvider: Provider {
  package static let id = "onnx"
  package static let summary = "a model folder or .onnx file on this machine"
  package static let models: [ModelDescription] = []

  package static func recognizes(model: String) -> Bool {
    model.contains("/") || model.hasSuffix(".onnx") || access(model, F_OK) == 0
  }

  package static func makeEmbedder(
    _ request: EmbedderRequest, in environment: ProviderEnvironment
  ) async throws -> any Embedder {
    // An identity names the model wherever the program is started from.
    guard let resolved = realpath(request.model, nil) else {
      throw ParallaxError(
        .unknownModel, "no model at '\(request.model)': \(String(cString: strerror(errno)))",
        hint:
          "--model takes a name that 'list models' shows, or the path of a model folder or .onnx file"
      )
    }
    defer { free(resolved) }
    var request = request
    request.model = String(cString: resolved)
    return try await LocalModelEmbedder(
      provider: id, request: request, folder: request.model, environment: environment)
  }
}
