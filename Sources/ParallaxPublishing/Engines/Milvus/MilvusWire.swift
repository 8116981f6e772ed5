internal import ParallaxCore
internal import ParallaxHTTP
internal import ParallaxText

/// Calls of Milvus's service over gRPC, and its replies
/// (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
struct MilvusWire: Sendable {
  /// A page of ids and checksums, or some vectors.
  private static let largestReply = 64 << 20

  let address: EngineAddress
  private let base: String
  private let headers: [HTTPRequest.Header]
  private let secrets: [HTTPRequest.SecretHeader]
  private let hidden: [Secret]
  private let client: HTTPClient

  init(_ address: EngineAddress, _ environment: EngineEnvironment) {
    self.address = address
    let token = environment.variables["MILVUS_TOKEN"].map { Secret($0) }
    if let token, !token.isEmpty {
      let encoded = Secret(Base64.text(of: Array(token.revealed().utf8)))
      secrets = [.init("authorization", encoded)]
      // A refusal may quote what was decoded, or the password alone.
      let parts = token.revealed().split(separator: ":", maxSplits: 1).dropFirst()
      hidden = [token] + parts.map { Secret(String($0)) }
    } else {
      secrets = []
      hidden = []
    }
    headers =
      [.init("content-type", "application/grpc"), .init("te", "trailers")]
      + (address.path.isEmpty ? [] : [.init("dbname", address.path)])
    let scheme = address.scheme.hasSuffix("+https") ? "https" : "http"
    base =
      "\(scheme)://\(address.host):\(address.port ?? 19_530)/milvus.proto.milvus.MilvusService/"
    client = HTTPClient(
      transport: environment.transport,
      backOff: BackOff(attempts: 4, first: .milliseconds(250), longest: .seconds(4)),
      concurrency: 1, trace: environment.trace, secrets: environment.secrets + hidden)
  }

  /// The reply to a call whose first field says whether it was done.
  ///
  /// - Parameter absence: what Milvus may answer where something is not there.
  /// - Returns: `nil` for that.
  /// - Throws: `engine` where it is refused, or is no reply of Milvus; `cancelled`.
  func find(
    _ method: String, _ message: ProtobufWriter, absence: Set<Int64>
  ) async throws -> [UInt8]? {
    try await send(method, message, hasStatusOnly: false, absence)
  }

  /// As ``find(_:_:absence:)``, where all must be there.
  func ask(_ method: String, _ message: ProtobufWriter) async throws -> [UInt8] {
    try await send(method, message, hasStatusOnly: false, []) ?? []
  }

  /// As ``ask(_:_:)``, of a call whose reply says nothing but whether it was done.
  func order(_ method: String, _ message: ProtobufWriter) async throws {
    _ = try await send(method, message, hasStatusOnly: true, [])
  }

  private func send(
    _ method: String, _ message: ProtobufWriter, hasStatusOnly: Bool, _ absence: Set<Int64>
  ) async throws -> [UInt8]? {
    var request = HTTPRequest(
      url: base + method, headers: headers, secretHeaders: secrets,
      body: GRPCFrame.framed(message.bytes), timeout: .seconds(300),
      largestReply: Self.largestReply, hidden: hidden)
    request.isHTTP2Only = true
    let reading = Reading(address, hasStatusOnly: hasStatusOnly, absence: absence)
    let response: HTTPResponse
    do {
      response = try await client.send(request) { reading.judge($0) }
    } catch let error as ParallaxError { throw error.ofEngine }
    guard let reply = GRPCFrame.message(in: response.body),
      let status = MilvusStatus(in: reply, isWhole: hasStatusOnly)
    else { throw reading.answerless }
    return status.isDone ? Array(reply) : nil
  }

  /// What a reply means.
  private struct Reading: Sendable {
    let address: EngineAddress
    let hasStatusOnly: Bool
    let absence: Set<Int64>

    init(_ address: EngineAddress, hasStatusOnly: Bool, absence: Set<Int64>) {
      self.address = address
      self.hasStatusOnly = hasStatusOnly
      self.absence = absence
    }

    var answerless: ParallaxError { .answerless(address.text, "Milvus's service over gRPC") }

    func judge(_ response: HTTPResponse) -> HTTPClient.Verdict {
      guard response.status == 200 else {
        if response.status == 429 || response.status >= 500 {
          return .retry(
            .init(isRateLimit: response.status == 429, reason: "status \(response.status)"))
        }
        return .refused(answerless)
      }
      let reason = EngineAddress.decoded(response.header("grpc-message") ?? "")
      switch response.header("grpc-status").flatMap({ Int($0) }) {
      case 0: break
      // 'resource exhausted' and 'unavailable' pass.
      case let code? where code == 8 || code == 14:
        return .retry(.init(isRateLimit: code == 8, reason: reason))
      case let code?:
        let isOfSecret = code == 16 || code == 7
        return .refused(
          ParallaxError(
            .engine, "'\(address.text)' refused: \(reason.isEmpty ? "status \(code)" : reason)",
            hint: isOfSecret ? MilvusEngine.secretRule : nil))
      case nil: return .refused(answerless)
      }
      guard let message = GRPCFrame.message(in: response.body),
        let status = MilvusStatus(in: message, isWhole: hasStatusOnly)
      else { return .refused(answerless) }
      if status.isDone || absence.contains(status.code) { return .accepted }
      if status.isPassing {
        return .retry(.init(isRateLimit: status.isRateLimit, reason: status.reason))
      }
      return .refused(ParallaxError(.engine, "'\(address.text)' refused: \(status.reason)"))
    }
  }
}

/// What stands around a message: a byte that says whether it is packed, and its length in four.
enum GRPCFrame {
  static func framed(_ message: [UInt8]) -> [UInt8] {
    let count = UInt32(truncatingIfNeeded: message.count)
    return [0] + (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) } + message
  }

  /// - Returns: `nil` for what is not one message, and for a packed one, which nobody asked for.
  static func message(in body: [UInt8]) -> ArraySlice<UInt8>? {
    guard body.count >= 5, body[0] == 0 else { return nil }
    let count = body[1..<5].reduce(0) { $0 << 8 | Int($1) }
    return count == body.count - 5 ? body[5...] : nil
  }
}

/// How Milvus says whether something was done.
struct MilvusStatus {
  private(set) var code: Int64 = 0
  private(set) var reason = ""
  private var isRetriable = false

  /// - Parameter isWhole: whether the reply is nothing else; else it is the first field.
  /// - Returns: `nil` for another form.
  init?(in reply: ArraySlice<UInt8>, isWhole: Bool) {
    do {
      if isWhole {
        try read(reply)
      } else {
        try ProtobufReader.read(reply) { field, value in
          if field == 1 { try read(value.message) }
        }
      }
    } catch { return nil }
  }

  private mutating func read(_ bytes: ArraySlice<UInt8>) throws {
    var old: Int64 = 0
    try ProtobufReader.read(bytes) { field, value in
      switch field {
      case 1: old = try value.whole
      case 2: reason = try value.text
      case 3: code = try value.whole
      case 4: isRetriable = try value.whole != 0
      default: break
      }
    }
    if code == 0 { code = old }
  }

  var isDone: Bool { code == 0 }
  var isRateLimit: Bool { code == 8 }
  /// Whether the same call may be done later.
  var isPassing: Bool { isRetriable || isRateLimit }
}
