import ParallaxHTTP

/// A server of embeddings in the form of OpenAI's: the vector of the one text it is asked for.
struct TextVectors: HTTPTransport {
  let answers: [String: [Float]]
  let arrival: @Sendable () async -> Void

  /// - Parameters:
  ///   - answers: vectors by text; other texts are refused.
  ///   - arrival: is told of every request, and holds it as long as it likes.
  init(
    answers: [String: [Float]], arrival: @escaping @Sendable () async -> Void = {}
  ) {
    self.answers = answers
    self.arrival = arrival
  }

  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    await arrival()
    let body = String(decoding: request.body, as: UTF8.self)
    guard let vector = answers.first(where: { body.contains("\"\($0.key)\"") })?.value else {
      return HTTPResponse(status: 400, body: Array("{\"error\":{\"message\":\"who\"}}".utf8))
    }
    let numbers = vector.map { "\($0)" }.joined(separator: ",")
    return HTTPResponse(
      status: 200,
      body: Array(
        "{\"data\":[{\"index\":0,\"embedding\":[\(numbers)]}],\"usage\":{\"total_tokens\":1}}".utf8)
    )
  }
}
