internal import ParallaxCore
internal import ParallaxHTTP

/// `rerank` of vLLM and llama-server, or `score` of vLLM.
struct OpenAIRerankAPI: RerankAPI {
  enum Form: String, Sendable, CaseIterable {
    /// vLLM's `rerank`: documents are texts, or messages that hold pictures.
    case vllm
    /// vLLM's `score`: the same under other names, and the scores in the order of the documents.
    case score = "vllm-score"
    /// llama-server's `rerank`, which reads texts.
    case llama

    var readsImages: Bool { self != .llama }
  }

  let base: String
  let model: String
  let key: Secret
  let form: Form

  var accessNames: [String] { OpenAIAPI.keyNames }
  let itemLimit = 32
  let byteLimit = 8_000_000

  func request(for documents: [RemoteInput], question: RemoteInput) -> HTTPRequest {
    var body = JSONBody()
    body.raw("{\"model\":")
    body.string(model)
    if form == .score { body.raw(",\"queries\":") } else { body.raw(",\"query\":") }
    Self.write(question, to: &body)
    body.raw(",\"documents\":")
    body.array(documents) { Self.write($1, to: &$0) }
    body.raw("}")
    let path = form == .score ? "/score" : "/rerank"
    return .authorized(Address.appending(path, to: base), key, body)
  }

  private static func write(_ input: RemoteInput, to body: inout JSONBody) {
    guard input.holdsPicture else { return body.string(input.text) }
    body.raw("{\"content\":")
    body.messageParts(input)
    body.raw("}")
  }

  func scores(in response: HTTPResponse, count: Int) throws -> [AnsweredVector] {
    let reply =
      form == .score
      ? ScoreReply(provider: "openai", list: "data", score: "score")
      : ScoreReply(provider: "openai")
    return try reply.scores(in: response, count: count)
  }
}
