import ParallaxCore
@testable import ParallaxHTTP
@testable import ParallaxProviders

/// Replies of providers. The first line names the wire format and the status, such as `gemini 429`;
/// headers follow up to a blank line, then the body.
enum ReplyTarget: FuzzTarget {
  static let name = "replies"
  static let repeats: [Repetition] = [
    ("gemini 200\n\n", "[", ""), ("gemini 200\n\n", "{\"embeddings\":[", ""),
    ("gemini 200\n\n{\"embeddings\":[{\"values\":[", "1,", "1]}]}"),
    ("voyage 200\n\n{\"data\":[", "{\"index\":0,\"embedding\":[1]},", "{}]}"),
    ("jina-rerank 200\n\n{\"results\":[", "{\"index\":0,\"relevance_score\":1},", "{}]}"),
    ("cohere 429\n\n", "{\"error\":", ""), ("cohere 400\n\n", "{\"detail\":[", ""),
    ("openai 500\n", "a: b\n", ""), ("openai 503\nRetry-After: ", "1m", "\n\n{}"),
    ("openai 503\nRetry-After: ", "9", "\n\n{}"), ("openai 400\n\n", "%25", ""),
    ("openai 400\n\n", "\\", ""),
    ("batch 200\n\n", "{\"key\":\"1\",\"response\":{}}\n", ""),
    ("batch 200\n\n", "{\"response\":", ""),
    ("batch 200\n\n{\"key\":\"0\",\"status\":\"", "{", "\"}"),
    ("batch-job 200\n\n{\"batchPredictionJobs\":[", "{\"name\":\"1\"},", "{}]}"),
    ("grade 200\n\n{\"candidates\":", "[", ""), ("openai 400\n\n", "http://u:p@h/ ", ""),
  ]

  private static let secret = "sk-1234567890abcdefghij"
  /// What each reply is asked for.
  private static let count = 2

  static func run(_ bytes: [UInt8]) throws {
    let (format, response) = response(in: bytes)
    try checkWait(of: response)
    if let api = embeddings[format] {
      if try isAccepted(response, by: api) {
        try check(try ErrorPromise.reading { try api.vectors(in: response, count: count) })
      }
      if let tokens = api.tokens(in: response) { try expect(tokens >= 0, "\(tokens) tokens") }
    }
    if let api = rerankers[format], try isAccepted(response, by: api) {
      let scores = try ErrorPromise.reading { try api.scores(in: response, count: count) }
      try check(scores, length: 1, isList: format != "grade")
    }
    if format.hasPrefix("batch") { try checkJob(response, format) }
    try checkRedaction(of: String(decoding: response.body, as: UTF8.self))
  }

  private static func response(in bytes: [UInt8]) -> (format: String, HTTPResponse) {
    var lines: [String] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let line = rest.prefix { $0 != UInt8(ascii: "\n") }
      rest = rest.dropFirst(line.count + 1)
      if line.isEmpty { break }
      lines.append(String(decoding: line, as: UTF8.self))
    }
    let words = (lines.first ?? "").split(separator: " ")
    let headers = lines.dropFirst().map { line in
      let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
      return HTTPRequest.Header(
        parts.first ?? "", String((parts.dropFirst().first ?? "").drop { $0 == " " }))
    }
    return (
      words.first.map(String.init) ?? "",
      HTTPResponse(
        status: words.last.flatMap { Int($0) }.map { min(max($0, 100), 599) } ?? 200,
        headers: Array(headers), body: Array(rest))
    )
  }

  // MARK: - Wire formats

  private static let transport = Silence()
  private static let client = HTTPClient(transport: transport)
  private static let key = Secret(secret)
  private static let vertex = VertexEndpoint(
    base: "http://h", model: "m", access: GoogleAccess(.token(key), client: client))
  private static let storage = GoogleStorage(base: "http://h", access: vertex.access)
  private static let jobs = VertexAPI(endpoint: vertex, dimension: 3, storage: storage)
  private static let content = GenerateContentAPI(base: "http://h", model: "m", key: key)

  private static let embeddings: [String: any EmbeddingAPI] = [
    "gemini": GeminiAPI(base: "http://h", model: "m", key: key, dimension: 3, tasks: [:]),
    "vertex": jobs,
    "vertex-predict": VertexPredictAPI(endpoint: vertex, dimension: 3),
    "voyage": VoyageAPI(base: "http://h", model: "m", key: key, dimension: 3, marksSides: true),
    "cohere": CohereAPI(base: "http://h", model: "m", key: key, dimension: 3, inputTypes: [:]),
    "jina": JinaAPI(base: "http://h", model: "m", key: key, dimension: 3, tasks: [:]),
    "openai": OpenAIAPI(
      base: "http://h", model: "m", key: key, form: .vllm, dimension: 3, client: client),
  ]

  private static let rerankers: [String: any RerankAPI] = [
    "voyage-rerank": VoyageRerankAPI(base: "http://h", model: "m", key: key),
    "cohere-rerank": CohereRerankAPI(base: "http://h", model: "m", key: key),
    "jina-rerank": JinaRerankAPI(base: "http://h", model: "m", key: key, readsImages: true),
    "openai-rerank": OpenAIRerankAPI(base: "http://h", model: "m", key: key, form: .vllm),
    "openai-score": OpenAIRerankAPI(base: "http://h", model: "m", key: key, form: .score),
    "grade": GradeAPI(
      content: content,
      prompt: JudgePrompt(mode: .pointwise, layout: .images, instruction: nil),
      record: JudgeRecord()),
  ]

  private struct Silence: HTTPTransport {
    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
      throw TransportFailure(.unreachable, "nobody answers")
    }
  }

  // MARK: - What holds

  /// Answers of a job (`batch`), what is said of one (`batch-job`), and a bucket's list (`batch-list`).
  private static func checkJob(_ response: HTTPResponse, _ format: String) throws {
    switch format {
    case "batch-job":
      let status = try ErrorPromise.reading { try jobs.status(in: response) }
      if let job = status?.job { try expect(!job.contains { "/?#%".contains($0) }, job) }
      _ = try ErrorPromise.reading { try jobs.statuses(in: response) }
    case "batch-list":
      let folder = "gs://mine/jobs/a/"
      let files = try ErrorPromise.reading { try storage.files(in: response, of: folder) }
      try expect(files?.files.allSatisfy { $0.hasPrefix(folder) } ?? true, "a file of others")
      _ = try ErrorPromise.reading { try storage.file(in: response) }
      try expect((storage.received(in: response, upTo: 9) ?? 0) <= 9, "more than was sent")
    default:
      var reply = BatchReply(provider: "vertex")
      _ = try ErrorPromise.reading { try reply.read(response.body) }
      try check(Array(reply.answers.values), isList: false)
    }
  }

  private static func isAccepted(_ response: HTTPResponse, by api: any RemoteAPI) throws -> Bool {
    switch api.judge(response) {
    case .accepted: return true
    case .refused(let error): try ErrorPromise.check(error)
    case .retry(let retry):
      try checkWait(retry.after)
      try ErrorPromise.check(ParallaxError(.provider, retry.reason))
    }
    return false
  }

  private static func check(
    _ outcomes: [AnsweredVector]?, length: Int? = nil, isList: Bool = true
  ) throws {
    guard let outcomes else { return }
    try expect(!isList || outcomes.count == count, "\(outcomes.count) outcomes of \(count)")
    for outcome in outcomes {
      switch outcome {
      case .success(let vector):
        try expect(vector.allSatisfy(\.isFinite), "a number that is not finite")
        try expect(
          length.map { $0 == vector.count } ?? true, "\(vector.count) scores of one candidate")
      case .failure(let error): try ErrorPromise.check(error)
      }
    }
  }

  private static func checkWait(of response: HTTPResponse) throws {
    try checkWait(response.retryAfter)
    for header in response.headers {
      try checkWait(RetryDelay.duration(header.value))
      try checkWait(RetryDelay.duration(in: header.value))
    }
  }

  private static func checkWait(_ wait: Duration?) throws {
    guard let wait else { return }
    try expect(wait >= .zero && wait < .seconds(1e7), "a wait of \(wait)")
  }

  /// A message never holds a key, wherever it stands.
  private static func checkRedaction(of text: String) throws {
    let redactor = Redactor([Secret(secret)])
    for quoted in [text, text + secret, String(text.prefix(text.count / 2)) + secret + text] {
      let shown = redactor.shown(quoted, longest: 500)
      try expect(!shown.contains(secret), "a key is shown: \(shown)")
      try expect(shown.count <= 500, "\(shown.count) characters of 500")
    }
  }
}
