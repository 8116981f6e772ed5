package import ParallaxCore
internal import ParallaxHTTP

/// The wire format of a remote provider: how inputs become a request and a reply becomes vectors.
protocol EmbeddingAPI: Sendable {
  /// Items of one request.
  var itemLimit: Int { get }
  /// Bytes of one request's body.
  var byteLimit: Int { get }

  /// Images stand on the document side.
  func request(for inputs: [RemoteInput], side: EmbeddingSide) -> HTTPRequest

  /// What a reply means; an accepted one is handed to `vectors`.
  func judge(_ response: HTTPResponse) -> HTTPClient.Verdict

  /// One vector an input, in order, of any length.
  ///
  /// - Throws: `bad-reply`.
  func vectors(in response: HTTPResponse) throws -> [[Float]]
}

/// An input as it goes over the wire.
enum RemoteInput: Sendable, Hashable {
  case text(String)
  case jpeg([UInt8])

  /// Bytes it adds to a body, nearly.
  var size: Int {
    switch self {
    case .text(let text): text.utf8.count + 200
    case .jpeg(let bytes): Base64.count(of: bytes.count) + 200
    }
  }
}

extension ParallaxError.Code {
  /// The provider refuses this input and will again.
  package static let rejectedInput = Self("rejected-input", exitCode: 4)
  package static let authentication = Self("authentication", exitCode: 4)
  package static let quota = Self("quota", exitCode: 4)
  package static let badReply = Self("bad-reply", exitCode: 4)
}
