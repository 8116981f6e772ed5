package import ParallaxCore

/// Where an engine is, as typed: `postgres://user@host:5432/database?sslmode=require`.
///
/// It holds no secret: one with a password is refused, so that it may stand in any text.
package struct EngineAddress: Sendable, Hashable {
  package let scheme: String
  /// `nil` where none is named.
  package let user: String?
  /// Empty where none is named.
  package let host: String
  package let port: Int?
  /// Without the slash before it.
  package let path: String
  /// What stands behind the question mark, in its order.
  package let parameters: [Parameter]
  /// As it is typed and kept.
  package let text: String

  package struct Parameter: Sendable, Hashable {
    package let name: String
    package let value: String
  }

  /// - Throws: `invalid-value` for what is no address of an engine, and for one with a secret, which is
  ///   not repeated.
  package init(_ text: String) throws(ParallaxError) {
    guard let colon = text.firstRange(of: "://"), !text[..<colon.lowerBound].isEmpty else {
      throw Self.wrong("an engine's address begins with \(Self.schemes)")
    }
    scheme = text[..<colon.lowerBound].lowercased()
    let known = EngineRegistry.all.flatMap { $0.schemes }
    guard known.contains(scheme) else {
      throw Self.wrong(
        "an engine's address begins with \(Self.schemes)",
        hint: Suggestion.nearest(to: scheme, among: known).map { "did you mean '\($0)://'?" })
    }
    var rest = text[colon.upperBound...]
    // A password with one of these characters would be read as a path, and shown.
    guard !rest.drop(while: { !"/?#".contains($0) }).contains("@") else {
      throw Self.wrong(
        "an engine's address has no '@' behind its host, and holds no secret",
        hint: "a '@' in a name is written %40; "
          + EngineRegistry.all.map { $0.secretRule }.joined(separator: "; "))
    }
    guard !rest.contains("#"),
      rest.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
    else { throw Self.wrong("an engine's address has no blanks and no '#'") }
    parameters = try Self.parameters(&rest)
    let authority = rest.prefix { $0 != "/" }
    path = String(rest.dropFirst(authority.count).drop { $0 == "/" })
    let login = authority.lastIndex(of: "@").map { authority[..<$0] }
    if let login, login.contains(":") { throw Self.secret("a password") }
    user = login.map { Self.decoded(String($0)) }
    let place =
      authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] }
      ?? authority
    let end = place.lastIndex(of: "]").map { place.index(after: $0) } ?? place.startIndex
    let mark = place[end...].lastIndex(of: ":")
    host = String(mark.map { place[..<$0] } ?? place)
    if let mark {
      guard let number = Int(place[place.index(after: mark)...]), (1...65_535).contains(number)
      else {
        throw Self.wrong("the port of an address is a whole number from 1 to 65535")
      }
      port = number
    } else {
      port = nil
    }
    self.text = text
  }

  /// Names that only look as if they held a secret: files, and ways to sign in.
  private static let harmless: Set = ["sslkey", "passfile", "require_auth"]

  private static func parameters(
    _ rest: inout Substring
  ) throws(ParallaxError) -> [Parameter] {
    guard let mark = rest.firstIndex(of: "?") else { return [] }
    let fields = rest[rest.index(after: mark)...].split(separator: "&")
    rest = rest[..<mark]
    var parameters: [Parameter] = []
    for field in fields {
      guard let equals = field.firstIndex(of: "=") else {
        throw wrong("behind '?' an address has NAME=VALUE")
      }
      let name = decoded(String(field[..<equals]))
      let lowered = name.lowercased()
      if ["pass", "key", "token", "secret", "auth"].contains(where: { lowered.contains($0) }),
        !harmless.contains(lowered)
      {
        throw secret("'\(name)'")
      }
      parameters.append(
        Parameter(name: name, value: decoded(String(field[field.index(after: equals)...]))))
    }
    return parameters
  }

  /// The engine that it is the address of.
  package var engine: any VectorEngine.Type {
    get throws {
      guard let engine = EngineRegistry.all.first(where: { $0.schemes.contains(scheme) }) else {
        throw ParallaxError(.internalError, "no engine takes '\(scheme)'")
      }
      return engine
    }
  }

  private static var schemes: String {
    EngineRegistry.all.flatMap { $0.schemes }.map { "\($0)://" }.joined(separator: ", ")
  }

  private static func wrong(_ message: String, hint: String? = nil) -> ParallaxError {
    ParallaxError(.invalidValue, message, hint: hint)
  }

  private static func secret(_ what: String) -> ParallaxError {
    ParallaxError(
      .invalidValue, "an engine's address holds no secret, and this one has \(what)",
      hint: EngineRegistry.all.map { $0.secretRule }.joined(separator: "; "))
  }

  /// Without percent-encoding.
  static func decoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
