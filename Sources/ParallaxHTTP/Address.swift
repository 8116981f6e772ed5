private import ParallaxText

/// Addresses as they may be shown: without the password before the host and the values of the query,
/// either of which may be a key.
package enum Address {
  private static let dots = Array("•••".utf8)
  /// One address without its password and the values of its query.
  package static func shown(_ address: String) -> String {
    let (base, query) = parts(address)
    guard let query else { return redacted(in: base) }
    let fields = query.split(separator: "&", omittingEmptySubsequences: false).map { field in
      field.firstIndex(of: "=").map { "\(field[...$0])•••" } ?? String(field)
    }
    return "\(redacted(in: base))?\(fields.joined(separator: "&"))"
  }

  /// The address of something below `base`, whose query stays behind the path.
  package static func appending(_ path: String, to base: String) -> String {
    let (start, query) = parts(base)
    let whole = start.hasSuffix("/") ? String(start.dropLast()) + path : start + path
    return query.map { "\(whole)?\($0)" } ?? whole
  }

  /// The address of `path` with something put before the whole path: of `/upload`, `/files` and
  /// `https://host/v1` it is `https://host/upload/v1/files`.
  package static func inserting(_ start: String, before path: String, in base: String) -> String {
    let whole = appending(path, to: base)
    let origin = origin(of: whole)
    return origin + start + whole.dropFirst(origin.count)
  }

  /// Scheme, host and port.
  package static func origin(of address: String) -> String {
    guard let mark = address.firstRange(of: "//") else { return "" }
    let rest = address[mark.upperBound...]
    return String(address[..<mark.upperBound] + rest.prefix { !"/?#".contains($0) })
  }

  /// The address with fields behind those of its query.
  package static func adding(_ fields: String, to address: String) -> String {
    "\(address)\(address.contains("?") ? "&" : "?")\(fields)"
  }

  /// A text as the value of a field (RFC 3986).
  package static func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
        String(UnicodeScalar(byte))
      default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }.joined()
  }

  /// What of an address must be in no text: the password, and what stands behind names that tell.
  package static func secrets(in address: String) -> [Secret] {
    var secrets: [Secret] = []
    let (base, query) = parts(address)
    if let login = login(in: base) {
      secrets.append(Secret(login))
      if let colon = login.firstIndex(of: ":") {
        secrets.append(Secret(String(login[login.index(after: colon)...])))
      }
    }
    for field in query?.split(separator: "&") ?? [] {
      guard let equals = field.firstIndex(of: "="), TellingNames.tells(field[..<equals]) else {
        continue
      }
      secrets.append(Secret(String(field[field.index(after: equals)...])))
    }
    return secrets.filter { !$0.isEmpty }
  }

  /// The host with its port.
  package static func host(of address: String) -> String {
    let rest = address.firstRange(of: "//").map { address[$0.upperBound...] } ?? address[...]
    let authority = rest.prefix { !"/?#".contains($0) }
    return String(
      authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority)
  }

  /// `text` with dots for the login of every address in it and for what stands behind telling names.
  static func redacted(in text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "@")) || text.utf8.contains(UInt8(ascii: "=")) else {
      return text
    }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var position = 0
    while position < bytes.count {
      if let end = loginEnd(bytes, position) {
        result += Array("//".utf8) + dots
        position = end
      } else if bytes[position] == UInt8(ascii: "="), let end = valueEnd(bytes, position) {
        result += [bytes[position]] + dots
        position = end
      } else {
        result.append(bytes[position])
        position += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// `text` of the same length with stars for the password of every address in it and for what stands behind
  /// telling names: for a line that is shown with a mark under the part at fault.
  package static func masked(in text: String) -> String {
    var bytes = Array(text.utf8)
    for position in bytes.indices {
      if let end = loginEnd(bytes, position),
        let colon = bytes[(position + 2)..<end].firstIndex(of: UInt8(ascii: ":"))
      {
        for place in (colon + 1)..<end { bytes[place] = UInt8(ascii: "*") }
      } else if bytes[position] == UInt8(ascii: "="), let end = valueEnd(bytes, position) {
        for place in (position + 1)..<end { bytes[place] = UInt8(ascii: "*") }
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func parts(_ address: String) -> (base: String, query: String?) {
    guard let mark = address.firstIndex(of: "?") else { return (address, nil) }
    return (String(address[..<mark]), String(address[address.index(after: mark)...]))
  }

  private static func login(in address: String) -> String? {
    guard let slashes = address.firstRange(of: "//") else { return nil }
    let authority = address[slashes.upperBound...].prefix { !"/?#".contains($0) }
    return authority.lastIndex(of: "@").map { String(authority[..<$0]) }
  }

  /// Where the `@` of `//login@host` stands, when it begins here.
  private static func loginEnd(_ bytes: [UInt8], _ start: Int) -> Int? {
    guard bytes[start] == UInt8(ascii: "/"), start + 1 < bytes.count,
      bytes[start + 1] == UInt8(ascii: "/")
    else { return nil }
    let scheme = engineScheme(bytes[..<start])
    // A password that was typed as it is may have characters that end a host.
    let authority = bytes[(start + 2)...].prefix {
      $0 > 0x20 && (scheme != nil || !"/?#'\"<>".utf8.contains($0))
    }
    guard let end = authority.lastIndex(of: UInt8(ascii: "@")) else { return nil }
    // PostgreSQL's logins are names; that of other services may be a token.
    let isName = !authority[..<end].contains(UInt8(ascii: ":"))
    return isName && scheme?.hasPrefix("postgres") == true ? nil : end
  }

  /// The scheme that stands at the end, where it is one of an engine's.
  private static func engineScheme(_ before: ArraySlice<UInt8>) -> String? {
    let text = String(decoding: before.suffix(13), as: UTF8.self).lowercased()
    let schemes =
      ["postgres:", "postgresql:"]
      + ["qdrant", "chroma", "milvus"].flatMap {
        ["\($0):", "\($0)+https:"]
      }
    return schemes.first { text.hasSuffix($0) }
  }

  /// The end of a value behind `?name=` or `&name=`, when the name tells.
  private static func valueEnd(_ bytes: [UInt8], _ equals: Int) -> Int? {
    let name = bytes[..<equals].reversed().prefix {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
    }
    let before = equals - name.count - 1
    guard before >= 0, "?&".utf8.contains(bytes[before]),
      TellingNames.tells(String(decoding: Array(name.reversed()), as: UTF8.self)[...])
    else { return nil }
    let value = bytes[(equals + 1)...].prefix { $0 > 0x20 && !"&#'\"<>".utf8.contains($0) }
    return value.isEmpty ? nil : value.endIndex
  }
}
