/// The 512 bytes before a member of a tar archive.
struct TarHeader: Sendable {
  enum Kind: Sendable, Hashable {
    enum Member: Sendable, Hashable { case file, folder, link, special, sparse }

    case member(Member)
    /// Of pax: records about the next member.
    case extended
    /// Of GNU tar: the name of the next member.
    case longName
    /// About all members, or about what does not matter here.
    case passedOver
  }

  /// Up to the first NUL; not yet known to be text.
  let name: [UInt8]
  /// In bytes; negative for what is no number.
  let size: Int64
  let kind: Kind

  /// - Returns: `nil` where the checksum does not fit.
  init?(_ bytes: [UInt8]) {
    guard bytes.count == 512, let sum = Self.number(bytes[148..<156]) else { return nil }
    let isChecksum = { (index: Int) in (148..<156).contains(index) }
    let unsigned = bytes.indices.reduce(Int64(0)) { $0 + (isChecksum($1) ? 32 : Int64(bytes[$1])) }
    // Old programs added bytes with signs.
    let signed = bytes.indices.reduce(Int64(0)) {
      $0 + (isChecksum($1) ? 32 : Int64(Int8(bitPattern: bytes[$1])))
    }
    guard sum == unsigned || sum == signed else { return nil }
    let short = Array(bytes[0..<100].prefix { $0 != 0 })
    let prefix = bytes[345..<500].prefix { $0 != 0 }
    // GNU tar keeps times there.
    let isPOSIX = Array(bytes[257..<263]) == Array("ustar\0".utf8)
    name = isPOSIX && !prefix.isEmpty ? prefix + [UInt8(ascii: "/")] + short : short
    kind = Self.kind(bytes[156], name)
    let written = Self.number(bytes[124..<136]) ?? -1
    // Of folders and links the size says nothing of what follows.
    switch kind {
    case .member(.folder), .member(.link), .member(.special): size = 0
    default: size = written
    }
  }

  private static func kind(_ flag: UInt8, _ name: [UInt8]) -> Kind {
    switch flag {
    // In the format of version 7 a slash at the end makes a folder.
    case 0 where name.last == UInt8(ascii: "/"): .member(.folder)
    case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): .member(.file)
    case UInt8(ascii: "1"), UInt8(ascii: "2"): .member(.link)
    case UInt8(ascii: "3"), UInt8(ascii: "4"), UInt8(ascii: "6"): .member(.special)
    case UInt8(ascii: "5"): .member(.folder)
    case UInt8(ascii: "S"): .member(.sparse)
    case UInt8(ascii: "x"), UInt8(ascii: "X"): .extended
    case UInt8(ascii: "L"): .longName
    default: .passedOver
    }
  }

  /// Octal digits between blanks and NULs, or, with the highest bit set, a binary number.
  private static func number(_ field: ArraySlice<UInt8>) -> Int64? {
    guard let first = field.first else { return nil }
    if first & 0x80 != 0 {
      // Negative ones begin with 0xFF.
      guard first == 0x80 else { return nil }
      var value: Int64 = 0
      for byte in field.dropFirst() {
        guard value <= Int64.max >> 8 else { return nil }
        value = value << 8 | Int64(byte)
      }
      return value
    }
    let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0x20 && $0 != 0 }
    guard digits.allSatisfy({ (0x30...0x37).contains($0) }) else { return nil }
    return digits.isEmpty ? 0 : Int64(String(decoding: digits, as: UTF8.self), radix: 8)
  }
}
