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
