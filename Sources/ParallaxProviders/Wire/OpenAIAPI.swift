internal import ParallaxCore
internal import ParallaxHTTP

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

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
    /// llama-server: a prompt that holds the server's own mark where a picture stands.
    case llama

    /// Whether an image and a text can be one input.
    var joinsText: Bool { self == .vllm || self == .llama }
  }

  static let keyNames = ["OPENAI_API_KEY"]

  let base: String
  let model: String
  let key: Secret
  let form: Form
  /// `nil` for the model's own.
  let dimension: Int?
  /// Asks for what is no embedding.
  let client: HTTPClient

  var accessNames: [String] { Self.keyNames }
  var itemLimit: Int { form == .vllm ? 1 : 32 }
  let byteLimit = 8_000_000

  func request(for inputs: [RemoteInput], side: EmbeddingSide) async throws -> HTTPRequest {
    var body = JSONBody()
    body.raw("{\"model\":")
    body.string(model)
    let holdsImages = inputs.contains(where: \.holdsPicture)
    if form == .vllm, holdsImages {
      body.raw(",\"messages\":[{\"role\":\"user\",\"content\":")
      body.messageParts(inputs[0])
      body.raw("}]")
    } else if form == .llama, holdsImages {
      writePrompts(inputs, mark: try await mediaMark(), to: &body)
    } else {
      writeInput(inputs, holdsImages: holdsImages, to: &body)
    }
    if let dimension {
      body.raw(",\"dimensions\":")
      body.number(dimension)
    }
    body.raw(",\"encoding_format\":\"float\"}")
    return .authorized(Address.appending("/embeddings", to: base), key, body)
  }

  private func writeInput(_ inputs: [RemoteInput], holdsImages: Bool, to body: inout JSONBody) {
    body.raw(",\"input\":")
    body.array(inputs) { body, input in
      switch input.onlyPart {
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

  private func writePrompts(_ inputs: [RemoteInput], mark: String, to body: inout JSONBody) {
    body.raw(",\"input\":")
    body.array(inputs) { body, input in
      let prompt = input.parts.map { part in
        switch part {
        case .text(let text): text
        case .jpeg: mark
        }
      }
      body.raw("{\"prompt_string\":")
      body.string(prompt.joined(separator: "\n"))
      body.raw(",\"multimodal_data\":")
      let pictures = input.parts.compactMap { if case .jpeg(let bytes) = $0 { bytes } else { nil } }
      body.array(pictures) { $0.base64($1) }
      body.raw("}")
    }
  }

  private struct Properties: Decodable { var media_marker: String? }

  /// Chosen at random whenever the server starts, so that no text can hold it by chance.
  private func mediaMark() async throws -> String {
    var request = HTTPRequest.authorized(
      Address.appending("/props", to: base).replacing("/v1/props", with: "/props"), key, JSONBody())
    request.method = "GET"
    let response = try await client.send(request, judge: judge)
    let properties = try? JSONDecoder().decode(Properties.self, from: Data(response.body))
    // Older servers have one mark for good.
    return properties?.media_marker ?? "<__media__>"
  }

  func remedy(forDimension dimension: Int) -> String? {
    self.dimension == nil
      ? "embed with --dim \(dimension), or have the server cut them: export "
        + "\(OpenAIProvider.sendsDimension)=1"
      : "embed with --dim \(dimension): the server does not cut vectors"
  }

  func vectors(in response: HTTPResponse, count: Int) throws -> [AnsweredVector] {
    try IndexedReply(provider: "openai").vectors(in: response, count: count)
  }
}
