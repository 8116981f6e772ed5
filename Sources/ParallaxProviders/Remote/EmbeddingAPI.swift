package import ParallaxCore
internal import ParallaxHTTP
private import ParallaxText

/// The wire format of a remote provider: how inputs become a request and a reply becomes vectors.
protocol EmbeddingAPI: RemoteAPI {
  /// Inputs of one request hold a picture each, or none does; those that do stand on the document
  /// side.
  ///
  /// - Throws: when what a request needs first, such as a token, is not to be had.
  func request(for inputs: [RemoteInput], side: EmbeddingSide) async throws -> HTTPRequest

  /// One outcome an input, in order; a vector may be of any length.
  ///
  /// - Parameter count: of the inputs that were asked for.
  /// - Throws: `bad-reply` when it is unclear which vector belongs to which input; `CancellationError`.
  func vectors(in response: HTTPResponse, count: Int) throws -> [AnsweredVector]

  /// A request that counts the tokens of texts for nothing; `nil` where there is none.
  func countRequest(for inputs: [RemoteInput]) async throws -> HTTPRequest?

  /// What it is answered; `nil` when that cannot be read.
  func tokens(in response: HTTPResponse) -> Int?

  /// What a person may do about a reply of another dimension than was asked for.
  func remedy(forDimension dimension: Int) -> String?

  /// The wire format of the same as jobs; `nil` where the model is not asked in jobs.
  var batches: (any BatchAPI)? { get }
}

extension EmbeddingAPI {
  var batches: (any BatchAPI)? { nil }
  func remedy(forDimension dimension: Int) -> String? { nil }
  func countRequest(for inputs: [RemoteInput]) async throws -> HTTPRequest? { nil }
  func tokens(in response: HTTPResponse) -> Int? { nil }
}

/// An input as it goes over the wire, with one vector: a text, a picture, or both where the model
/// joins them.
struct RemoteInput: Sendable, Hashable {
  enum Part: Sendable, Hashable {
    case text(String)
    case jpeg([UInt8])
  }

  /// At least one.
  var parts: [Part]

  /// For a model that joins nothing.
  var onlyPart: Part { parts[0] }

  var holdsPicture: Bool { parts.contains { if case .jpeg = $0 { true } else { false } } }

  /// Bytes it adds to a body, nearly.
  var size: Int {
    parts.reduce(0) { size, part in
      switch part {
      case .text(let text): size + text.utf8.count + 200
      case .jpeg(let bytes): size + Base64.count(of: bytes.count) + 200
      }
    }
  }
}

extension ParallaxError.Code {
  /// The provider refuses this input and will again.
  package static let rejectedInput = Self("rejected-input", exitCode: 4)
  /// There is no key to ask with, or none of use: nothing was sent.
  package static let missingKey = Self("missing-key")
  /// The service does not accept the key.
  package static let authentication = Self("authentication", exitCode: 4)
  package static let quota = Self("quota", exitCode: 4)
  package static let badReply = Self("bad-reply", exitCode: 4)
}
