private import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A client that writes to a server on this machine what it is told, byte for byte.
package enum RawClient {
  /// What came back.
  package struct Reply: Sendable {
    package var status: Int
    /// Names in small letters.
    package var fields: [(name: String, value: String)]
    package var body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }

    package func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
  }

  /// Writes pieces and reads until the server closes the connection, on a thread of its own.
  ///
  /// - Parameters:
  ///   - pause: milliseconds before each piece but the first.
  ///   - closesWriting: whether the client says that no more comes.
  ///   - stopsBehindReply: whether one whole reply is enough, for a server that leaves the connection open.
  ///   - seconds: after which reading is given up; many, since a busy machine answers late.
  /// - Returns: all bytes that came.
  package static func exchange(
    port: Int, _ pieces: [[UInt8]], pause: UInt32 = 0, closesWriting: Bool = false,
    stopsBehindReply: Bool = false, seconds: Int = 900
  ) async throws -> [UInt8] {
    try await withCheckedThrowingContinuation { continuation in
      detach {
        continuation.resume(
          with: Result {
            try blockingExchange(
              port, pieces, pause, closesWriting, stopsBehindReply, seconds)
          })
      }
    }
  }

  /// The reply to one request, whose connection the server closes unless it `leavesOpen`.
  package static func request(
    port: Int, _ target: String, method: String = "GET", _ fields: [String] = [],
    body: [UInt8] = [], leavesOpen: Bool = false
  ) async throws -> Reply {
    var lines = ["\(method) \(target) HTTP/1.1", "Connection: close"] + fields
    let names = fields.map { $0.lowercased() }
    if !names.contains(where: { $0.hasPrefix("host:") }) { lines.append("Host: localhost:\(port)") }
    if !body.isEmpty { lines.append("Content-Length: \(body.count)") }
    let head = lines.joined(separator: "\r\n") + "\r\n\r\n"
    let bytes = try await exchange(
      port: port, [Array(head.utf8) + body], stopsBehindReply: leavesOpen)
    guard let reply = replies(in: bytes).first else {
      throw ParallaxError(
        .provider, "no reply: '\(String(decoding: bytes.prefix(200), as: UTF8.self))'")
    }
    return reply
  }

  /// Tells a server of the tests something, or asks it what it saw where there is nothing to tell; not by the
  /// program's own client, which would check itself.
  static func control(port: Int, _ body: String, at target: String = "/control") async throws
    -> String
  {
    let reply = try await request(
      port: port, target, method: body.isEmpty ? "GET" : "POST", body: Array(body.utf8))
    guard reply.status == 200 else {
      throw ParallaxError(.provider, "the server's control failed: \(reply.text)")
    }
    return reply.text
  }

  /// The replies that some bytes hold, each with its length in Content-Length.
  package static func replies(in bytes: [UInt8]) -> [Reply] {
    var rest = bytes[...]
    var replies: [Reply] = []
    while let (reply, behind) = first(in: rest) {
      replies.append(reply)
      rest = behind
    }
    return replies
  }

  /// Whether a reply is there to its end, as its Content-Length says.
  private static func isWhole(_ bytes: [UInt8]) -> Bool {
    first(in: bytes[...]).map { $0.0.field("content-length") == "\($0.0.body.count)" } ?? false
  }

  private static func first(in bytes: ArraySlice<UInt8>) -> (Reply, ArraySlice<UInt8>)? {
    let end = Array("\r\n\r\n".utf8)
    guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else {
      return nil
    }
    let lines = String(decoding: bytes[..<start], as: UTF8.self).split(separator: "\r\n")
    guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { return nil }
    let fields = lines.dropFirst().map { line in
      let sides = line.split(separator: ":", maxSplits: 1)
      return (
        name: sides[0].lowercased(),
        value: sides.count == 2 ? String(sides[1].drop { $0 == " " }) : ""
      )
    }
    let body = bytes[(start + end.count)...]
    let count = fields.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
    return (
      Reply(status: status, fields: fields, body: Array(body.prefix(count))), body.dropFirst(count)
    )
  }

  private static func blockingExchange(
    _ port: Int, _ pieces: [[UInt8]], _ pause: UInt32, _ closesWriting: Bool,
    _ stopsBehindReply: Bool, _ seconds: Int
  ) throws -> [UInt8] {
    let descriptor = try connected(to: port, seconds)
    defer { close(descriptor) }
    for (place, piece) in pieces.enumerated() {
      if place > 0, pause > 0 { usleep(pause * 1_000) }
      var rest = piece[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes {
          send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        // A server that has heard enough closes: what it said can still be read.
        if count <= 0 { break }
        rest = rest.dropFirst(count)
      }
    }
    if closesWriting { shutdown(descriptor, Int32(SHUT_WR)) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
      if stopsBehindReply, isWhole(bytes) { return bytes }
    }
  }

  private static func connected(to port: Int, _ seconds: Int) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    // A program that another test starts would keep it open.
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var time = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0 else {
      close(descriptor)
      throw ParallaxError(.provider, "cannot connect to port \(port)")
    }
    return descriptor
  }
}
