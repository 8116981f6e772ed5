/// Makes secrets in a text unreadable, however the text spells them.
///
/// A secret is found in either case, percent-encoded, with JSON or HTML escapes, across line breaks,
/// as hexadecimal digits and inside base64. Of a long secret every part of
/// ``leastPart`` characters counts: servers quote keys cut off.
package struct Redactor: Sendable, CustomStringConvertible, CustomReflectable {
  /// Secrets shorter than this are words of every day.
  private static let leastSecret = 4
  /// From this length on, parts count.
  private static let leastLong = 16
  private static let leastPart = 10
  /// Characters looked at when a text is cut: more than are ever shown, whatever is taken out of them.
  private static let window = 1 << 20
  private static let dots = "•••"

  /// What is looked for, in lower case.
  private let needles: [[UInt8]]
  /// Where the first two characters of a part stand: by needle and offset.
  private let starts: [UInt16: [(needle: Int, offset: Int)]]

  package var description: String { Self.dots }
  package var customMirror: Mirror { Mirror(self, children: [:]) }

  package init(_ secrets: [Secret]) {
    var needles: Set<[UInt8]> = []
    for secret in Set(secrets) {
      let bytes = Array(secret.revealed().utf8)
      guard bytes.count >= Self.leastSecret else { continue }
      needles.insert(bytes.map(Self.lowercased))
      if bytes.count >= Self.leastPart {
        needles.formUnion(Self.encodings(of: bytes).map { $0.map(Self.lowercased) })
      }
    }
    self.needles = Array(needles)
    var starts: [UInt16: [(needle: Int, offset: Int)]] = [:]
    for (index, needle) in self.needles.enumerated() {
      let last = needle.count >= Self.leastLong ? needle.count - Self.leastPart : 0
      for offset in 0...last {
        starts[Self.pair(needle[offset], needle[offset + 1]), default: []].append((index, offset))
      }
    }
    self.starts = starts
  }

  /// `text` with dots for every secret, and for the passwords and keys of addresses in it.
  package func redacted(_ text: String) -> String {
    let text = Address.redacted(in: text)
    if needles.isEmpty { return text }
    let bytes = Array(text.utf8)
    let units = Units(bytes)
    var result: [UInt8] = []
    var copied = 0
    var index = 0
    while index + 1 < units.values.count {
      let length = matchLength(at: index, units.values)
      guard length > 0 else {
        index += 1
        continue
      }
      result += bytes[copied..<units.starts[index]]
      result += Array(Self.dots.utf8)
      index += length
      copied = units.ends[index - 1]
    }
    if copied == 0 { return text }
    return String(decoding: result + bytes[copied...], as: UTF8.self)
  }

  /// `text` without secrets, and only then cut to `longest` characters.
  package func shown(_ text: String, longest: Int) -> String {
    let isLonger = text.utf8.count > Self.window
    let whole =
      isLonger ? String(decoding: text.utf8.prefix(Self.window), as: UTF8.self) : text
    let clean = redacted(whole)
    guard clean.count > longest else { return clean }
    return clean.prefix(longest - 1) + "…"
  }

  /// Whether a text holds a secret, or enough of one.
  package func finds(in text: String) -> Bool { redacted(text) != text }

  /// The characters from `index` on that are a secret or a part of one; 0 for none.
  private func matchLength(at index: Int, _ values: [UInt8]) -> Int {
    guard let candidates = starts[Self.pair(values[index], values[index + 1])] else { return 0 }
    var longest = 0
    for (number, offset) in candidates {
      let needle = needles[number]
      var length = 0
      while index + length < values.count, offset + length < needle.count,
        values[index + length] == needle[offset + length]
      { length += 1 }
      let isWhole = length == needle.count
      let isPart = needle.count >= Self.leastLong && length >= Self.leastPart
      // Where the text ends, nobody knows how the secret would have gone on.
      let isCutOff = offset == 0 && index + length == values.count && length >= Self.leastSecret + 2
      if isWhole || isPart || isCutOff { longest = max(longest, length) }
    }
    return longest
  }

  private static func pair(_ first: UInt8, _ second: UInt8) -> UInt16 {
    UInt16(first) << 8 | UInt16(second)
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }

  /// The secret as hexadecimal digits, and the characters of base64 that it alone decides, wherever
  /// in a text it begins.
  private static func encodings(of bytes: [UInt8]) -> [[UInt8]] {
    var encodings = [
      bytes.flatMap { byte in
        Array((byte < 16 ? "0" : "").utf8) + Array(String(byte, radix: 16).utf8)
      }
    ]
    for shift in 0...2 {
      let groups = ([UInt8](repeating: 0, count: shift) + bytes)[...]
      var characters: [UInt8] = []
      for start in stride(from: 0, to: groups.count - groups.count % 3, by: 3) {
        let group =
          Int(groups[start]) << 16 | Int(groups[start + 1]) << 8 | Int(groups[start + 2])
        for place in [18, 12, 6, 0] { characters.append(alphabet[group >> place & 63]) }
      }
      let own = Array(characters.dropFirst(shift == 0 ? 0 : shift + 1))
      encodings.append(own)
      encodings.append(
        own.map { $0 == UInt8(ascii: "+") ? 0x2D : $0 == UInt8(ascii: "/") ? 0x5F : $0 })
    }
    return encodings.filter { $0.count >= leastPart }
  }

  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
}

/// A text as its characters are meant: escapes undone, blanks left out, in lower case.
private struct Units {
  private(set) var values: [UInt8] = []
  /// The bytes of the text that each stands for.
  private(set) var starts: [Int] = []
  private(set) var ends: [Int] = []

  init(_ bytes: [UInt8]) {
    values.reserveCapacity(bytes.count)
    starts.reserveCapacity(bytes.count)
    ends.reserveCapacity(bytes.count)
    var position = 0
    while position < bytes.count {
      let start = position
      guard let byte = Self.take(bytes, &position), byte > 0x20 else { continue }
      values.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
      starts.append(start)
      ends.append(position)
    }
  }

  /// The next character; `nil` for one that only breaks lines.
  private static func take(_ bytes: [UInt8], _ position: inout Int) -> UInt8? {
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "%"):
      // Encoded twice or more often: the sign itself is encoded.
      while let value = hexadecimal(bytes, position, digits: 2) {
        position += 2
        if value != 0x25 { return UInt8(value) }
      }
      return byte
    case UInt8(ascii: "\\"):
      while position < bytes.count, bytes[position] == byte { position += 1 }
      guard position < bytes.count else { return byte }
      switch bytes[position] {
      case UInt8(ascii: "u"):
        guard let value = hexadecimal(bytes, position + 1, digits: 4), value < 0x80 else {
          return byte
        }
        position += 5
        return UInt8(value)
      case UInt8(ascii: "x"):
        guard let value = hexadecimal(bytes, position + 1, digits: 2) else { return byte }
        position += 3
        return UInt8(value)
      case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
        position += 1
        return nil
      case UInt8(ascii: "/"), UInt8(ascii: "\""):
        defer { position += 1 }
        return bytes[position]
      default: return byte
      }
    case UInt8(ascii: "&"):
      return entity(bytes, &position) ?? byte
    default: return byte
    }
  }

  /// `#65;` or `#x41;` behind an ampersand.
  private static func entity(_ bytes: [UInt8], _ position: inout Int) -> UInt8? {
    guard let end = bytes[position...].prefix(7).firstIndex(of: UInt8(ascii: ";")) else {
      return nil
    }
    let text = String(decoding: bytes[position..<end], as: UTF8.self).lowercased()
    let value =
      text.hasPrefix("#x")
      ? Int(text.dropFirst(2), radix: 16) : text.hasPrefix("#") ? Int(text.dropFirst()) : nil
    guard let value, (0x21...0x7E).contains(value) else { return nil }
    position = end + 1
    return UInt8(value)
  }

  private static func hexadecimal(_ bytes: [UInt8], _ start: Int, digits: Int) -> Int? {
    guard start + digits <= bytes.count else { return nil }
    var value = 0
    for byte in bytes[start..<start + digits] {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | Int(byte - 0x30)
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | Int(byte - 0x57)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | Int(byte - 0x37)
      default: return nil
      }
    }
    return value
  }
}
