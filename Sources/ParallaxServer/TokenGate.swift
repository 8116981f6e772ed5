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
  ///   - name: of the cookie: servers on one machine share their cookies.
  /// - Throws: `missing-component` where the system has no random bytes.
  package init(token: String?, cookie name: String) throws {
    self.token = token
    cookieName = name
    session = try Self.random()
    link = Mutex(try Self.random())
  }

  /// What stands in a link that lets in once.
  package var linkToken: String { link.withLock { $0 } }

  func refusal(of head: RequestHead) -> ServerResponse? {
    let shown = head.field("authorization").flatMap(Self.bearer)
    if let shown, let token, Self.areEqual(shown, token) { return nil }
    if let cookie = head.cookie(cookieName), Self.areEqual(cookie, session) { return nil }
    // Who shows nothing guesses nothing.
    guard shown == nil || failures.admits(head.client) else { return Self.tooManyTries }
    return .refusal(
      401,
      ParallaxError(
        .notAuthorized, "this server needs a token",
        hint: "open the link that 'serve' printed, or send 'Authorization: Bearer TOKEN'"),
      [("WWW-Authenticate", "Bearer realm=\"parallax\"")])
  }

  /// What opening a link gives: a cookie and the page without the token.
  ///
  /// - Returns: the response, and whether the link was the one that lets in once, which is another now.
  package func redeem(_ shown: String, by client: String) -> (ServerResponse, wasLink: Bool) {
    let wasLink = link.withLock { link in
      guard Self.areEqual(shown, link), let next = try? Self.random() else { return false }
      link = next
      return true
    }
    guard wasLink || token.map({ Self.areEqual(shown, $0) }) ?? false else {
      guard failures.admits(client) else { return (Self.tooManyTries, false) }
      let error = ParallaxError(
        .notAuthorized,
        "the token of this link lets nobody in: it was used, or is another server's",
        hint: "the newest link is where 'serve' runs")
      return (.refusal(401, error), false)
    }
    let cookie = "\(cookieName)=\(session); Path=/; HttpOnly; SameSite=Strict"
    return (ServerResponse(303, [("Location", "/"), ("Set-Cookie", cookie)]), wasLink)
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
