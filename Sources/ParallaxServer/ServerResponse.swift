package import ParallaxCore

/// What a request is answered with.
package struct ServerResponse: Sendable {
  package typealias Field = (name: String, value: String)

  package var status: Int
  package var fields: [Field]
  package var body: [UInt8]
  /// What it says is wrong, where it says so in JSON.
  package private(set) var problem: Problem?

  package init(_ status: Int, _ fields: [Field] = [], body: [UInt8] = []) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  package init(_ status: Int = 200, type: String, _ text: String, _ fields: [Field] = []) {
    self.init(status, [("Content-Type", type)] + fields, body: Array(text.utf8))
  }

  package static func json(_ text: String, _ status: Int = 200) -> ServerResponse {
    ServerResponse(status, type: "application/json", text)
  }

  package static func refusal(
    _ status: Int, _ error: ParallaxError, _ fields: [Field] = []
  ) -> ServerResponse {
    let problem = Problem(status, error)
    var response = ServerResponse(status, type: Problem.contentType, problem.json, fields)
    response.problem = problem
    return response
  }

  /// What every response says unless it says otherwise: it is what it says it is, is kept by nobody, and is no
  /// part of another's page.
  private static let usual: [Field] = [
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
  ]

  /// Its fields with those that every response has.
  var allFields: [Field] {
    let own = Set(fields.map { $0.name.lowercased() })
    return fields.map { ($0.name, Self.plain($0.value)) }
      + Self.usual.filter { !own.contains($0.name.lowercased()) }
  }

  /// A value that ends no line and begins no other field.
  private static func plain(_ value: String) -> String {
    String(
      decoding: value.utf8.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") },
      as: UTF8.self)
  }
}
