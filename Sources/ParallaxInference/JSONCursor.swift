/// Walks through JSON text, reading what is wanted and passing over the rest.
struct JSONCursor {
  struct Damage: Error {}

  private let bytes: [UInt8]
  private(set) var position: Int
  /// Values within values are passed over this deep.
  private static let depthLimit = 512

  init(_ bytes: [UInt8], from start: Int = 0) {
    self.bytes = bytes
    position = start
  }

  /// The first byte of the next value, without reading it; `nil` at the end.
  mutating func peek() -> UInt8? {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
    return position < bytes.count ? bytes[position] : nil
  }

  private mutating func take(_ byte: UInt8) throws(Damage) {
    guard peek() == byte else { throw Damage() }
    position += 1
  }

  /// Calls `body` at the value of every key; it must read or skip that.
  mutating func readObject(
    _ body: (String, inout JSONCursor) throws(Damage) -> Void
  ) throws(Damage) {
    try take(UInt8(ascii: "{"))
    if peek() == UInt8(ascii: "}") { return position += 1 }
    while true {
      let key = try readString()
      try take(UInt8(ascii: ":"))
      _ = peek()
      try body(key, &self)
      if peek() == UInt8(ascii: "}") { return position += 1 }
      try take(UInt8(ascii: ","))
    }
  }

  /// Calls `body` at every element; it must read or skip that.
  mutating func readArray(_ body: (inout JSONCursor) throws(Damage) -> Void) throws(Damage) {
    try take(UInt8(ascii: "["))
    if peek() == UInt8(ascii: "]") { return position += 1 }
    while true {
      _ = peek()
      try body(&self)
      if peek() == UInt8(ascii: "]") { return position += 1 }
      try take(UInt8(ascii: ","))
    }
  }

  mutating func readInteger() throws(Damage) -> Int32 {
    _ = peek()
    let start = position
    while position < bytes.count, bytes[position] == 0x2D || (0x30...0x39).contains(bytes[position])
    { position += 1 }
    guard let number = Int32(String(decoding: bytes[start..<position], as: UTF8.self)) else {
      throw Damage()
    }
    return number
  }

  mutating func readString() throws(Damage) -> String {
    try take(UInt8(ascii: "\""))
    let start = position
    while position < bytes.count, bytes[position] != 0x22, bytes[position] != 0x5C { position += 1 }
    guard position < bytes.count else { throw Damage() }
    if bytes[position] == 0x22 {
      defer { position += 1 }
      return try Self.text(bytes[start..<position])
    }
    var units = Array(try Self.text(bytes[start..<position]).utf16)
    while position < bytes.count, bytes[position] != 0x22 {
      if bytes[position] == 0x5C {
        try readEscape(into: &units)
      } else {
        let start = position
        while position < bytes.count, bytes[position] != 0x22, bytes[position] != 0x5C {
          position += 1
        }
        units += Array(try Self.text(bytes[start..<position]).utf16)
      }
    }
    try take(UInt8(ascii: "\""))
    guard let text = String(validating: units, as: UTF16.self) else { throw Damage() }
    return text
  }

  private mutating func readEscape(into units: inout [UInt16]) throws(Damage) {
    guard position + 1 < bytes.count else { throw Damage() }
    let letter = bytes[position + 1]
    position += 2
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(UInt16(letter))
    case UInt8(ascii: "b"): units.append(0x08)
    case UInt8(ascii: "f"): units.append(0x0C)
    case UInt8(ascii: "n"): units.append(0x0A)
    case UInt8(ascii: "r"): units.append(0x0D)
    case UInt8(ascii: "t"): units.append(0x09)
    case UInt8(ascii: "u"):
      guard position + 4 <= bytes.count,
        let unit = UInt16(
          String(decoding: bytes[position..<(position + 4)], as: UTF8.self), radix: 16)
      else { throw Damage() }
      position += 4
      units.append(unit)
    default: throw Damage()
    }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) throws(Damage) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Damage() }
    return text
  }

  /// Passes over one value of any kind.
  mutating func skip() throws(Damage) {
    var depth = 0
    repeat {
      guard let byte = peek() else { throw Damage() }
      switch byte {
      case UInt8(ascii: "\""): try skipString()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        position += 1
      default: position += 1
      }
      guard depth >= 0, depth <= Self.depthLimit else { throw Damage() }
      // A number or a word goes on to its end.
      if depth == 0 { skipRest(of: byte) }
    } while depth > 0
  }

  private mutating func skipRest(of first: UInt8) {
    guard ![0x22, 0x7D, 0x5D].contains(first) else { return }
    while position < bytes.count,
      ![0x2C, 0x7D, 0x5D, 0x20, 0x09, 0x0A, 0x0D].contains(bytes[position])
    { position += 1 }
  }

  private mutating func skipString() throws(Damage) {
    position += 1
    while position < bytes.count, bytes[position] != 0x22 {
      position += bytes[position] == 0x5C ? 2 : 1
    }
    guard position < bytes.count else { throw Damage() }
    position += 1
  }
}
