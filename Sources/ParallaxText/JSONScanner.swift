/// Reads JSON from the front, without making a tree of it: what is read takes the memory of its values,
/// and values that are not needed are skipped.
package struct JSONScanner {
  package struct Malformed: Error {
    package init() {}
  }

  package enum Strictness: Sendable, Hashable {
    /// Texts are Unicode, and numbers are those of RFC 8259.
    case strict
    /// Also what some servers write: a byte-order mark, NaN and Infinity, other escapes, and texts that
    /// are not Unicode, which are repaired.
    case lenient
  }

  /// Values between two looks at whether anybody still waits.
  private static let stride = 4_096
  /// Characters of a number that are read; more say nothing about a 32-bit one.
  private static let longestNumber = 1_000

  private let bytes: [UInt8]
  private let strictness: Strictness
  /// The offset of what is read next.
  package private(set) var position: Int
  private var count = 0

  /// - Parameter start: the offset of a value.
  package init(_ bytes: [UInt8], from start: Int = 0, _ strictness: Strictness = .strict) {
    self.bytes = bytes
    self.strictness = strictness
    let hasMark = strictness == .lenient && start == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF])
    position = hasMark ? 3 : start
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
      return beginsNumber(next) || next == UInt8(ascii: "-")
    }
  }

  private func beginsNumber(_ byte: UInt8) -> Bool {
    if (0x30...0x39).contains(byte) { return true }
    return strictness == .lenient && (byte == UInt8(ascii: "N") || byte == UInt8(ascii: "I"))
  }

  /// Whether nothing but blanks is left.
  package var isAtEnd: Bool { mutating get { next == nil } }

  /// An object; `body` reads or passes over the value of each member.
  package mutating func members(_ body: (String, inout JSONScanner) throws -> Void) throws {
    try take("{")
    if takeIfNext("}") { return }
    repeat {
      try countValue()
      let name = try string()
      try take(":")
      _ = next
      try body(name, &self)
    } while takeIfNext(",")
    try take("}")
  }

  /// An array; `body` reads or passes over each element.
  package mutating func elements(_ body: (inout JSONScanner) throws -> Void) throws {
    try take("[")
    if takeIfNext("]") { return }
    repeat {
      try countValue()
      _ = next
      try body(&self)
    } while takeIfNext(",")
    try take("]")
  }

  private mutating func countValue() throws {
    count += 1
    if count % Self.stride == 0 { try Task.checkCancellation() }
  }

  package mutating func string() throws -> String {
    try take("\"")
    var text: [UInt8] = []
    while position < bytes.count {
      let plain = bytes[position...].prefix {
        $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
      }
      position = plain.endIndex
      guard position < bytes.count else { break }
      position += 1
      if bytes[position - 1] == UInt8(ascii: "\"") {
        return try Self.text(text.isEmpty ? plain : text[...] + plain, strictness)
      }
      text += plain
      try appendEscape(to: &text)
    }
    throw Malformed()
  }

  private static func text(
    _ bytes: ArraySlice<UInt8>, _ strictness: Strictness
  ) throws -> String {
    if strictness == .lenient { return String(decoding: bytes, as: UTF8.self) }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Malformed() }
    return text
  }

  private mutating func appendEscape(to text: inout [UInt8]) throws {
    guard position < bytes.count else { throw Malformed() }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "u"): text += Array(String(Character(try scalar())).utf8)
    default:
      guard strictness == .lenient else { throw Malformed() }
      text.append(byte)
    }
  }

  /// The scalar of a `\u` escape, or of two that make a surrogate pair.
  private mutating func scalar() throws -> Unicode.Scalar {
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    if UTF16.isLeadSurrogate(first), bytes[position...].starts(with: Array("\\u".utf8)) {
      let start = position
      position += 2
      let second = try codeUnit()
      if UTF16.isTrailSurrogate(second) {
        let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        if let scalar = Unicode.Scalar(value) { return scalar }
      }
      position = start
    }
    guard strictness == .lenient else { throw Malformed() }
    return "\u{FFFD}"
  }

  private mutating func codeUnit() throws -> UInt16 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw Malformed() }
    position += 4
    return unit
  }

  /// A whole number, if it is one of `Integer`'s.
  package mutating func integer<Integer: FixedWidthInteger>() throws -> Integer {
    _ = next
    let token = bytes[position...].prefix { !Self.isEndOfWord($0) }
    guard token.first != UInt8(ascii: "+"),
      let value = Integer(String(decoding: token, as: UTF8.self))
    else { throw Malformed() }
    position = token.endIndex
    return value
  }

  /// A number as 32-bit floating point gives it: below its range 0, beyond it infinite. The words NaN
  /// and Infinity, which some servers write, are numbers, too.
  package mutating func number() throws -> Float {
    guard let value = Float(try numberToken()) else { throw Malformed() }
    return value
  }

  /// A number with all its digits; the words as in ``number()``.
  package mutating func double() throws -> Double {
    guard let value = Double(try numberToken()) else { throw Malformed() }
    return value
  }

  private mutating func numberToken() throws -> String {
    let token = bytes[position...].prefix { !Self.isEndOfWord($0) }
    guard token.count < Self.longestNumber,
      let first = token.first(where: { $0 != UInt8(ascii: "-") }),
      beginsNumber(first)
    else { throw Malformed() }
    position = token.endIndex
    return String(decoding: token, as: UTF8.self)
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
      try countValue()
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
