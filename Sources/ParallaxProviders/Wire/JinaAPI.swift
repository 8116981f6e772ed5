internal import ParallaxCore
internal import ParallaxHTTP

/// `v1/embeddings` of Jina AI: OpenAI's form with objects as inputs.
struct JinaAPI: EmbeddingAPI {
  static let keyNames = ["JINA_API_KEY"]

  let base: String
  let model: String
  let key: Secret
  let dimension: Int
  /// The service's own names of the task on each side; empty for none.
  let tasks: [EmbeddingSide: String]

  var accessNames: [String] { Self.keyNames }
  let itemLimit = 64
  let byteLimit = 8_000_000

  func request(for inputs: [RemoteInput], side: EmbeddingSide) -> HTTPRequest {
    var body = JSONBody()
    body.raw("{\"model\":")
    body.string(model)
    body.raw(",\"input\":")
    body.array(inputs) { body, input in
      switch input.onlyPart {
      case .text(let text):
        body.raw("{\"text\":")
        body.string(text)
      case .jpeg(let bytes):
        body.raw("{\"image\":")
        body.base64(bytes)
      }
      body.raw("}")
    }
    if let task = tasks[side] {
      body.raw(",\"task\":")
      body.string(task)
    }
    body.raw(",\"dimensions\":")
    body.number(dimension)
    body.raw(",\"embedding_type\":\"float\",\"truncate\":true}")
    return .authorized(Address.appending("/embeddings", to: base), key, body)
  }

  func vectors(in response: HTTPResponse, count: Int) throws -> [AnsweredVector] {
    try IndexedReply(provider: "jina").vectors(in: response, count: count)
  }
}
