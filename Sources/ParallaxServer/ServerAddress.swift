internal import CMicroHTTPD
internal import ParallaxCore

/// Where a server listens.
package struct ServerAddress: Sendable, Hashable {
  /// The host as it was named.
  package let host: String
  /// In numbers.
  package let address: String
  package let port: Int
  package let isIPv6: Bool
  /// Whether only this machine reaches it.
  package let isLoopback: Bool
  /// Whether it is every address of this machine.
  package let isAny: Bool

  /// - Parameter port: 0 for a free one.
  /// - Throws: `invalid-value` about `host` for a name that stands for nothing.
  package init(host: String, port: Int) throws {
    let name =
      host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    var endpoint = chttpd_endpoint()
    let code = chttpd_resolve(name, UInt16(clamping: port), &endpoint)
    guard code == 0 else {
      throw ParallaxError(
        .invalidValue,
        "'host' takes an address of this machine, such as 127.0.0.1; '\(host)' is none: "
          + String(cString: chttpd_resolution_reason(code)).lowercased(), parameter: "host")
    }
    self.init(host: name, endpoint)
  }

  init(host: String, _ endpoint: chttpd_endpoint) {
    self.host = host
    address = withUnsafeBytes(of: endpoint.address) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    port = Int(endpoint.port)
    isIPv6 = endpoint.is_ipv6
    isLoopback = endpoint.is_loopback
    isAny = endpoint.is_any
  }

  var endpoint: chttpd_endpoint {
    var endpoint = chttpd_endpoint()
    withUnsafeMutableBytes(of: &endpoint.address) { bytes in
      for (place, byte) in address.utf8.prefix(bytes.count - 1).enumerated() { bytes[place] = byte }
    }
    endpoint.port = UInt16(clamping: port)
    endpoint.is_ipv6 = isIPv6
    endpoint.is_loopback = isLoopback
    endpoint.is_any = isAny
    return endpoint
  }

  /// As a browser takes it, without the last slash.
  package var url: String {
    let shown = isAny ? (isIPv6 ? "[::1]" : "127.0.0.1") : isIPv6 ? "[\(address)]" : address
    return "http://\(shown):\(port)"
  }
}
