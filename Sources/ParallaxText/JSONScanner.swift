/// Reads JSON from the front, without making a tree of it: a reply of numbers takes the memory of its
/// numbers, and what nobody asked for is passed over.
package struct JSONScanner {
  package struct Malformed: Error {}

  /// Values between two looks at whether anybody still waits.
  private static let stride = 4_096
  /// Characters of a number that are read; more say nothing about a 32-bit one.
  private static let longestNumber = 1_000

  private let bytes: [UInt8]
  private var position = 0
  private var count = 0

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    // Some servers begin with a byte-order mark.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The first byte of the next value, `nil` at the end.
  package var next: UInt8? {
    mutating get {
      while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
        position += 1
      }
      return position < bytes.count ? bytes[position] : nil
    }
  }

  /// Whether the next value is a number, or a word that stands for one.
  package var isAtNumber: Bool {
    mutating get {
      guard let next else { return false }
      return Self.beginsNumber(next) || next == UInt8(ascii: "-")
    }
  }

  private static func beginsNumber(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || byte == UInt8(ascii: "N") || byte == UInt8(ascii: "I")
  }

  /// Whether nothing but blanks is left.
  package var isAtEnd: Bool { mutating get { next == nil } }

  /// An object; `body` reads or passes over the value of each member.
  package mutating func members(_ body: (String, inout JSONScanner) throws -> Void) throws {
    try take("{")
    if takeIfNext("}") { return }
    repeat {
      let name = try string()
      try take(":")
      try body(name, &self)
    } while takeIfNext(",")
    try take("}")
  }

  /// An array; `body` reads or passes over each element.
  package mutating func elements(_ body: (inout JSONScanner) throws -> Void) throws {
    try take("[")
    if takeIfNext("]") { return }
    repeat {
      count += 1
      if count % Self.stride == 0 { try Task.checkCancellation() }
      try body(&self)
    } while takeIfNext(",")
    try take("]")
  }

  package mutating func string() throws -> String {
    try take("\"")
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try appendEscape(to: &text)
      default: text.append(byte)
      }
    }
    throw Malformed()
  }

  private mutating func appendEscape(to text: inout [UInt8]) throws {
    guard position < bytes.count else { throw Malformed() }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "u"):
      var unit = try codeUnit()
      // A pair of surrogates is one character.
      if (0xD800..<0xDC00).contains(unit), bytes[position...].starts(with: Array("\\u".utf8)) {
        position += 2
        unit = 0x10000 + (unit - 0xD800) << 10 + (try codeUnit()) - 0xDC00
      }
      let scalar = Unicode.Scalar(UInt32(max(0, unit))) ?? "\u{FFFD}"
      text.append(contentsOf: String(Character(scalar)).utf8)
    default: text.append(byte)
    }
  }

  private mutating func codeUnit() throws -> Int {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, let unit = Int(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw Malformed() }
    position += 4
    return unit
  }

  /// A number as 32-bit floating point gives it: below its range 0, beyond it infinite. The words NaN
  /// and Infinity, which some servers write, are numbers, too.
  package mutating func number() throws -> Float {
    let token = bytes[position...].prefix { !Self.isEndOfWord($0) }
    guard token.count < Self.longestNumber,
      let first = token.first(where: { $0 != UInt8(ascii: "-") }),
      Self.beginsNumber(first)
    else { throw Malformed() }
    position = token.endIndex
    guard let value = Float(String(decoding: token, as: UTF8.self)) else { throw Malformed() }
    return value
  }

  /// `null`, `true` or `false`.
  package mutating func word() throws -> String {
    let token = bytes[position...].prefix { !Self.isEndOfWord($0) }
    position = token.endIndex
    let word = String(decoding: token.prefix(6), as: UTF8.self)
    guard ["null", "true", "false"].contains(word) else { throw Malformed() }
    return word
  }

  /// Passes over a value of any kind and depth.
  package mutating func skipValue() throws {
    var depth = 0
    repeat {
      guard let byte = next else { throw Malformed() }
      switch byte {
      case UInt8(ascii: "\""): try skipString()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard depth > 0 else { throw Malformed() }
        depth -= 1
        position += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        guard depth > 0 else { throw Malformed() }
        position += 1
      default:
        let token = bytes[position...].prefix { !Self.isEndOfWord($0) }
        guard !token.isEmpty else { throw Malformed() }
        position = token.endIndex
      }
      count += 1
      if count % Self.stride == 0 { try Task.checkCancellation() }
    } while depth > 0
  }

  private mutating func skipString() throws {
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += byte == UInt8(ascii: "\\") ? 2 : 1
      if byte == UInt8(ascii: "\"") { return }
    }
    throw Malformed()
  }

  private mutating func take(_ character: Unicode.Scalar) throws {
    guard takeIfNext(character) else { throw Malformed() }
  }

  private mutating func takeIfNext(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private static func isEndOfWord(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]")
      || byte == UInt8(ascii: "}") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "\"")
      || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{")
  }
}
