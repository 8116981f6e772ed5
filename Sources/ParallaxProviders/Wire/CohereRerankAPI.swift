internal import ParallaxCore
internal import ParallaxHTTP

/// `v2/rerank` of Cohere, which reads texts.
struct CohereRerankAPI: RerankAPI {
  let base: String
  let model: String
  let key: Secret

  var accessNames: [String] { CohereAPI.keyNames }
  /// What one search is counted as.
  let itemLimit = 100
  let byteLimit = 15_000_000

  func request(for documents: [RemoteInput], question: RemoteInput) -> HTTPRequest {
    var body = JSONBody(reranking: documents, for: question, by: model) { $0.string($1.text) }
    body.raw("}")
    return .authorized(Address.appending("/rerank", to: base), key, body)
  }

  func scores(in response: HTTPResponse, count: Int) throws -> [AnsweredVector] {
    try ScoreReply(provider: "cohere", isProbability: true).scores(in: response, count: count)
  }
}
