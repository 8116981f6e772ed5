import ParallaxTestSupport
import Testing

@testable import ParallaxHTTP

@Suite struct RecordingTests {
  private struct Fixed: HTTPTransport {
    var response: HTTPResponse
    func send(_ request: HTTPRequest) async throws -> HTTPResponse { response }
  }

  @Test func `a recording stands in for its exchange and holds no secret`() async throws {
    try await withTemporaryDirectory { folder in
      var request = HTTPRequest(
        url: "http://bob:hunter2@host/v1?key=abcdefghij&version=2",
        headers: [.init("X-Also", "process-wide-77")],
        secretHeaders: [.init("x-key", Secret("a-very-secret-key-0001"))],
        body: Array("{\"mine\": \"a-very-secret-key-0001\"}".utf8))
      let response = HTTPResponse(
        status: 200,
        headers: [
          .init("Set-Cookie", "session=12345"), .init("X-Api-Key", "echoed"),
          .init("Content-Type", "application/json"),
        ],
        body: Array("{\"key\": \"A-VERY-SECRET-KEY-0001\", \"pw\": \"hunter2\"}".utf8))
      _ = try await RecordingTransport(
        Fixed(response: response), folder: folder, secrets: [Secret("process-wide-77")]
      ).send(request)
      let name = RecordedExchange.fileName(for: request)
      let text = try #require(TestFiles.text(of: "\(folder)/\(name)")).lowercased()
      #expect(text.contains("application/json") && text.contains("•••@host/v1?key=•••"))
      for secret in ["very-secret", "hunter", "abcdefgh", "process-wide", "12345", "echoed"] {
        #expect(!text.contains(secret), "\(secret)")
      }
      // Another login asks the same.
      request.url = "http://alice:other@host/v1?key=klmnopqrst&version=2"
      let replayed = try await ReplayTransport(folder: folder).send(request)
      #expect(replayed.status == 200 && replayed.header("content-type") == "application/json")
      request.body = []
      await #expect {
        _ = try await ReplayTransport(folder: folder).send(request)
      } throws: { error in
        guard let failure = error as? TransportFailure else { return false }
        return !failure.message.contains("alice") && !failure.message.contains("klmno")
      }
    }
  }
}
