/// A request with its secrets apart from everything that may be shown.
package struct HTTPRequest: Sendable, Hashable {
  package var method: String
  package var url: String
  package var headers: [Header]
  package var body: [UInt8]
  /// For the whole exchange.
  package var timeout: Duration
  /// Whether the bodies of both sides are secrets: then they are neither shown nor recorded.
  package var isConfidential: Bool
  /// Bytes of the reply's body, unpacked; a longer one ends the exchange.
  package var largestReply: Int
  /// What the address and the body hold of secrets, for messages that would quote them.
  package var hidden: [Secret]
  /// Whether the transport must not send it again by itself, as it does where a kept connection turns out
  /// to be closed.
  package var isSentOnce = false
  /// Whether it is refused where the connection would lead to this machine, a private network or a
  /// cloud's metadata service.
  package var isPublicOnly: Bool
  /// Whether HTTP/2 is spoken from the first byte, also without TLS, as gRPC asks for.
  package var isHTTP2Only = false

  package struct Header: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Headers that carry a key or token, such as `Authorization`; never shown or recorded.
  package var secretHeaders: [SecretHeader]

  package struct SecretHeader: Sendable, Hashable {
    package var name: String
    /// What stands before the secret, such as `Bearer `.
    package var prefix: String
    package var secret: Secret

    package init(_ name: String, prefix: String = "", _ secret: Secret) {
      self.name = name
      self.prefix = prefix
      self.secret = secret
    }
  }

  package init(
    method: String = "POST", url: String, headers: [Header] = [],
    secretHeaders: [SecretHeader] = [], body: [UInt8] = [], timeout: Duration = .seconds(120),
    isConfidential: Bool = false, largestReply: Int = 1 << 20, hidden: [Secret] = [],
    isPublicOnly: Bool = false
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.secretHeaders = secretHeaders
    self.body = body
    self.timeout = timeout
    self.isConfidential = isConfidential
    self.largestReply = largestReply
    self.hidden = hidden
    self.isPublicOnly = isPublicOnly
  }

  /// The texts that no message about this request may hold.
  package var secrets: [Secret] {
    secretHeaders.map(\.secret) + hidden + Address.secrets(in: url)
  }

  /// The address as it may be shown.
  package var shownURL: String { Address.shown(url) }

  /// The host of the address, with its port.
  package var host: String { Address.host(of: url) }
}

/// A reply of any status.
package struct HTTPResponse: Sendable, Hashable {
  package var status: Int
  /// With those that come behind the body, if any.
  package var headers: [HTTPRequest.Header]
  package var body: [UInt8]

  package init(status: Int, headers: [HTTPRequest.Header] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first header of a name, in any case.
  package func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  package var isSuccess: Bool { (200..<300).contains(status) }

  /// Headers that carry keys or name accounts and sessions, which are private.
  private static let telling: Set = [
    "set-cookie", "cookie", "authorization", "proxy-authorization", "authentication-info",
    "x-api-key", "x-goog-api-key", "api-key", "x-auth-token", "x-amz-security-token",
  ]

  static func isSecret(header name: String) -> Bool { telling.contains(name.lowercased()) }

  /// A header's value as it may be shown. An address may be a key to what lies there, such as a file that is
  /// being uploaded.
  static func shown(_ header: HTTPRequest.Header) -> String {
    if isSecret(header: header.name) { return "•••" }
    return header.value.contains("://") ? Address.shown(header.value) : header.value
  }
}

/// Why there is no reply at all.
package struct TransportFailure: Error, Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case cancelled, unresolved, unreachable, timedOut, untrusted, brokenOff, tooLarge, badRequest
    case privateAddress, other
  }

  package var kind: Kind
  /// The library's own words.
  package var message: String
  /// Of the reply that did not come whole; `nil` when none began.
  package var status: Int?

  package init(_ kind: Kind, _ message: String, status: Int? = nil) {
    self.kind = kind
    self.message = message
    self.status = status
  }

  /// Whether the server may have done what it was asked for, and may count it: its answer had begun,
  /// or it was given up while it worked.
  package var mayHaveBeenAnswered: Bool {
    if let status { return (200..<300).contains(status) }
    return kind == .timedOut || kind == .cancelled
  }

  /// Whether no server was reached.
  package var isWithoutConnection: Bool { kind == .unresolved || kind == .unreachable }

  /// Whether the same request may succeed a moment later.
  package var isTransient: Bool {
    switch kind {
    case .unresolved, .unreachable, .timedOut, .brokenOff, .other: true
    case .cancelled, .untrusted, .tooLarge, .badRequest, .privateAddress: false
    }
  }
}

/// Whatever carries requests: the network, a recording, a test.
package protocol HTTPTransport: Sendable {
  /// - Throws: `TransportFailure` when no whole reply came; `cancelled` within moments of the
  ///   task's cancellation.
  func send(_ request: HTTPRequest) async throws -> HTTPResponse
}
