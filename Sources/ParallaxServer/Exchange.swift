internal import CMicroHTTPD
private import ParallaxCore
internal import Synchronization

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A request that is answered once.
final class Exchange: Sendable {
  let head: RequestHead
  /// Bytes that are held for its body, and for its answer.
  let bodyBytes = Atomic(0)
  let answerBytes = Atomic(0)
  /// The C side's request; `nil` once it was answered.
  private let request: Mutex<UInt?>

  init(_ head: RequestHead, _ request: OpaquePointer) {
    self.head = head
    self.request = Mutex(UInt(bitPattern: request))
  }

  /// Answers the request, unless that has happened.
  func answer(_ response: ServerResponse) {
    request.withLock { address in
      guard let request = address.flatMap(OpaquePointer.init(bitPattern:)) else { return }
      address = nil
      let texts = response.allFields.map { (strdup($0.name), strdup($0.value)) }
      defer {
        for text in texts {
          free(text.0)
          free(text.1)
        }
      }
      let fields = texts.map { chttpd_field(name: $0.0, value: $0.1) }
      response.body.withUnsafeBufferPointer { body in
        chttpd_answer(
          request, UInt32(clamping: response.status), fields, fields.count, body.baseAddress,
          body.count)
      }
    }
  }
}

/// The requests of a server that are being answered.
final class Exchanges: Sendable {
  private struct State {
    var running: [Int: (task: Task<Void, Never>, exchange: Exchange)] = [:]
    var number = 0
    var bodyBytes = 0
    var answerBytes = 0
    /// Connections that are open go on asking while the server ends.
    var isEnding = false
  }

  /// Bytes of a body that anybody may send or be sent, however many are held.
  private static let smallBody = 64 << 10

  private let mostHeadBytes: Int
  private let mostBodyBytes: Int
  private let mostAnswerBytes: Int
  private let decide: HTTPServer.Admit
  private let work: HTTPServer.Handle
  private let state = Mutex(State())

  init(
    _ limits: ServerLimits, admit: @escaping HTTPServer.Admit, handle: @escaping HTTPServer.Handle
  ) {
    mostHeadBytes = limits.headerBytes
    mostBodyBytes = limits.bodyBytes
    mostAnswerBytes = limits.answerBytes
    decide = admit
    work = handle
  }

  static func of(_ context: UnsafeMutableRawPointer?) -> Exchanges? {
    context.map { Unmanaged<Exchanges>.fromOpaque($0).takeUnretainedValue() }
  }

  var count: Int { state.withLock(\.running.count) }

  /// - Returns: how many bytes the body may have, or -1 after it was answered.
  func admit(_ request: OpaquePointer) -> Int64 {
    let exchange = Exchange(Self.head(of: request), request)
    chttpd_set_owner(request, Unmanaged.passRetained(exchange).toOpaque())
    if let refusal = state.withLock(\.isEnding) ? Self.ending : refusal(of: exchange.head) {
      exchange.answer(refusal)
      return -1
    }
    switch decide(exchange.head) {
    case .answered(let response):
      exchange.answer(response)
      return -1
    case .accepted(let limit):
      if let refusal = Self.refusal(of: exchange.head, bodyLimit: limit) ?? hold(exchange) {
        exchange.answer(refusal)
        return -1
      }
      return Int64(limit)
    }
  }

  /// Holds the bytes of a body for a request, or says that too many are held.
  private func hold(_ exchange: Exchange) -> ServerResponse? {
    let size = exchange.head.field("content-length").flatMap { Int($0) } ?? 0
    guard size > Self.smallBody else { return nil }
    let isHeld = state.withLock { state in
      guard state.bodyBytes + size <= mostBodyBytes else { return false }
      state.bodyBytes += size
      return true
    }
    guard isHeld else {
      return .refusal(
        503,
        ParallaxError(.tooManyRequests, "too many large requests at once; ask again in a moment"),
        [("Retry-After", "5"), ("Connection", "close")])
    }
    exchange.bodyBytes.store(size, ordering: .relaxed)
    return nil
  }

  /// Holds the bytes of an answer until it is taken, or says that too many are held: whoever takes nothing
  /// would hold them for as long as an answer may take.
  private func held(_ response: ServerResponse, for exchange: Exchange) -> ServerResponse {
    let size = response.body.count
    guard size > Self.smallBody else { return response }
    let isHeld = state.withLock { state in
      guard state.answerBytes + size <= mostAnswerBytes else { return false }
      state.answerBytes += size
      return true
    }
    guard isHeld else {
      return .refusal(
        503,
        ParallaxError(
          .tooManyRequests, "too many large answers are still being taken; ask again in a moment"),
        [("Retry-After", "5")])
    }
    exchange.answerBytes.store(size, ordering: .relaxed)
    return response
  }

  /// The last of a request.
  func ended(_ exchange: Exchange) {
    let body = exchange.bodyBytes.load(ordering: .relaxed)
    let answer = exchange.answerBytes.load(ordering: .relaxed)
    guard body + answer > 0 else { return }
    state.withLock { state in
      state.bodyBytes -= body
      state.answerBytes -= answer
    }
  }

  func handle(_ request: OpaquePointer) {
    guard let owner = chttpd_owner(request) else { return }
    let exchange = Unmanaged<Exchange>.fromOpaque(owner).takeUnretainedValue()
    var size = 0
    let bytes = chttpd_body(request, &size)
    let whole = ServerRequest(
      exchange.head, body: Array(UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : size)))
    let isTaken = state.withLock { state in
      if state.isEnding { return false }
      state.number += 1
      let number = state.number
      let task = Task { [work] in
        exchange.answer(self.held(await work(whole), for: exchange))
        self.state.withLock { $0.running[number] = nil }
      }
      state.running[number] = (task, exchange)
      return true
    }
    if !isTaken { exchange.answer(Self.ending) }
  }

  private static let ending = ServerResponse.refusal(
    503, ParallaxError(.serverEnding, "the server ends", hint: "ask it again later"),
    [("Connection", "close")])

  /// Takes no more, waits until all are answered, cancels those that take longer than `time`, and answers those
  /// that take no notice: none is suspended afterwards.
  func end(within time: Duration) async {
    state.withLock { $0.isEnding = true }
    await waitUntilDone(within: time)
    for (task, _) in state.withLock({ Array($0.running.values) }) { task.cancel() }
    await waitUntilDone(within: time)
    for (_, exchange) in state.withLock({ Array($0.running.values) }) {
      exchange.answer(Self.ending)
    }
  }

  private func waitUntilDone(within time: Duration) async {
    let end = ContinuousClock.now + time
    while count > 0, ContinuousClock.now < end {
      // In a task of its own: who waits may have been cancelled.
      await Task.detached { try? await Task.sleep(for: .milliseconds(5)) }.value
    }
  }

  private static func head(of request: OpaquePointer) -> RequestHead {
    var fields: [RequestHead.Field] = []
    withUnsafeMutablePointer(to: &fields) { fields in
      chttpd_each_field(
        request,
        { name, value, context in
          guard let name, let value else { return }
          context?.assumingMemoryBound(to: [RequestHead.Field].self).pointee.append(
            .init(String(cString: name), String(cString: value)))
        }, fields)
    }
    return RequestHead(
      method: String(cString: chttpd_method(request)),
      target: String(cString: chttpd_target(request)), fields: fields,
      client: String(cString: chttpd_client(request)))
  }

  /// Why a request is none.
  private func refusal(of head: RequestHead) -> ServerResponse? {
    guard head.byteCount <= mostHeadBytes else {
      return .refusal(
        431,
        ParallaxError(
          .headerTooLarge,
          "a request's line and header may have \(mostHeadBytes) bytes; this has \(head.byteCount)"),
        [("Connection", "close")])
    }
    guard head.target != nil else {
      return .refusal(
        400,
        ParallaxError(
          .badRequest, "the address of the request is malformed",
          hint: "a path begins with '/', and is UTF-8 with %-escapes, without %00"))
    }
    guard !head.hasField("transfer-encoding") else {
      return .refusal(
        411,
        ParallaxError(
          .lengthRequired, "a body comes with its length in Content-Length, not in pieces"))
    }
    return nil
  }

  private static func refusal(of head: RequestHead, bodyLimit: Int) -> ServerResponse? {
    guard head.hasField("content-length") else { return nil }
    guard let length = head.field("content-length").flatMap(UInt64.init) else {
      return .refusal(400, ParallaxError(.badRequest, "Content-Length takes one whole number"))
    }
    guard length > UInt64(bodyLimit) else { return nil }
    return .refusal(
      413,
      ParallaxError(
        .bodyTooLarge,
        bodyLimit == 0
          ? "this request takes no body" : "a body may have \(bodyLimit) bytes; this has \(length)"),
      [("Connection", "close")])
  }
}
