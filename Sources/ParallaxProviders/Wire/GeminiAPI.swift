internal import ParallaxCore
internal import ParallaxHTTP
internal import ParallaxText

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// `models/{model}:batchEmbedContents` of the Gemini API: one vector a request.
struct GeminiAPI: EmbeddingAPI {
  static let keyNames = ["GOOGLE_API_KEY", "GEMINI_API_KEY"]

  let base: String
  let model: String
  let key: Secret
  let dimension: Int
  /// The request's field for models that read it; empty for the others.
  let tasks: [EmbeddingSide: String]

  var accessNames: [String] { Self.keyNames }
  var batches: (any BatchAPI)? { self }
  /// More are refused by the service.
  let itemLimit = 100
  /// Below the smallest limit the service has been seen to have, 4 MiB.
  let byteLimit = 3_500_000

  func request(for inputs: [RemoteInput], side: EmbeddingSide) -> HTTPRequest {
    var body = JSONBody()
    body.raw("{\"requests\":")
    body.array(inputs) { body, input in
      body.raw("{\"model\":")
      body.string("models/\(model)")
      body.raw(",\"content\":")
      body.geminiContent(input)
      if let taskType = tasks[side] {
        body.raw(",\"taskType\":")
        body.string(taskType)
      }
      body.raw(",\"outputDimensionality\":")
      body.number(dimension)
      body.raw("}")
    }
    body.raw("}")
    return request("batchEmbedContents", body)
  }

  private func request(_ verb: String, _ body: JSONBody) -> HTTPRequest {
    HTTPRequest(
      url: Address.appending("/models/\(model):\(verb)", to: base),
      headers: [.init("Content-Type", "application/json")],
      secretHeaders: [.init("x-goog-api-key", key)], body: body.bytes)
  }

  func countRequest(for inputs: [RemoteInput]) async throws -> HTTPRequest? {
    var body = JSONBody()
    body.raw("{\"contents\":")
    body.array(inputs) { $0.geminiContent($1) }
    body.raw("}")
    return request("countTokens", body)
  }

  private struct Count: Decodable { var totalTokens: Int }

  func tokens(in response: HTTPResponse) -> Int? {
    (try? JSONDecoder().decode(Count.self, from: Data(response.body)))?.totalTokens.asTokenCount
  }

  func vectors(in response: HTTPResponse, count: Int) throws -> [AnsweredVector] {
    let reader = VectorReply(provider: "gemini")
    var vectors: [AnsweredVector] = []
    try reader.read(response) { name, scanner in
      guard name == "embeddings", scanner.next == UInt8(ascii: "[") else {
        try scanner.skipValue()
        return false
      }
      try scanner.elements { vectors.append(try reader.member("values", &$0)) }
      return true
    }
    return try reader.ordered(vectors, count: count)
  }
}

extension JSONBody {
  /// A `Content` whose parts give one vector.
  mutating func geminiContent(_ input: RemoteInput) {
    raw("{\"parts\":")
    geminiParts(input.parts)
    raw("}")
  }
}
