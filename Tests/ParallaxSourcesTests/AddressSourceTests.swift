import ParallaxCore
import ParallaxHTTP
import Synchronization
import Testing

@testable import ParallaxSources

/// Answers as it is told and remembers what it was asked.
private final class StubTransport: HTTPTransport {
  private let answers: Mutex<[HTTPResponse]>
  let requests = Mutex<[HTTPRequest]>([])

  init(_ answers: [HTTPResponse]) { self.answers = Mutex(answers) }

  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    requests.withLock { $0.append(request) }
    return answers.withLock { $0.isEmpty ? HTTPResponse(status: 500) : $0.removeFirst() }
  }
}

@Suite struct AddressSourceTests {
  private func sources(_ transport: StubTransport) -> PictureSources {
    PictureSources(backOff: BackOff(attempts: 1)) { transport }
  }

  private func redirect(_ location: String) -> HTTPResponse {
    HTTPResponse(status: 302, headers: [.init("Location", location)])
  }

  @Test func `every redirection is held to public addresses`() async throws {
    let transport = StubTransport([
      redirect("//other.example/b"), redirect("c?d=e"), redirect("/f#g"),
      HTTPResponse(status: 200, body: [1, 2]),
    ])
    let bytes = try await sources(transport).withContents(of: "https://example.org/a", atMost: 10) {
      $0
    }
    #expect(bytes == [1, 2])
    let requests = transport.requests.withLock { $0 }
    #expect(
      requests.map(\.url) == [
        "https://example.org/a", "https://other.example/b", "https://other.example/c?d=e",
        "https://other.example/f",
      ])
    #expect(requests.allSatisfy { $0.isPublicOnly && $0.largestReply == 10 })
  }

  @Test(arguments: [
    ("file:///etc/passwd", "no address of the web"), ("ftp://x/y", "no address of the web"),
    ("https://user:pw@x/y", "no address of the web"), ("http://example.org/", "from https to http"),
    ("", "no address of the web"),
  ])
  func `redirections that are not followed`(location: String, words: String) async {
    // An empty reference is the address itself, and so it goes on until there were too many.
    let transport = StubTransport(Array(repeating: redirect(location), count: 10))
    let error = await #expect(throws: ParallaxError.self) {
      try await sources(transport).withContents(of: "https://example.org/a", atMost: 10) { $0 }
    }
    let message = error?.message ?? ""
    #expect(message.contains(location.isEmpty ? "more than 5 times" : words), "\(message)")
    #expect(!message.contains("pw"))
  }

  @Test func `private addresses are asked where a person allows it`() async throws {
    let transport = StubTransport([HTTPResponse(status: 200, body: [1])])
    let sources = sources(transport)
    sources.allowsPrivate = true
    _ = try await sources.withContents(of: "http://10.0.0.1/a", atMost: 10) { $0 }
    #expect(transport.requests.withLock { $0.allSatisfy { !$0.isPublicOnly } })
  }

  @Test func `what is known is asked for under a condition`() async throws {
    let transport = StubTransport([HTTPResponse(status: 304), HTTPResponse(status: 304)])
    let sources = sources(transport)
    for state in [PictureState(tag: "\"x\""), PictureState(modified: 784_111_777_000_000_000)] {
      let outcome = try await sources.withPicture(
        at: "https://example.org/a", unless: state, atMost: 10
      ) { bytes, _ in bytes }
      #expect(outcome == nil)
    }
    let headers = transport.requests.withLock { $0.map { $0.headers.last } }
    #expect(
      headers == [
        .init("If-None-Match", "\"x\""),
        .init("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"),
      ])
  }

  @Test func `a signed address is asked for and not shown`() async throws {
    let transport = StubTransport([HTTPResponse(status: 403)])
    let sources = sources(transport)
    let shown = "https://example.org/a?sig=hidden"
    let error = await #expect(throws: ParallaxError.self) {
      try await sources.withContents(of: shown, atMost: 10) { $0 }
    }
    #expect(error?.message.contains("signatures are not kept") == true)
    sources.remember([shown: "https://example.org/a?sig=feedface"])
    let refused = await #expect(throws: ParallaxError.self) {
      try await sources.withContents(of: shown, atMost: 10) { $0 }
    }
    #expect(transport.requests.withLock { $0.map(\.url) } == ["https://example.org/a?sig=feedface"])
    #expect(refused?.message.contains("403 (it is forbidden)") == true)
    #expect(!"\(String(describing: refused))".contains("feedface"))
  }

  @Test func `offline nothing is asked for`() async {
    let transport = StubTransport([])
    let sources = PictureSources(isOffline: true) { transport }
    for path in ["https://example.org/a", "s3://bucket/a"] {
      let error = await #expect(throws: ParallaxError.self) {
        try await sources.withContents(of: path, atMost: 10) { $0 }
      }
      #expect(error?.message == "cannot read '\(path)' offline: it is not on this machine")
    }
    #expect(transport.requests.withLock { $0.isEmpty })
  }
}
