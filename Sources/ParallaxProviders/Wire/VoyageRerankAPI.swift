internal import ParallaxCore
internal import ParallaxHTTP

/// `v1/rerank` of Voyage AI, which reads texts.
struct VoyageRerankAPI: RerankAPI {
  let base: String
  let model: String
  let key: Secret

  var accessNames: [String] { VoyageAPI.keyNames }
  /// The service takes 1,000.
  let itemLimit = 100
  let byteLimit = 10_000_000

  func request(for documents: [RemoteInput], question: RemoteInput) -> HTTPRequest {
    var body = JSONBody(reranking: documents, for: question, by: model) { $0.string($1.text) }
    // A text that is too long is refused, and fails alone, instead of being cut in silence.
    body.raw(",\"truncation\":false}")
    return .authorized(Address.appending("/rerank", to: base), key, body)
  }

  func scores(in response: HTTPResponse, count: Int) throws -> [AnsweredVector] {
    try ScoreReply(provider: "voyage", list: "data").scores(in: response, count: count)
  }
}
