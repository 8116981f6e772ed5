/// Where a request goes: the segments of its path and the parameters behind it, decoded.
package struct RequestTarget: Sendable, Hashable {
  package struct Parameter: Sendable, Hashable {
    package var name: String
    package var value: String
  }

  /// Between the slashes; `%2F` within one is no slash. Empty for `/`.
  package let path: [String]
  package let parameters: [Parameter]

  /// - Returns: `nil` for what is no path, or is no UTF-8 once it is decoded.
  package init?(_ text: String) {
    guard text.hasPrefix("/") else { return nil }
    let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let segments = parts[0].dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    let decoded = segments.compactMap { Self.decoded($0, isParameter: false) }
    guard decoded.count == segments.count else { return nil }
    path = decoded == [""] ? [] : decoded
    let pairs = parts.count == 1 ? [] : parts[1].split(separator: "&")
    let parameters = pairs.compactMap { pair -> Parameter? in
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Self.decoded(sides[0], isParameter: true),
        let value = Self.decoded(sides.count == 1 ? "" : sides[1], isParameter: true)
      else { return nil }
      return Parameter(name: name, value: value)
    }
    guard parameters.count == pairs.count else { return nil }
    self.parameters = parameters
  }

  /// The value of the first parameter of a name.
  package func parameter(_ name: String) -> String? {
    parameters.first { $0.name == name }?.value
  }

  private static func decoded(_ text: Substring, isParameter: Bool) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit)
        else { return nil }
        bytes.append(high << 4 | low)
      case UInt8(ascii: "+") where isParameter: bytes.append(UInt8(ascii: " "))
      default: bytes.append(byte)
      }
    }
    guard !bytes.contains(0) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
  }
}

extension RequestTarget {
  /// A text as one segment of a path, or as the name or value of a parameter (RFC 3986).
  package static func encoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if isUnreserved(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "~"):
      true
    default: false
    }
  }
}
