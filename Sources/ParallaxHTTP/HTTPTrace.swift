private import ParallaxCore
private import ParallaxText

/// Shows traffic as it goes, without secrets and without pictures.
package struct HTTPTrace: Sendable {
  /// Texts longer than this are cut, so that a picture is a line.
  private static let longest = 240
  private let secrets: [Secret]
  private let write: @Sendable (String) -> Void

  /// - Parameters:
  ///   - secrets: that no line may hold, beside those of each request.
  ///   - write: gets whole lines, in which nothing can drive a terminal.
  package init(secrets: [Secret] = [], write: @escaping @Sendable (String) -> Void) {
    self.secrets = secrets
    self.write = write
  }

  func sent(_ request: HTTPRequest) {
    let redactor = Redactor(secrets + request.secrets)
    show("> \(request.method) \(request.shownURL)", redactor)
    for header in request.headers { show("> \(header.name): \(header.value)", redactor) }
    for header in request.secretHeaders { show("> \(header.name): \(header.prefix)•••", redactor) }
    if !request.body.isEmpty { showBody(">", request.body, of: request, redactor) }
  }

  func received(_ response: HTTPResponse, for request: HTTPRequest) {
    let redactor = Redactor(secrets + request.secrets)
    show("< \(response.status)", redactor)
    for header in response.headers {
      show("< \(header.name): \(HTTPResponse.shown(header))", redactor)
    }
    showBody("<", response.body, of: request, redactor)
  }

  func note(_ text: String, _ request: HTTPRequest) {
    show("* \(text)", Redactor(secrets + request.secrets))
  }

  private func show(_ line: String, _ redactor: Redactor) {
    write(TerminalText.escaped(redactor.redacted(line)))
  }

  private func showBody(
    _ mark: String, _ body: [UInt8], of request: HTTPRequest, _ redactor: Redactor
  ) {
    if request.isConfidential { return write("\(mark) •••") }
    let text = String(decoding: body.prefix(1 << 20), as: UTF8.self)
      .replacing("\n", with: " ").replacing("\r", with: " ")
    let size = body.count > Self.longest ? " (\(body.count) bytes)" : ""
    write(TerminalText.escaped("\(mark) \(redactor.shown(text, longest: Self.longest))\(size)"))
  }
}
