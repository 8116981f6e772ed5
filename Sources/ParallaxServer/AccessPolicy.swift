private import ParallaxCore
private import ParallaxSystem

/// Who may ask a server at all.
package struct AccessPolicy: Sendable {
  /// Names under which it is asked, in small letters: a page of somebody else's whose name leads here has
  /// another.
  private let names: Set<String>
  /// Whether any address in numbers is one of its names: none of them is somebody else's.
  private let acceptsAddresses: Bool
  private let token: TokenGate?
  private let limiter: ClientLimiter?

  /// - Parameters:
  ///   - names: under which it is asked besides its address.
  ///   - token: what requests must show; `nil` for nothing.
  ///   - rate: requests a second that one address may make; `nil` for any number.
  package init(
    of address: ServerAddress, names: [String] = [], token: TokenGate? = nil, rate: Double? = nil
  ) {
    var known = Set((names + [address.host, address.address]).map { $0.lowercased() })
    if address.isLoopback || address.isAny { known.formUnion(["localhost", "127.0.0.1", "::1"]) }
    self.names = known
    acceptsAddresses = address.isAny
    self.token = token
    limiter = rate.map { ClientLimiter(rate: $0, burst: max(20, 5 * $0)) }
  }

  /// Why a request is not answered; `nil` for one that is.
  ///
  /// - Parameter isOpen: whether it needs no token.
  package func refusal(of head: RequestHead, isOpen: Bool) -> ServerResponse? {
    if let refusal = hostRefusal(of: head) ?? siteRefusal(of: head) { return refusal }
    if let limiter, !limiter.admits(head.client) {
      return .refusal(
        429, ParallaxError(.tooManyRequests, "too many requests from your address; wait a moment"),
        [("Retry-After", "1")])
    }
    return isOpen ? nil : token?.refusal(of: head)
  }

  // MARK: - Under which name

  private func hostRefusal(of head: RequestHead) -> ServerResponse? {
    guard let host = head.field("host"), let name = Self.name(of: host) else {
      return .refusal(
        400, ParallaxError(.badRequest, "a request names the host it is for, once, in Host"))
    }
    if names.contains(name) || acceptsAddresses && Self.isAddress(name) { return nil }
    return .refusal(
      421,
      ParallaxError(
        .wrongHost, "this server is not called '\(name)'",
        hint: "'serve … --name \(name)' lets it be asked under that name"))
  }

  /// The name of a host without its port, in small letters; `nil` for what is no host.
  static func name(of host: String) -> String? {
    var rest = host.lowercased()[...]
    var name: Substring
    if rest.first == "[" {
      guard let end = rest.firstIndex(of: "]") else { return nil }
      name = rest[rest.index(after: rest.startIndex)..<end]
      rest = rest[rest.index(after: end)...]
    } else {
      name = rest.prefix { $0 != ":" }
      rest = rest[name.endIndex...]
    }
    if name.hasSuffix(".") { name = name.dropLast() }
    let isPort = rest.isEmpty || rest.first == ":" && rest.dropFirst().allSatisfy(\.isNumber)
    let isName = name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "/") }
    return isPort && isName && !name.isEmpty ? String(name) : nil
  }

  /// Whether a name is an address in numbers.
  static func isAddress(_ name: String) -> Bool {
    if name.contains(":") { return name.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." } }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
  }

  // MARK: - From which page

  /// A request that a page of another site makes: a browser says so.
  private func siteRefusal(of head: RequestHead) -> ServerResponse? {
    // A person who follows a link; neither a frame nor a script of that page, which would ask on its own.
    let isNavigation =
      head.isReading && head.field("sec-fetch-mode") == "navigate"
      && head.field("sec-fetch-dest") == "document" && head.field("sec-fetch-user") == "?1"
    let isForeign = ["cross-site", "same-site"].contains(head.field("sec-fetch-site") ?? "none")
    let isOwn = !head.hasField("origin") || isOwnOrigin(head)
    // A reading request from elsewhere without either field cannot be told from a program's, and its answer
    // is not shown to the page that made it.
    if isForeign && !isNavigation || !head.isReading && !isOwn {
      return .refusal(
        403,
        ParallaxError(
          .wrongOrigin, "requests come from this server's own page, or from a program",
          hint: "a page of another site may not ask here"))
    }
    return nil
  }

  private func isOwnOrigin(_ head: RequestHead) -> Bool {
    guard let origin = head.field("origin"), let host = head.field("host") else { return false }
    return ["http://", "https://"].contains { origin.lowercased() == $0 + host.lowercased() }
  }
}
