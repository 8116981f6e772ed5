private import CMicroHTTPD
private import ParallaxCore
private import ParallaxSystem
private import Synchronization

/// What a server allows.
package struct ServerLimits: Sendable, Hashable {
  /// Open at once.
  package var connections = 8_192
  /// Bytes of a request's line and header.
  package var headerBytes = 16 << 10
  /// Bytes of all bodies together that are held at once; small ones do not count.
  package var bodyBytes = 512 << 20
  /// Bytes of all answers together that wait to be taken; small ones do not count.
  package var answerBytes = 512 << 20
  /// Until the header of a request is there, then its body, and until its answer is taken.
  package var headerTime: Duration = .seconds(15)
  package var bodyTime: Duration = .seconds(60)
  package var answerTime: Duration = .seconds(120)
  /// What running requests get when the server ends.
  package var endTime: Duration = .seconds(3)

  package init() {}
}

/// Answers requests of HTTP/1.1. No thread waits while a request is answered.
package final class HTTPServer: Sendable {
  /// What becomes of a request once its header is there.
  package enum Admission: Sendable {
    /// Its body may have so many bytes.
    case accepted(bodyLimit: Int)
    case answered(ServerResponse)
  }

  package typealias Admit = @Sendable (RequestHead) -> Admission
  package typealias Handle = @Sendable (ServerRequest) async -> ServerResponse

  package let address: ServerAddress
  private let limits: ServerLimits
  private let exchanges: Exchanges
  /// `nil` once it has ended.
  private let server: Mutex<UInt?>

  /// Listens and answers from now on.
  ///
  /// - Parameters:
  ///   - admit: called on a thread of the server, which it must not block.
  ///   - handle: called with the whole request.
  /// - Throws: `address-in-use`, `invalid-value`, `missing-component` with the system's reason.
  package init(
    at address: ServerAddress, _ limits: ServerLimits = ServerLimits(),
    admit: @escaping Admit, handle: @escaping Handle
  ) throws {
    if let reason = chttpd_load() {
      throw ParallaxError(
        .missingComponent,
        "'serve' needs libmicrohttpd, which cannot be loaded: \(String(cString: reason))",
        hint: "install it, on Debian and Ubuntu 'apt-get install libmicrohttpd12'")
    }
    let exchanges = Exchanges(limits, admit: admit, handle: handle)
    var endpoint = address.endpoint
    var options = chttpd_options(
      threads: Processors.count > 4 ? 4 : 2, connections: UInt32(clamping: limits.connections),
      memory_bytes: Self.roomForRefusals * limits.headerBytes,
      header_ms: Self.milliseconds(limits.headerTime),
      body_ms: Self.milliseconds(limits.bodyTime), answer_ms: Self.milliseconds(limits.answerTime))
    var calls = chttpd_calls(
      admit: { request, context in
        guard let request, let exchanges = Exchanges.of(context) else { return 0 }
        return exchanges.admit(request)
      },
      handle: { request, context in
        guard let request, let exchanges = Exchanges.of(context) else { return }
        exchanges.handle(request)
      },
      ended: { owner, context in
        guard let owner else { return }
        Exchanges.of(context)?.ended(Unmanaged<Exchange>.fromOpaque(owner).takeRetainedValue())
      }, context: nil)
    // Until it ends: its threads call back.
    calls.context = Unmanaged.passRetained(exchanges).toOpaque()
    var number: Int32 = 0
    guard let started = chttpd_start(&endpoint, &options, &calls, &number) else {
      Unmanaged.passUnretained(exchanges).release()
      throw Self.failure(address, SystemError(number))
    }
    self.address = ServerAddress(host: address.host, endpoint)
    self.limits = limits
    self.exchanges = exchanges
    server = Mutex(UInt(bitPattern: started))
  }

  /// libmicrohttpd drops what is larger than a connection's memory without an answer, so a header that is too
  /// large gets room enough to be refused in words.
  private static let roomForRefusals = 4

  private static func milliseconds(_ time: Duration) -> UInt32 {
    UInt32(clamping: Int64(time / .milliseconds(1)))
  }

  private static func failure(_ address: ServerAddress, _ error: SystemError) -> ParallaxError {
    let place = "\(address.host):\(address.port)"
    if error.isAddressInUse {
      return ParallaxError(
        .addressInUse, "port \(address.port) of '\(address.host)' is in use by another program",
        hint: "choose another with --port; --port 0 takes a free one", parameter: "port")
    }
    if error.isAddressMissing {
      return ParallaxError(
        .invalidValue, "'\(address.host)' is no address of this machine",
        hint: "127.0.0.1 is reached by this machine alone, 0.0.0.0 is every address it has",
        parameter: "host")
    }
    return ParallaxError(
      .missingComponent, "cannot listen at '\(place)': \(error.reason.lowercased())",
      parameter: "port")
  }

  /// Connections that are open.
  package var connectionCount: Int {
    server.withLock { address in
      address.flatMap(OpaquePointer.init(bitPattern:)).map { Int(chttpd_connections($0)) } ?? 0
    }
  }

  /// Requests that are being answered.
  package var runningCount: Int { exchanges.count }

  /// Takes no further requests, lets those that run end, cancels those that do not, and ends. A second call
  /// does nothing.
  package func stop() async {
    let started = server.withLock { address in
      defer { address = nil }
      return address
    }
    guard let started, let pointer = OpaquePointer(bitPattern: started) else { return }
    chttpd_close_entrance(pointer)
    await exchanges.end(within: limits.endTime)
    await Self.stop(started)
    Unmanaged.passUnretained(exchanges).release()
  }

  @concurrent private static func stop(_ address: UInt) async {
    if let server = OpaquePointer(bitPattern: address) { chttpd_stop(server, 1_000) }
  }
}
