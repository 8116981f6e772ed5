/// An address of the web as it may be kept: checked, without a fragment, and with what may be a key set
/// apart.
package struct WebAddress: Sendable, Hashable {
  /// Why a text is no address that is read.
  package enum Fault: Error, Hashable, Sendable {
    /// Another scheme, such as `file`; empty where there is none.
    case scheme(String)
    case noHost
    /// A name or password before the host.
    case login
    /// Blanks, control characters, quotes.
    case character
    /// More bytes than `WebAddress.longest`.
    case length
  }

  /// Bytes of an address; signed ones have about 1,500.
  package static let longest = 8_192
  /// Stands for a value that is kept out.
  package static let hidden = "hidden"

  /// As it is asked for.
  package let whole: String
  /// Without what may be a key: what is stored and shown. The same as `whole` where there is none.
  package let shown: String
  package let isSecure: Bool
  package let host: String
  /// `shown` without its scheme.
  package var name: String { String(shown.dropFirst(isSecure ? 8 : 7)) }
  package var holdsSecret: Bool { shown != whole }

  package init(_ text: String) throws(Fault) {
    guard text.utf8.count <= Self.longest else { throw .length }
    let withoutFragment = text.firstIndex(of: "#").map { text[..<$0] } ?? text[...]
    guard let mark = withoutFragment.firstRange(of: "://") else { throw .scheme("") }
    let scheme = withoutFragment[..<mark.lowerBound].lowercased()
    guard scheme == "https" || scheme == "http" else { throw .scheme(scheme) }
    let rest = withoutFragment[mark.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    guard !authority.contains("@") else { throw .login }
    // A backslash is a slash to some readers and part of a name to others.
    guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && !"\"<>\\^`{|}".utf8.contains($0) })
    else { throw .character }
    guard !authority.isEmpty, authority.first != ":" else { throw .noHost }
    isSecure = scheme == "https"
    host = authority.lowercased()
    let path = Self.escaped(rest[authority.endIndex...])
    whole = "\(scheme)://\(host)\(path.isEmpty ? "/" : path)"
    shown = Self.withoutSecrets(whole)
  }

  /// The address that a `Location` header means.
  package func resolving(_ reference: String) throws(Fault) -> WebAddress {
    let text = reference.prefix { $0 != "#" }
    // One that stands in the path or the query is a part of these.
    if text.prefix(while: { !"/?".contains($0) }).hasSuffix(":"), text.contains("://") {
      return try WebAddress(String(text))
    }
    let scheme = isSecure ? "https:" : "http:"
    if text.hasPrefix("//") { return try WebAddress(scheme + text) }
    let root = "\(scheme)//\(host)"
    if text.hasPrefix("/") { return try WebAddress(root + text) }
    let path = whole.dropFirst(root.count).prefix { $0 != "?" }
    if text.hasPrefix("?") { return try WebAddress(root + path + text) }
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
    let end = text.firstIndex(of: "?") ?? text.endIndex
    return try WebAddress(
      root + Self.withoutDots(folder + text[..<end]) + text[end...])
  }

  /// A path without the segments `.` and `..` (RFC 3986, 5.2.4).
  private static func withoutDots(_ path: Substring) -> String {
    let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    var kept: [Substring] = []
    for (place, segment) in segments.enumerated() {
      let isLast = place == segments.count - 1
      switch segment {
      case ".": if isLast { kept.append("") }
      case "..":
        _ = kept.popLast()
        if isLast { kept.append("") }
      default: kept.append(segment)
      }
    }
    return "/" + kept.joined(separator: "/")
  }

  /// Letters beyond ASCII as the bytes of their UTF-8; what is escaped already stays so.
  private static func escaped(_ text: Substring) -> String {
    guard text.utf8.contains(where: { $0 >= 0x80 }) else { return String(text) }
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if byte < 0x80 { bytes.append(byte) } else { bytes += Self.escape(byte) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func escape(_ byte: UInt8) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }

  /// Without the values of fields that tell, and of a signed query without what belongs to the signature.
  private static func withoutSecrets(_ address: String) -> String {
    guard let mark = address.firstIndex(of: "?") else { return address }
    let fields = address[address.index(after: mark)...].split(
      separator: "&", omittingEmptySubsequences: false)
    let names = fields.map { $0.prefix { $0 != "=" } }
    let isSigned = names.contains(where: TellingNames.tells)
    let shown = zip(fields, names).map { field, name -> Substring in
      // What belongs to a signature changes with it, and would make another address of the same picture.
      guard field.count > name.count,
        TellingNames.tells(name) || isSigned && TellingNames.belongsToSignature(name)
      else { return field }
      return "\(name)=\(hidden)"
    }
    return "\(address[...mark])\(shown.joined(separator: "&"))"
  }
}

/// Parts of names of a query's fields whose values nobody else should see.
package enum TellingNames {
  private static let parts = [
    "key", "token", "secret", "password", "passwd", "signature", "sig", "assertion", "credential",
    "auth",
  ]
  /// Names of signed addresses in which none of these parts stands.
  private static let whole: Set = [
    "hdnts", "hdnea", "hmac", "policy", "jwt", "code", "session", "sid",
  ]

  /// Beside these and what begins with `X-Amz-` or `X-Goog-`, in queries that are signed.
  private static let ofSignatures: Set = [
    "expires", "key-pair-id", "googleaccessid", "se", "sp", "spr", "sr", "st", "sv",
  ]

  static func belongsToSignature(_ name: Substring) -> Bool {
    let name = name.lowercased()
    return ofSignatures.contains(name) || name.hasPrefix("x-amz-") || name.hasPrefix("x-goog-")
  }

  package static func tells(_ name: Substring) -> Bool {
    let name = name.lowercased()
    return whole.contains(name) || parts.contains { name.contains($0) }
  }
}
