/// Turns the bytes of a text file into valid UTF-8 without a byte order mark.
struct TextDecoding {
  private(set) var bytes: [UInt8]
  private(set) var issues: [IngestIssue] = []

  init(_ raw: [UInt8], source: String) {
    if raw.starts(with: [0xFF, 0xFE]) || raw.starts(with: [0xFE, 0xFF]) {
      let (text, isDamaged) = Self.fromUTF16(raw, isBigEndian: raw[0] == 0xFE)
      bytes = text
      guard isDamaged else { return }
      issues.append(
        IngestIssue(
          .textEncoding, subject: source,
          reason: "the UTF-16 text is damaged; what cannot be read became U+FFFD"))
    } else {
      bytes = raw.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(raw.dropFirst(3)) : raw
      guard String(validating: bytes, as: UTF8.self) == nil else { return }
      let line = Self.firstInvalidLine(bytes)
      bytes = Self.fromWindows1252(bytes)
      issues.append(
        IngestIssue(
          .textEncoding, subject: source,
          reason: "the text is not UTF-8; it was read as Windows-1252", line: line))
    }
  }

  private static func fromUTF16(
    _ raw: [UInt8], isBigEndian: Bool
  ) -> (text: [UInt8], isDamaged: Bool) {
    let units = stride(from: 2, to: raw.count - 1, by: 2).map { (index: Int) -> UInt16 in
      let first = UInt16(raw[index])
      let second = UInt16(raw[index + 1])
      return isBigEndian ? first << 8 | second : second << 8 | first
    }
    var text: [UInt8] = []
    text.reserveCapacity(units.count * 2)
    let hadError = transcode(
      units.makeIterator(), from: UTF16.self, to: UTF8.self, stoppingOnError: false
    ) { text.append($0) }
    return (text, hadError || raw.count % 2 == 1)
  }

  /// The one-based number of the first line that is not UTF-8.
  private static func firstInvalidLine(_ bytes: [UInt8]) -> Int {
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      if String(validating: line, as: UTF8.self) == nil { return number }
    }
    return number
  }

  private static func fromWindows1252(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count + bytes.count / 8)
    for byte in bytes {
      if byte < 0x80 {
        text.append(byte)
      } else {
        let scalar =
          (0x80...0x9F).contains(byte) ? windows1252[Int(byte) - 0x80] : Unicode.Scalar(byte)
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    return text
  }

  /// Bytes 0x80 to 0x9F, after the WHATWG encoding standard (unassigned bytes are C1 controls).
  private static let windows1252: [Unicode.Scalar] = [
    "\u{20AC}", "\u{81}", "\u{201A}", "\u{192}", "\u{201E}", "\u{2026}", "\u{2020}", "\u{2021}",
    "\u{2C6}", "\u{2030}", "\u{160}", "\u{2039}", "\u{152}", "\u{8D}", "\u{17D}", "\u{8F}",
    "\u{90}", "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}", "\u{2022}", "\u{2013}", "\u{2014}",
    "\u{2DC}", "\u{2122}", "\u{161}", "\u{203A}", "\u{153}", "\u{9D}", "\u{17E}", "\u{178}",
  ]
}
