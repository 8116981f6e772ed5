/// Shows traffic as it goes, without secrets and without pictures.
package struct HTTPTrace: Sendable {
  /// Texts longer than this are cut, so that a picture is a line.
  private static let longest = 240
  private let write: @Sendable (String) -> Void

  /// - Parameter write: gets whole lines.
  package init(write: @escaping @Sendable (String) -> Void) { self.write = write }

  func sent(_ request: HTTPRequest) {
    show("> \(request.method) \(request.url)", request)
    for header in request.headers { show("> \(header.name): \(header.value)", request) }
    for header in request.secretHeaders { show("> \(header.name): \(header.prefix)•••", request) }
    if !request.body.isEmpty {
      show("> \(request.isConfidential ? "•••" : Self.summary(request.body))", request)
    }
  }

  func received(_ response: HTTPResponse, for request: HTTPRequest) {
    show("< \(response.status)", request)
    for header in response.headers { show("< \(header.name): \(header.value)", request) }
    show("< \(request.isConfidential ? "•••" : Self.summary(response.body))", request)
  }

  func note(_ text: String, _ request: HTTPRequest) { show("* \(text)", request) }

  private func show(_ line: String, _ request: HTTPRequest) {
    write(request.secrets.reduce(line) { $1.redacted($0) })
  }

  private static func summary(_ body: [UInt8]) -> String {
    let text = String(decoding: body.prefix(longest), as: UTF8.self)
      .replacing("\n", with: " ").replacing("\r", with: " ")
    return body.count > longest ? "\(text)… (\(body.count) bytes)" : text
  }
}
