internal import CMicroHTTPD
private import ParallaxCore
private import ParallaxDigest
private import ParallaxText
private import Synchronization

/// Lets in who shows a token in `Authorization`, or the cookie that a link gave.
package final class TokenGate: Sendable {
  /// Letters and digits that a token of one's own has at least.
  package static let leastLength = 16
  /// The parameter of a link.
  package static let parameter = "token"

  /// Tries that an address has at once, and a minute.
  private static let tries = 10.0

  private let cookieName: String
  private let session: String
  /// Of one's own; `nil` where links alone let in.
  private let token: String?
  private let link: Mutex<String>
  private let failures = ClientLimiter(rate: tries / 60, burst: tries)

  /// - Parameters:
  ///   - token: of at least ``leastLength`` characters; `nil` for none but those of links.
  ///   - name: that of the cookie begins with: servers on one machine share their cookies.
  /// - Throws: `missing-component` where the system has no random bytes.
  package init(token: String?, cookie name: String) throws {
    self.token = token
    cookieName = "\(name)_\(try Self.random().prefix(8))"
    session = try Self.random()
    link = Mutex(try Self.random())
  }

  /// What stands in a link that lets in once.
  package var linkToken: String { link.withLock { $0 } }

  func refusal(of head: RequestHead) -> ServerResponse? {
    if let cookie = head.cookie(cookieName), Self.areEqual(cookie, session) { return nil }
    // Who shows nothing guesses nothing. Who has guessed too often is not told that this one is right.
    if let shown = head.field("authorization").flatMap(Self.bearer) {
      guard failures.admits(head.client) else { return Self.tooManyTries }
      if let token, Self.areEqual(shown, token) {
        failures.forgives(head.client)
        return nil
      }
    }
    return .refusal(
      401,
      ParallaxError(
        .notAuthorized, "this server needs a token",
        hint: "open the link that 'serve' printed, or send 'Authorization: Bearer TOKEN'"),
      [("WWW-Authenticate", "Bearer realm=\"parallax\"")])
  }

  /// What opening a link gives: a cookie, and a page that goes on to the one without the token. A redirection
  /// would be that of the page which the link stood in, and bring no cookie of this site.
  ///
  /// - Returns: the response, and whether the link was the one that lets in once, which is another now.
  package func redeem(_ shown: String, by client: String) -> (ServerResponse, wasLink: Bool) {
    guard failures.admits(client) else { return (Self.tooManyTries, false) }
    let wasLink = link.withLock { link in
      guard Self.areEqual(shown, link), let next = try? Self.random() else { return false }
      link = next
      return true
    }
    guard wasLink || token.map({ Self.areEqual(shown, $0) }) ?? false else {
      let error = ParallaxError(
        .notAuthorized,
        "the token of this link lets nobody in: it was used, or is another server's",
        hint: "the newest link is where 'serve' runs")
      return (.refusal(401, error), false)
    }
    failures.forgives(client)
    let cookie = "\(cookieName)=\(session); Path=/; HttpOnly; SameSite=Strict"
    let page =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Parallax</title>"
      + "<meta http-equiv=\"refresh\" content=\"0;url=/\"></head>"
      + "<body><p><a href=\"/\">Go on to the pictures</a></p></body></html>"
    let fields = [
      ("Set-Cookie", cookie),
      ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ]
    return (ServerResponse(type: "text/html; charset=utf-8", page, fields), wasLink)
  }

  private static let tooManyTries = ServerResponse.refusal(
    429, ParallaxError(.tooManyRequests, "too many wrong tokens from your address; wait a minute"),
    [("Retry-After", "60")])

  private static func bearer(_ field: String) -> String? {
    let parts = field.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return parts[1].trimmingBlanks
  }

  /// Takes the same time wherever two texts differ.
  static func areEqual(_ left: String, _ right: String) -> Bool {
    let (left, right) = (Digest.sha256(left).bytes, Digest.sha256(right).bytes)
    return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private static func random() throws -> String {
    var bytes = [UInt8](repeating: 0, count: 24)
    guard chttpd_random(&bytes, bytes.count) else {
      throw ParallaxError(.missingComponent, "the system has no random bytes to make a token of")
    }
    return Base64.forAddresses(bytes)
  }
}
