internal import ParallaxCore
internal import ParallaxHTTP
internal import ParallaxText

/// `v2/embed` of Cohere.
struct CohereAPI: EmbeddingAPI {
  static let keyNames = ["CO_API_KEY", "COHERE_API_KEY"]

  let base: String
  let model: String
  let key: Secret
  let dimension: Int
  /// The service's own names for the sides.
  let inputTypes: [EmbeddingSide: String]

  var accessNames: [String] { Self.keyNames }
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
    return .authorized(Address.appending("/embed", to: base), key, body)
  }

  func vectors(in response: HTTPResponse, count: Int) throws -> [AnsweredVector] {
    let reader = VectorReply(provider: "cohere")
    var vectors: [AnsweredVector] = []
    try reader.read(response) { name, scanner in
      guard name == "embeddings", scanner.next == UInt8(ascii: "{") else {
        try scanner.skipValue()
        return false
      }
      var isFound = false
      try scanner.members { kind, scanner in
        guard kind == "float", scanner.next == UInt8(ascii: "[") else {
          return try scanner.skipValue()
        }
        isFound = true
        try scanner.elements { vectors.append(try reader.vector(&$0)) }
      }
      return isFound
    }
    return try reader.ordered(vectors, count: count)
  }
}
