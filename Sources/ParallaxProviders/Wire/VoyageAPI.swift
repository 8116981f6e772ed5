internal import ParallaxCore
internal import ParallaxHTTP

/// `multimodalembeddings` of Voyage AI.
struct VoyageAPI: EmbeddingAPI {
  static let keyNames = ["VOYAGE_API_KEY"]

  let base: String
  let model: String
  let key: Secret
  /// `nil` for a model of one dimension.
  let dimension: Int?
  /// Whether texts and pictures are marked as documents and queries.
  let marksSides: Bool

  var accessNames: [String] { Self.keyNames }
  let itemLimit = 64
  let byteLimit = 10_000_000

  func request(for inputs: [RemoteInput], side: EmbeddingSide) -> HTTPRequest {
    var body = JSONBody()
    body.raw("{\"model\":")
    body.string(model)
    body.raw(",\"inputs\":")
    body.array(inputs) { body, input in
      body.raw("{\"content\":")
      body.array(input.parts) { body, part in
        switch part {
        case .text(let text):
          body.raw("{\"type\":\"text\",\"text\":")
          body.string(text)
        case .jpeg(let bytes):
          body.raw("{\"type\":\"image_base64\",\"image_base64\":")
          body.dataURL(jpeg: bytes)
        }
        body.raw("}")
      }
      body.raw("}")
    }
    if marksSides {
      body.raw(",\"input_type\":")
      body.string(side.rawValue)
    }
    body.raw(",\"truncation\":true")
    if let dimension {
      body.raw(",\"output_dimension\":")
      body.number(dimension)
    }
    body.raw("}")
    return .authorized(Address.appending("/multimodalembeddings", to: base), key, body)
  }

  func vectors(in response: HTTPResponse, count: Int) throws -> [AnsweredVector] {
    try IndexedReply(provider: "voyage").vectors(in: response, count: count)
  }
}
