internal import ParallaxCore
internal import ParallaxHTTP
internal import ParallaxText

/// Requests to Qdrant and its replies.
struct QdrantWire: Sendable {
  /// A page of ids and checksums, or some vectors.
  private static let largestReply = 64 << 20

  let address: EngineAddress
  private let base: String
  private let key: Secret?
  private let client: HTTPClient

  init(_ address: EngineAddress, key: Secret?, _ environment: EngineEnvironment) {
    self.address = address
    self.key = key
    let scheme = address.scheme == "qdrant+https" ? "https" : "http"
    base = "\(scheme)://\(address.host):\(address.port ?? 6_333)"
    client = HTTPClient(
      transport: environment.transport,
      backOff: BackOff(attempts: 4, first: .milliseconds(250), longest: .seconds(4)),
      concurrency: 1, trace: environment.trace, secrets: environment.secrets)
  }

  /// - Returns: such as `Qdrant 1.16.0`.
  func version() async throws -> String {
    let reply = try await ask("GET", "/")
    guard let version = reply?["version"]?.text, reply?["title"]?.text?.contains("drant") == true
    else { throw ParallaxError.answerless(address.text, "Qdrant's greeting") }
    let parts = version.split { $0 == "." || $0 == "-" }.prefix(2).map { Int($0) }
    guard parts.count == 2, let major = parts[0], let minor = parts[1] else {
      throw ParallaxError.answerless(address.text, "Qdrant's version")
    }
    guard (major, minor) >= (1, 16) else {
      throw ParallaxError(
        .unsupported, "'\(address.text)' is Qdrant \(version); publishing takes 1.16 or newer",
        hint: "an older one would not keep whose the collection is")
    }
    return "Qdrant \(version)"
  }

  /// The `result` of a reply, or the whole reply where there is none.
  func ask(_ method: String, _ path: String, _ body: String? = nil) async throws -> JSONTree? {
    try await send(method, path, body, mayBeAbsent: false)
  }

  /// As ``ask(_:_:_:)``; `nil` for what is not there.
  func find(_ method: String, _ path: String) async throws -> JSONTree? {
    try await send(method, path, nil, mayBeAbsent: true)
  }

  private func send(
    _ method: String, _ path: String, _ body: String?, mayBeAbsent: Bool
  ) async throws -> JSONTree? {
    let request = HTTPRequest(
      method: method, url: base + path,
      headers: body == nil ? [] : [.init("Content-Type", "application/json")],
      secretHeaders: key.map { [.init("api-key", $0)] } ?? [],
      body: body.map { Array($0.utf8) } ?? [], timeout: .seconds(300),
      largestReply: Self.largestReply)
    let response: HTTPResponse
    do {
      response = try await client.send(request) { judge($0, mayBeAbsent: mayBeAbsent) }
    } catch var error as ParallaxError where error.code == .provider {
      error.code = .engine
      let isOfCertificate = error.hint?.contains("CURL_CA_BUNDLE") == true
      if !isOfCertificate { error.hint = "what was written is kept; the same command goes on" }
      throw error
    }
    if response.status == 404 { return nil }
    guard let tree = JSONTree(response.body) else {
      throw ParallaxError.answerless(address.text, "JSON")
    }
    return tree["result"] ?? tree
  }

  private func judge(_ response: HTTPResponse, mayBeAbsent: Bool) -> HTTPClient.Verdict {
    if response.isSuccess || (mayBeAbsent && response.status == 404) { return .accepted }
    let tree = JSONTree(response.body)
    let reason =
      tree?["status"]?["error"]?.text ?? String(decoding: response.body.prefix(300), as: UTF8.self)
    switch response.status {
    case 429, 500...: return .retry(.init(isRateLimit: response.status == 429, reason: reason))
    case 401, 403:
      return .refused(
        ParallaxError(
          .engine, "'\(address.text)' refused: \(reason)", hint: QdrantEngine.secretRule))
    default:
      return .refused(ParallaxError(.engine, "'\(address.text)' refused: \(reason)"))
    }
  }
}
