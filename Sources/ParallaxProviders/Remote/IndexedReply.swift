internal import ParallaxCore
internal import ParallaxHTTP

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// The reply that OpenAI's embeddings have and others took over: `{"data": [{"index", "embedding"}]}`.
enum IndexedReply {
  private struct Reply: Decodable {
    struct Item: Decodable {
      var index: Int?
      var embedding: [Float]
    }
    var data: [Item]
  }

  /// The vectors in the order of the inputs.
  ///
  /// - Throws: `bad-reply`.
  static func vectors(in response: HTTPResponse, provider: String) throws -> [[Float]] {
    guard let reply = try? JSONDecoder().decode(Reply.self, from: Data(response.body)) else {
      throw ParallaxError.badReply(of: provider)
    }
    let indices = reply.data.compactMap(\.index)
    if indices.isEmpty { return reply.data.map(\.embedding) }
    guard indices.sorted() == Array(reply.data.indices) else {
      throw ParallaxError(.badReply, "the reply of '\(provider)' numbers its vectors wrongly")
    }
    return zip(indices, reply.data).sorted { $0.0 < $1.0 }.map(\.1.embedding)
  }
}

extension ParallaxError {
  static func badReply(of provider: String) -> ParallaxError {
    ParallaxError(
      .badReply, "the reply of '\(provider)' is not the JSON of embeddings it should be")
  }
}

extension JSONBody {
  /// A string that is a data URL of a JPEG.
  mutating func dataURL(jpeg bytes: [UInt8]) {
    raw("\"data:image/jpeg;base64,")
    unquotedBase64(bytes)
    raw("\"")
  }
}

extension HTTPRequest {
  /// A JSON request with a bearer key; without one when the key is empty.
  static func authorized(_ url: String, _ key: Secret, _ body: JSONBody) -> HTTPRequest {
    HTTPRequest(
      url: url, headers: [.init("Content-Type", "application/json")],
      secretHeaders: key.isEmpty ? [] : [.init("Authorization", prefix: "Bearer ", key)],
      body: body.bytes)
  }
}
