internal import ParallaxCore
internal import ParallaxHTTP

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// `v2/embed` of Cohere.
struct CohereAPI: EmbeddingAPI {
  static let keyNames = ["CO_API_KEY", "COHERE_API_KEY"]

  let base: String
  let model: String
  let key: Secret
  let dimension: Int
  /// The service's own names for the sides.
  let inputTypes: [EmbeddingSide: String]

  let itemLimit = 96
  let byteLimit = 15_000_000

  func request(for inputs: [RemoteInput], side: EmbeddingSide) -> HTTPRequest {
    var body = JSONBody()
    body.raw("{\"model\":")
    body.string(model)
    body.raw(",\"input_type\":")
    body.string(inputTypes[side] ?? "search_document")
    body.raw(",\"embedding_types\":[\"float\"],\"output_dimension\":")
    body.number(dimension)
    body.raw(",\"inputs\":")
    body.array(inputs) { body, input in
      body.raw("{\"content\":")
      body.messageParts(input)
      body.raw("}")
    }
    body.raw("}")
    return .authorized("\(base)/embed", key, body)
  }

  func judge(_ response: HTTPResponse) -> HTTPClient.Verdict {
    if response.isSuccess { return .accepted }
    return ServiceError(response).verdict(model: model, keyNames: Self.keyNames)
  }

  private struct Reply: Decodable {
    struct Embeddings: Decodable { var float: [[Float]] }
    var embeddings: Embeddings
  }

  func vectors(in response: HTTPResponse) throws -> [[Float]] {
    do {
      return try JSONDecoder().decode(Reply.self, from: Data(response.body)).embeddings.float
    } catch {
      throw ParallaxError.badReply(of: "cohere")
    }
  }
}
