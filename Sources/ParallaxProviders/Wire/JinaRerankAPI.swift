internal import ParallaxCore
internal import ParallaxHTTP

/// `v1/rerank` of Jina AI.
struct JinaRerankAPI: RerankAPI {
  let base: String
  let model: String
  let key: Secret
  /// Whether documents are objects, with a text or a picture; those of the others are texts.
  let readsImages: Bool

  var accessNames: [String] { JinaAPI.keyNames }
  let itemLimit = 64
  let byteLimit = 8_000_000

  func request(for documents: [RemoteInput], question: RemoteInput) -> HTTPRequest {
    var body = JSONBody(reranking: documents, for: question, by: model) { body, document in
      switch document.onlyPart {
      case .text(let text) where readsImages:
        body.raw("{\"text\":")
        body.string(text)
        body.raw("}")
      case .text(let text): body.string(text)
      case .jpeg(let bytes):
        body.raw("{\"image\":")
        body.base64(bytes)
        body.raw("}")
      }
    }
    // Without a number of results to return, all of them come.
    body.raw(",\"return_documents\":false}")
    return .authorized(Address.appending("/rerank", to: base), key, body)
  }

  func scores(in response: HTTPResponse, count: Int) throws -> [AnsweredVector] {
    try ScoreReply(provider: "jina").scores(in: response, count: count)
  }
}
