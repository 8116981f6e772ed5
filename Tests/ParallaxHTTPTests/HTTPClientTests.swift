import ParallaxCore
import Synchronization
import Testing

@testable import ParallaxHTTP

/// The client over a transport that answers by heart, with waits that take no time.
@Suite struct HTTPClientTests {
  private typealias Reply = Result<HTTPResponse, TransportFailure>

  private final class Script: HTTPTransport, AttemptObserver {
    private let replies: Mutex<[Reply]>
    private let events = Mutex<[String]>([])
    /// Says no to the attempt of this number.
    private let forbidden: Int?

    init(_ replies: [Reply], forbidden: Int? = nil) {
      self.replies = Mutex(replies)
      self.forbidden = forbidden
    }

    var log: [String] { events.withLock { $0 } }

    func note(_ event: String) { events.withLock { $0.append(event) } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
      note("sent")
      let reply = replies.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
      return try reply.get()
    }

    func begin() throws {
      note("begin")
      if log.count(where: { $0 == "begin" }) == forbidden {
        throw ParallaxError(.invalidValue, "no more")
      }
    }

    func wasRefused() { note("refused") }
    func wasLost() { note("lost") }
  }

  private final class Waits: Sendable {
    private let state = Mutex<(waits: [Double], notes: [String])>(([], []))
    var waits: [Double] { state.withLock { $0.waits } }
    var notes: [String] { state.withLock { $0.notes } }
    func add(_ wait: Duration) { state.withLock { $0.waits.append(wait / .seconds(1)) } }
    func add(_ note: String) { state.withLock { $0.notes.append(note) } }
  }

  private func client(_ script: Script, _ waits: Waits, secrets: [Secret] = []) -> HTTPClient {
    HTTPClient(
      transport: script, secrets: secrets, notify: { waits.add($0) }, sleep: { waits.add($0) })
  }

  private static func judge(_ response: HTTPResponse) -> HTTPClient.Verdict {
    switch response.status {
    case 200: .accepted
    case 429: .retry(.init(after: response.retryAfter, isRateLimit: true, reason: "too fast"))
    case 503: .retry(.init(reason: String(decoding: response.body, as: UTF8.self)))
    default:
      .refused(
        ParallaxError(.provider, "refused: " + String(decoding: response.body, as: UTF8.self)))
    }
  }

  private static func status(_ status: Int, _ body: String = "", after: String? = nil) -> Reply {
    .success(
      HTTPResponse(
        status: status, headers: after.map { [.init("Retry-After", $0)] } ?? [],
        body: Array(body.utf8)))
  }

  private static let request = HTTPRequest(
    url: "http://host/v1", secretHeaders: [.init("x-key", Secret("a-very-secret-key-0001"))])

  private func error(
    _ script: Script, _ waits: Waits = Waits(), secrets: [Secret] = [],
    request: HTTPRequest = HTTPClientTests.request
  ) async -> ParallaxError? {
    do {
      _ = try await client(script, waits, secrets: secrets)
        .send(request, observer: script, judge: Self.judge)
      return nil
    } catch {
      return error as? ParallaxError
    }
  }

  @Test func `trouble is waited for longer and longer, and then given up`() async throws {
    let (script, waits) = (Script([Self.status(503, "busy")]), Waits())
    let failure = try #require(await error(script, waits))
    #expect(failure.code == .provider && failure.code.exitCode == 4)
    #expect(failure.message == "'host' did not answer, tried 6 times: busy")
    #expect(waits.waits.count == 5)
    for (wait, whole) in zip(waits.waits, [1.0, 2, 4, 8, 16]) {
      #expect((whole / 2...whole).contains(wait))
    }
    #expect(script.log == Array(repeating: ["begin", "sent", "refused"], count: 6).flatMap(\.self))
  }

  @Test func `the server's own wait is kept to, and a long one is announced`() async throws {
    let script = Script([
      Self.status(429, after: "2"), Self.status(429, after: "500"), Self.status(200),
    ])
    let waits = Waits()
    #expect(await error(script, waits) == nil)
    #expect(waits.waits.count == 2)
    #expect((2.0...3).contains(waits.waits[0]) && (500.0...501).contains(waits.waits[1]))
    #expect(waits.notes == ["waiting 500 s: the service asks for it (Ctrl-C cancels)"])
  }

  @Test func `a wait beyond all patience is an error at once`() async throws {
    let (script, waits) = (Script([Self.status(429, after: "3600")]), Waits())
    let failure = try #require(await error(script, waits))
    #expect(
      failure.message
        == "'host' asks to wait 3600 s, and Parallax waits at most 600 s: too fast")
    #expect(failure.code.exitCode == 4 && waits.waits.isEmpty && script.log.count == 3)
  }

  @Test func `a dead network is given up after three attempts`() async throws {
    let script = Script([.failure(TransportFailure(.unreachable, "Connection refused"))])
    let failure = try #require(await error(script))
    #expect(failure.message.contains("tried 3 times: no connection (Connection refused)"))
    #expect(script.log.count(where: { $0 == "refused" }) == 3)
  }

  @Test(arguments: [
    (TransportFailure(.brokenOff, "", status: 200), "lost"),
    (TransportFailure(.brokenOff, ""), "refused"),
    (TransportFailure(.timedOut, ""), "lost"),
    (TransportFailure(.timedOut, "", status: 503), "refused"),
  ])
  func `an answer that broke off may have been worked for`(
    failure: TransportFailure, event: String
  ) async throws {
    let script = Script([.failure(failure), Self.status(200)])
    #expect(await error(script) == nil)
    #expect(script.log == ["begin", "sent", event, "begin", "sent"])
  }

  @Test func `an answer too long to be one is not asked for again`() async throws {
    let script = Script([.failure(TransportFailure(.tooLarge, "", status: 200))])
    let failure = try #require(await error(script))
    #expect(failure.message.contains("longer than 1048576 bytes"))
    #expect(script.log == ["begin", "sent", "lost"])
  }

  @Test func `what the observer forbids is not sent`() async throws {
    let script = Script([Self.status(503, "busy")], forbidden: 2)
    let failure = try #require(await error(script))
    #expect(failure.message == "no more")
    #expect(script.log == ["begin", "sent", "refused", "begin"])
  }

  @Test func `a message is freed of secrets and then cut`() async throws {
    var request = Self.request
    request.url = "http://bob:hunter2@host/v1?key=abcdefghij"
    request.hidden = [Secret("refresh-0123456789")]
    let echo = "a-very-secret-key-0001 hunter2 abcdefghij refresh-0123456789 PROCESS-WIDE-77"
    for padding in stride(from: 380, through: 520, by: 3) {
      let text = String(repeating: "-", count: padding) + echo
      for status in [400, 503] {
        let script = Script([Self.status(status, text)])
        let failure = try #require(
          await error(script, secrets: [Secret("PROCESS-WIDE-77")], request: request))
        #expect(failure.message.count <= 500 && failure.message.contains("-----"))
        for secret in echo.split(separator: " ") {
          #expect(!failure.message.contains(secret.prefix(7)), "\(padding): \(failure.message)")
        }
      }
    }
  }

  @Test func `the trace shows no secret and nothing that drives a terminal`() async throws {
    let lines = Mutex<[String]>([])
    let key = "a-very-secret-key-0001"
    let response = HTTPResponse(
      status: 400,
      headers: [
        .init("Set-Cookie", "session=12345"), .init("authorization", "Bearer other"),
        .init("X-Odd", "\u{1B}]0;title\u{7}\u{9B}2J"), .init("X-Echo", key.uppercased()),
        .init("Location", "http://host/upload?upload_id=55555&x=1"),
      ],
      body: Array((String(repeating: "x", count: 230) + key + "\u{1B}[2J\r\n").utf8))
    let client = HTTPClient(
      transport: Script([.success(response)]),
      trace: HTTPTrace(secrets: [Secret("PROCESS-WIDE-77")]) { line in
        lines.withLock { $0.append(line) }
      })
    var request = Self.request
    request.url = "http://bob:hunter2@host/v1?key=abcdefghij"
    request.headers = [.init("X-Also", "PROCESS-WIDE-77")]
    request.body = Array("{\"a\": \"\u{1B}\"}".utf8)
    _ = try? await client.send(request, judge: Self.judge)
    let shown = lines.withLock { $0 }
    #expect(shown.first == "> POST http://•••@host/v1?key=•••")
    #expect(shown.contains("> x-key: •••") && shown.contains("> X-Also: •••"))
    #expect(shown.contains("< Set-Cookie: •••") && shown.contains("< authorization: •••"))
    #expect(shown.contains("< X-Odd: \\u{1B}]0;title\\u{7}\\u{9B}2J"))
    #expect(shown.contains("< X-Echo: •••"))
    #expect(shown.contains("< Location: http://host/upload?upload_id=•••&x=•••"))
    for line in shown {
      #expect(
        line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
      for secret in ["very-s", "12345", "other", "hunter", "abcdefg", "PROCESS", "55555"] {
        #expect(!line.contains(secret), "\(line)")
      }
    }
  }
}
