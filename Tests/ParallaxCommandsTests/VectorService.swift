import ParallaxHTTP
import ParallaxProviders
import ParallaxStorage
import ParallaxTestSupport
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@testable import ParallaxCommands

/// A server of embeddings in the form of OpenAI's: of each text a vector of its own, with 4 numbers.
final class VectorService: HTTPTransport {
  /// A text that it refuses.
  static let refused = "refused"

  private let answered = Mutex(0)

  /// Texts it gave vectors for.
  var items: Int { answered.withLock(\.self) }

  private struct Asked: Decodable { var input: [String] }

  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    let asked = try JSONDecoder().decode(Asked.self, from: Data(request.body)).input
    guard !asked.contains(Self.refused) else {
      return HTTPResponse(
        status: 400, body: Array("{\"error\":{\"message\":\"this text is refused\"}}".utf8))
    }
    answered.withLock { $0 += asked.count }
    let answers = asked.enumerated().map { index, text in
      let numbers = Self.vector(of: text).map { "\($0)" }.joined(separator: ",")
      return "{\"index\":\(index),\"embedding\":[\(numbers)]}"
    }
    return HTTPResponse(
      status: 200, body: Array("{\"data\":[\(answers.joined(separator: ","))]}".utf8))
  }

  private static func vector(of text: String) -> [Float] {
    let bytes = Array(text.utf8)
    return (0..<4).map { place in
      bytes.enumerated().reduce(Float(place + 1)) {
        $1.offset % 4 == place ? $0 + Float($1.element) : $0
      }
    }
  }
}

extension Bench {
  /// Runs `body` on a session with three items, two of which have texts, and a service for them.
  static func withService(
    isInteractive: Bool = false,
    _ body: (Bench, VectorService) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { folder in
      try TestFiles.write("openai,openai:test,,2.00,2026-01\n", to: folder + "/prices.csv")
      let service = VectorService()
      var providers = Bench.providers
      providers.transport = service
      providers.variables = ["PARALLAX_OPENAI_URL": "http://127.0.0.1:9/v1"]
      providers.prices = try PriceList(fileAt: folder + "/prices.csv")
      let bench = try Bench(folder: folder, isInteractive: isInteractive, providers: providers)
      defer { bench.session.workspace.close() }
      try await bench.prepare()
      try await body(bench, service)
    }
  }
}
