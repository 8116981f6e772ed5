internal import ParallaxCore
internal import ParallaxHTTP

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// `{model}:embedContent` of Vertex AI: one input a request.
struct VertexAPI: EmbeddingAPI {
  let endpoint: VertexEndpoint
  let dimension: Int

  let itemLimit = 1
  let byteLimit = 20_000_000

  func request(for inputs: [RemoteInput], side: EmbeddingSide) async throws -> HTTPRequest {
    var body = JSONBody()
    body.raw("{\"content\":")
    body.geminiContent(inputs[0])
    body.raw(",\"embedContentConfig\":{\"outputDimensionality\":")
    body.number(dimension)
    body.raw("}}")
    return try await endpoint.request("embedContent", body)
  }

  func judge(_ response: HTTPResponse) -> HTTPClient.Verdict { endpoint.judge(response) }

  func renewAccess() async -> Bool { await endpoint.access.renew() }

  private struct Reply: Decodable {
    struct Embedding: Decodable { var values: [Float] }
    var embedding: Embedding
  }

  func vectors(in response: HTTPResponse) throws -> [[Float]] {
    do {
      return [
        try JSONDecoder().decode(Reply.self, from: Data(response.body)).embedding.values
      ]
    } catch {
      throw ParallaxError.badReply(of: "vertex")
    }
  }
}

/// `multimodalembedding@001:predict` of Vertex AI: an image or a text a request.
struct VertexPredictAPI: EmbeddingAPI {
  let endpoint: VertexEndpoint
  let dimension: Int

  let itemLimit = 1
  let byteLimit = 20_000_000

  func request(for inputs: [RemoteInput], side: EmbeddingSide) async throws -> HTTPRequest {
    var body = JSONBody()
    body.raw("{\"instances\":[{")
    switch inputs[0].onlyPart {
    case .text(let text):
      body.raw("\"text\":")
      body.string(text)
    case .jpeg(let bytes):
      body.raw("\"image\":{\"bytesBase64Encoded\":")
      body.base64(bytes)
      body.raw("}")
    }
    body.raw("}],\"parameters\":{\"dimension\":")
    body.number(dimension)
    body.raw("}}")
    return try await endpoint.request("predict", body)
  }

  func judge(_ response: HTTPResponse) -> HTTPClient.Verdict { endpoint.judge(response) }

  func renewAccess() async -> Bool { await endpoint.access.renew() }

  private struct Reply: Decodable {
    struct Prediction: Decodable {
      var imageEmbedding: [Float]?
      var textEmbedding: [Float]?
    }
    var predictions: [Prediction]
  }

  func vectors(in response: HTTPResponse) throws -> [[Float]] {
    guard let reply = try? JSONDecoder().decode(Reply.self, from: Data(response.body)) else {
      throw ParallaxError.badReply(of: "vertex")
    }
    return reply.predictions.compactMap { $0.imageEmbedding ?? $0.textEmbedding }
  }
}

/// Where a model of Vertex AI is, and who may ask it.
struct VertexEndpoint: Sendable {
  /// Ends in `projects/P/locations/L`.
  let base: String
  let model: String
  let access: GoogleAccess

  func request(_ verb: String, _ body: JSONBody) async throws -> HTTPRequest {
    .authorized(
      "\(base)/publishers/google/models/\(model):\(verb)", try await access.token(), body)
  }

  func judge(_ response: HTTPResponse) -> HTTPClient.Verdict {
    if response.isSuccess { return .accepted }
    return ServiceError(response).verdict(model: model, keyNames: GoogleAccess.sources)
  }
}
