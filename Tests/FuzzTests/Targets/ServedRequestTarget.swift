import ParallaxCore
@testable import ParallaxServer
@testable import ParallaxService

/// Requests to `serve`. The first line has the method and the address; fields follow up to a blank line, then
/// the body.
enum ServedRequestTarget: FuzzTarget {
  static let name = "requests"
  static let repeats: [Repetition] = [
    ("GET /", "%41", ""), ("GET ", "/", ""), ("GET /?", "a=b&", ""), ("GET /?", "text=%C3%A4&", ""),
    ("GET /\nCookie: ", "a=b; ", ""), ("GET /\nHost: ", "[", ""), ("GET /\n", "a: b\n", ""),
    ("POST /v1/search\n\n", "[", ""),
    ("POST /v1/search\n\n{\"terms\":[", "{\"text\":\"a\"},", "{}]}"),
    ("POST /v1/search\n\n{\"text\":\"", "\\u00e4", "\"}"),
    ("POST /v1/gate\n\n{\"image\":\"", "QUJD", "\"}"),
    ("POST /v1/search\n\n{\"min_score\":", "9", "}"),
  ]

  static func run(_ bytes: [UInt8]) throws {
    let request = request(in: bytes)
    let head = request.head
    if let target = head.target { try check(target) }
    _ = (head.contentType, head.cookie("p"), head.byteCount)
    if let name = head.field("host").flatMap(AccessPolicy.name) {
      try expect(!name.contains("/") && !name.isEmpty, "a host '\(name)'")
      _ = AccessPolicy.isAddress(name)
    }
    if let body = try ErrorPromise.reading({ try JSONValue(parsing: request.body) }) {
      try expect(
        try JSONValue(parsing: Array(body.text.utf8)).text == body.text,
        "a body that is another once it is written")
    }
    guard case .success(let route) = RouteTable.route(for: head) else { return }
    guard let segments = route.match(head.target?.path ?? []) else {
      throw Fault("a route that does not match")
    }
    _ = try ErrorPromise.reading { try route.call(request, segments) }
  }

  /// What was decoded is the same once it is written and read again, and ends no text of C.
  private static func check(_ target: RequestTarget) throws {
    let path = target.path.map(RequestTarget.encoded).joined(separator: "/")
    let pairs = target.parameters.map {
      RequestTarget.encoded($0.name) + "=" + RequestTarget.encoded($0.value)
    }
    let text = "/" + path + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    try expect(RequestTarget(text) == target, "'\(text)' is another address")
    let texts = target.path + target.parameters.flatMap { [$0.name, $0.value] }
    try expect(!texts.contains { $0.utf8.contains(0) }, "a zero byte")
  }

  private static func request(in bytes: [UInt8]) -> ServerRequest {
    var rest = bytes[...]
    func line() -> String {
      let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
      defer { rest = rest[end...].dropFirst() }
      return String(decoding: rest[..<end], as: UTF8.self)
    }
    let first = line().split(separator: " ", maxSplits: 1).map(String.init)
    var fields: [RequestHead.Field] = []
    while !rest.isEmpty, case let text = line(), !text.isEmpty {
      let sides = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      fields.append(
        .init(String(sides[0]), sides.count == 1 ? "" : String(sides[1].drop { $0 == " " })))
    }
    return ServerRequest(
      RequestHead(method: first.first ?? "", target: first.last ?? "", fields: fields),
      body: Array(rest))
  }
}
