internal import ParallaxCore
internal import ParallaxHTTP

/// An OpenAI-compatible server, in one of the forms that take images.
struct OpenAIAPI: EmbeddingAPI {
  /// How a server wants images; texts are the same for all of them.
  enum Form: String, Sendable, CaseIterable {
    /// `{"image": …}` and `{"text": …}` as inputs.
    case sglang
    /// Data URLs as inputs and `"modality": "image"`.
    case infinity
    /// One chat message a request.
    case vllm
  }

  static let keyNames = ["OPENAI_API_KEY"]

  let base: String
  let model: String
  let key: Secret
  let form: Form
  /// `nil` for the model's own.
  let dimension: Int?

  var itemLimit: Int { form == .vllm ? 1 : 32 }
  let byteLimit = 8_000_000

  func request(for inputs: [RemoteInput], side: EmbeddingSide) -> HTTPRequest {
    var body = JSONBody()
    body.raw("{\"model\":")
    body.string(model)
    let holdsImages = inputs.contains { if case .jpeg = $0 { true } else { false } }
    if form == .vllm, holdsImages {
      writeMessage(inputs, to: &body)
    } else {
      writeInput(inputs, holdsImages: holdsImages, to: &body)
    }
    if let dimension {
      body.raw(",\"dimensions\":")
      body.number(dimension)
    }
    body.raw(",\"encoding_format\":\"float\"}")
    return .authorized("\(base)/embeddings", key, body)
  }

  private func writeInput(_ inputs: [RemoteInput], holdsImages: Bool, to body: inout JSONBody) {
    body.raw(",\"input\":")
    body.array(inputs) { body, input in
      switch input {
      case .text(let text): body.string(text)
      case .jpeg(let bytes) where form == .infinity: body.dataURL(jpeg: bytes)
      case .jpeg(let bytes):
        body.raw("{\"image\":")
        body.base64(bytes)
        body.raw("}")
      }
    }
    if holdsImages, form == .infinity { body.raw(",\"modality\":\"image\"") }
  }

  private func writeMessage(_ inputs: [RemoteInput], to body: inout JSONBody) {
    body.raw(",\"messages\":[{\"role\":\"user\",\"content\":")
    body.array(inputs) { body, input in
      switch input {
      case .text(let text):
        body.raw("{\"type\":\"text\",\"text\":")
        body.string(text)
      case .jpeg(let bytes):
        body.raw("{\"type\":\"image_url\",\"image_url\":{\"url\":")
        body.dataURL(jpeg: bytes)
        body.raw("}")
      }
      body.raw("}")
    }
    body.raw("}]")
  }

  func judge(_ response: HTTPResponse) -> HTTPClient.Verdict {
    if response.isSuccess { return .accepted }
    return ServiceError(response).verdict(model: model, keyNames: Self.keyNames)
  }

  func vectors(in response: HTTPResponse) throws -> [[Float]] {
    try IndexedReply.vectors(in: response, provider: "openai")
  }
}
