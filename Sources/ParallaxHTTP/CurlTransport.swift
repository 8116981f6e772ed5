private import CCurl
internal import ParallaxCore
private import Synchronization

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Requests over the network by libcurl: HTTP/2, kept connections, proxies as the environment
/// names them, certificates of the system.
package final class CurlTransport: HTTPTransport {
  /// The pool is a C object with a lock of its own, made here and freed in `deinit`: sending the
  /// pointer between threads is what its interface is for.
  private struct Pool: @unchecked Sendable {
    let pointer: OpaquePointer
  }

  /// Started by the first request.
  private let pool = Mutex<Pool?>(nil)
  private let connections: Int
  private let certificates: String?
  private let agent: String

  /// - Parameters:
  ///   - connections: at once to one host.
  ///   - certificates: a file of trusted certificates; `nil` for the system's.
  package init(connections: Int, certificates: String? = nil, agent: String) {
    self.connections = connections
    self.certificates = certificates
    self.agent = agent
  }

  deinit {
    if let pool = pool.withLock({ $0 }) { ccurl_pool_destroy(pool.pointer) }
  }

  private func startedPool() throws -> Pool {
    try pool.withLock { pool in
      if let pool { return pool }
      if let reason = ccurl_load() {
        throw ParallaxError(
          .missingComponent, "libcurl cannot be loaded: \(String(cString: reason))",
          hint: "install or update libcurl (on Debian and Ubuntu: apt-get install libcurl4)")
      }
      guard let pointer = ccurl_pool_create(connections, certificates, agent) else {
        throw TransportFailure(.other, "libcurl could not start")
      }
      let started = Pool(pointer: pointer)
      pool = started
      return started
    }
  }

  package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    let pool = try startedPool()
    let transfer = Transfer()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        transfer.start(request, in: pool.pointer, continuation)
      }
    } onCancel: {
      transfer.cancel(in: pool.pointer)
    }
  }
}

/// One request under way; answered exactly once.
private final class Transfer: Sendable {
  typealias Continuation = CheckedContinuation<HTTPResponse, any Error>

  private struct State {
    var number: UInt64 = 0
    var isCancelled = false
    var continuation: Continuation?
  }
  private let state = Mutex(State())

  func start(
    _ request: HTTPRequest, in pool: OpaquePointer, _ continuation: Continuation
  ) {
    let isCancelled = state.withLock { state in
      state.continuation = continuation
      return state.isCancelled
    }
    if isCancelled { return answer(.failure(TransportFailure(.cancelled, "cancelled"))) }
    let context = Unmanaged.passRetained(self)
    let number = Self.send(request, in: pool, context.toOpaque())
    guard number != 0 else {
      context.release()
      return answer(.failure(TransportFailure(.other, "libcurl did not take the request")))
    }
    let wasCancelled = state.withLock { state in
      state.number = number
      return state.isCancelled
    }
    if wasCancelled { ccurl_cancel(pool, number) }
  }

  func cancel(in pool: OpaquePointer) {
    let number = state.withLock { state in
      state.isCancelled = true
      return state.number
    }
    if number != 0 { ccurl_cancel(pool, number) }
  }

  private func answer(_ result: Result<HTTPResponse, any Error>) {
    let continuation = state.withLock { state in
      defer { state.continuation = nil }
      return state.continuation
    }
    continuation?.resume(with: result)
  }

  private static func send(
    _ request: HTTPRequest, in pool: OpaquePointer, _ context: UnsafeMutableRawPointer
  ) -> UInt64 {
    // Without it libcurl waits a second for leave to send a large body.
    var lines = ["Expect:"] + request.headers.map { "\($0.name): \($0.value)" }
    lines += request.secretHeaders.map { "\($0.name): \($0.prefix)\($0.secret.revealed())" }
    var headers: [UnsafePointer<CChar>?] = lines.map { line in
      strdup(line).map { UnsafePointer($0) }
    }
    headers.append(nil)
    defer { for line in headers { free(UnsafeMutableRawPointer(mutating: line)) } }
    return request.method.withCString { method in
      request.url.withCString { url in
        headers.withUnsafeBufferPointer { headers in
          request.body.withUnsafeBufferPointer { body in
            var raw = ccurl_request()
            raw.method = method
            raw.url = url
            raw.headers = headers.baseAddress
            raw.body = body.baseAddress
            raw.body_size = body.count
            raw.timeout_ms = Int(request.timeout / .milliseconds(1))
            raw.connect_timeout_ms = 15_000
            raw.largest_reply = request.largestReply
            raw.once = request.isSentOnce
            raw.is_public_only = request.isPublicOnly
            raw.is_http2_only = request.isHTTP2Only
            return ccurl_send(pool, &raw, { Transfer.take($0, $1) }, context)
          }
        }
      }
    }
  }

  /// On the pool's thread.
  private static func take(
    _ reply: UnsafePointer<ccurl_reply>?, _ context: UnsafeMutableRawPointer?
  ) {
    guard let reply = reply?.pointee, let context else { return }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeRetainedValue()
    if let kind = kind(ofOutcome: Int(reply.outcome)) {
      let status = reply.status > 0 ? reply.status : nil
      transfer.answer(
        .failure(TransportFailure(kind, String(cString: reply.message), status: status)))
    } else {
      transfer.answer(.success(HTTPResponse(reply)))
    }
  }

  private static func kind(ofOutcome outcome: Int) -> TransportFailure.Kind? {
    switch outcome {
    case CCURL_OK: nil
    case CCURL_CANCELLED: .cancelled
    case CCURL_UNRESOLVED: .unresolved
    case CCURL_UNREACHABLE: .unreachable
    case CCURL_TIMED_OUT: .timedOut
    case CCURL_UNTRUSTED: .untrusted
    case CCURL_BROKEN_OFF: .brokenOff
    case CCURL_TOO_LARGE: .tooLarge
    case CCURL_BAD_REQUEST: .badRequest
    case CCURL_PRIVATE_ADDRESS: .privateAddress
    default: .other
    }
  }
}

extension HTTPResponse {
  fileprivate init(_ reply: ccurl_reply) {
    let head = String(
      decoding: UnsafeBufferPointer(start: reply.headers, count: reply.headers_size),
      as: UTF8.self)
    let lines = head.split(separator: "\r\n").dropFirst()
    self.init(
      status: reply.status,
      headers: lines.compactMap { line in
        guard let colon = line.firstIndex(of: ":") else { return nil }
        let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        return HTTPRequest.Header(String(line[..<colon]), String(value))
      },
      body: Array(UnsafeBufferPointer(start: reply.body, count: reply.body_size)))
  }
}
