internal import ParallaxCore
internal import ParallaxHTTP
internal import ParallaxText

/// Requests in JSON to an engine, and its replies.
struct EngineWire: Sendable {
  /// A page of ids and checksums, or some vectors.
  private static let largestReply = 64 << 20

  let address: EngineAddress
  private let base: String
  private let secrets: [HTTPRequest.SecretHeader]
  private let secretRule: String
  /// Why a reply refuses; `nil` for another form.
  private let reason: @Sendable (JSONTree) -> String?
  private let client: HTTPClient

  /// - Parameters:
  ///   - secret: the name of a header and the environment variable that holds its value.
  ///   - port: where the address names none.
  ///   - secretRule: what helps where the secret is refused.
  init(
    _ address: EngineAddress, secret: (header: String, variable: String), port: Int,
    secretRule: String, _ environment: EngineEnvironment,
    reason: @escaping @Sendable (JSONTree) -> String?
  ) {
    self.address = address
    self.secretRule = secretRule
    self.reason = reason
    let key = environment.variables[secret.variable].map { Secret($0) }
    secrets = key.flatMap { $0.isEmpty ? nil : [.init(secret.header, $0)] } ?? []
    let scheme = address.scheme.hasSuffix("+https") ? "https" : "http"
    base = "\(scheme)://\(address.host):\(address.port ?? port)"
    client = HTTPClient(
      transport: environment.transport,
      backOff: BackOff(attempts: 4, first: .milliseconds(250), longest: .seconds(4)),
      concurrency: 1, trace: environment.trace, secrets: environment.secrets)
  }

  /// The reply to a request.
  ///
  /// - Throws: `engine` where it is refused, or is no JSON; `cancelled`.
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
      secretHeaders: secrets, body: body.map { Array($0.utf8) } ?? [], timeout: .seconds(300),
      largestReply: Self.largestReply)
    let response: HTTPResponse
    do {
      response = try await client.send(request) { judge($0, mayBeAbsent: mayBeAbsent) }
    } catch let error as ParallaxError { throw error.ofEngine }
    if response.status == 404 { return nil }
    guard let tree = JSONTree(response.body) else {
      throw ParallaxError.answerless(address.text, "JSON")
    }
    return tree
  }

  private func judge(_ response: HTTPResponse, mayBeAbsent: Bool) -> HTTPClient.Verdict {
    if response.isSuccess || (mayBeAbsent && response.status == 404) { return .accepted }
    let reason =
      JSONTree(response.body).flatMap { self.reason($0) }
      ?? String(decoding: response.body.prefix(300), as: UTF8.self)
    switch response.status {
    case 429, 500...: return .retry(.init(isRateLimit: response.status == 429, reason: reason))
    case 401, 403:
      return .refused(
        ParallaxError(.engine, "'\(address.text)' refused: \(reason)", hint: secretRule))
    default:
      return .refused(ParallaxError(.engine, "'\(address.text)' refused: \(reason)"))
    }
  }
}
