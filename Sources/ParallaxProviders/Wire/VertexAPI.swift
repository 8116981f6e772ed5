internal import ParallaxCore
internal import ParallaxHTTP
internal import ParallaxText

/// `{model}:embedContent` of Vertex AI: one input a request.
struct VertexAPI: EmbeddingAPI {
  let endpoint: VertexEndpoint
  let dimension: Int
  /// Of the files of jobs.
  let storage: GoogleStorage

  var model: String { endpoint.model }
  var accessNames: [String] { GoogleAccess.sources }
  let itemLimit = 1
  let byteLimit = 20_000_000
  var batches: (any BatchAPI)? { model.hasPrefix("gemini-embedding-2") ? self : nil }

  func request(for inputs: [RemoteInput], side: EmbeddingSide) async throws -> HTTPRequest {
    var body = JSONBody()
    body.raw("{\"content\":")
    body.geminiContent(inputs[0])
    body.raw(",\"embedContentConfig\":{\"outputDimensionality\":")
    body.number(dimension)
    body.raw("}}")
    return try await endpoint.request("embedContent", body)
  }

  func renewAccess() async -> Bool { await endpoint.access.renew() }

  func vectors(in response: HTTPResponse, count: Int) throws -> [AnsweredVector] {
    let reader = VectorReply(provider: "vertex")
    var vectors: [AnsweredVector] = []
    try reader.read(response) { name, scanner in
      guard name == "embedding" else {
        try scanner.skipValue()
        return false
      }
      vectors.append(try reader.member("values", &scanner))
      return true
    }
    return try reader.ordered(vectors, count: count)
  }
}

/// `multimodalembedding@001:predict` of Vertex AI: an image or a text a request.
struct VertexPredictAPI: EmbeddingAPI {
  let endpoint: VertexEndpoint
  let dimension: Int

  var model: String { endpoint.model }
  var accessNames: [String] { GoogleAccess.sources }
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

  func renewAccess() async -> Bool { await endpoint.access.renew() }

  func vectors(in response: HTTPResponse, count: Int) throws -> [AnsweredVector] {
    let reader = VectorReply(provider: "vertex")
    var vectors: [AnsweredVector] = []
    try reader.read(response) { name, scanner in
      guard name == "predictions", scanner.next == UInt8(ascii: "[") else {
        try scanner.skipValue()
        return false
      }
      try scanner.elements { vectors.append(try prediction(&$0, reader)) }
      return true
    }
    return try reader.ordered(vectors, count: count)
  }

  /// The side that was asked for; the other is left out or null.
  private func prediction(
    _ scanner: inout JSONScanner, _ reader: VectorReply
  ) throws -> AnsweredVector {
    guard scanner.next == UInt8(ascii: "{") else {
      try scanner.skipValue()
      return .failure(reader.unusable("no vector"))
    }
    var found: AnsweredVector?
    try scanner.members { name, scanner in
      guard ["imageEmbedding", "textEmbedding"].contains(name) else {
        return try scanner.skipValue()
      }
      let vector = try reader.vector(&scanner)
      if case .success = vector { found = vector } else { found = found ?? vector }
    }
    return found ?? .failure(reader.unusable("no vector"))
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
      Address.appending("/publishers/google/models/\(model):\(verb)", to: base),
      try await access.token(), body)
  }
}
