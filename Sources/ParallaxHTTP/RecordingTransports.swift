/// Keeps every exchange in a folder while another transport carries it.
package struct RecordingTransport: HTTPTransport {
  private let carrier: any HTTPTransport
  private let folder: String
  private let secrets: [Secret]

  /// - Parameter secrets: that no file may hold, beside those of each request.
  package init(_ carrier: any HTTPTransport, folder: String, secrets: [Secret] = []) {
    self.carrier = carrier
    self.folder = folder
    self.secrets = secrets
  }

  package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    let response = try await carrier.send(request)
    if request.isConfidential { return response }
    // What was paid for is more than its record: a full disk loses the record only.
    _ = RecordedExchange(request, response, secrets: secrets).write(for: request, in: folder)
    return response
  }
}

/// Answers from a folder of recorded exchanges, without any connection.
package struct ReplayTransport: HTTPTransport {
  private let folder: String

  package init(folder: String) { self.folder = folder }

  package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard let exchange = RecordedExchange.find(request, in: folder) else {
      throw TransportFailure(
        .badRequest,
        "'\(folder)' holds no reply to \(request.method) \(request.shownURL) "
          + "(\(RecordedExchange.fileName(for: request)))")
    }
    return exchange.response
  }
}
