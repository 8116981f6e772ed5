import ParallaxCore

/// Turns the bytes of a text file into valid UTF-8 without a byte order mark.
///
/// A line that is not UTF-8 is read as Windows-1252, alone, so that one bad byte harms no other line;
/// so is the whole file when no line with a letter beyond ASCII is UTF-8.
struct TextDecoding {
  private(set) var bytes: [UInt8]
  private(set) var issues: [IngestIssue] = []

  /// - Throws: `invalid-value` for a file that holds NUL bytes, which no text does; `cancelled`.
  init(_ raw: [UInt8], source: String) throws {
    if let isBigEndian = Self.isBigEndianUTF16(raw) {
      let (text, isDamaged) = Self.fromUTF16(raw, isBigEndian: isBigEndian)
      bytes = text
      if isDamaged {
        issues.append(
          IngestIssue(
            .textEncoding, subject: source,
            reason: "the UTF-16 text is damaged; unreadable characters became U+FFFD"))
      }
    } else {
      bytes = raw.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(raw.dropFirst(3)) : raw
    }
    let lines = try Self.lines(of: bytes, source: source)
    if let line = lines.withNull {
      throw ParallaxError(
        .invalidValue, "'\(source)' is not text: line \(line) holds a NUL byte",
        hint: "write it as UTF-8")
    }
    guard let first = lines.invalid.first else { return }
    if !lines.hasUTF8 {
      bytes = Self.fromWindows1252(bytes[...])
      issues.append(
        IngestIssue(
          .textEncoding, subject: source,
          reason: "the text is not UTF-8; it was read as Windows-1252", line: first.number))
    } else {
      mend(lines.invalid, source: source)
    }
  }

  private struct Line {
    var number: Int
    var bytes: Range<Int>
  }

  private mutating func mend(_ invalid: [Line], source: String) {
    var mended: [UInt8] = []
    mended.reserveCapacity(bytes.count + invalid.count)
    var log = IssueLog()
    var position = 0
    for line in invalid {
      mended += bytes[position..<line.bytes.lowerBound]
      mended += Self.fromWindows1252(bytes[line.bytes])
      position = line.bytes.upperBound
      log.add(
        IngestIssue(
          .textEncoding, subject: source,
          reason: "the line is not UTF-8; it was read as Windows-1252", line: line.number))
    }
    mended += bytes[position...]
    bytes = mended
    issues += log.issues
  }

  /// The lines that are not UTF-8, whether another with letters beyond ASCII is, and the first line
  /// with a NUL byte.
  private static func lines(
    of bytes: [UInt8], source: String
  ) throws -> (invalid: [Line], hasUTF8: Bool, withNull: Int?) {
    var invalid: [Line] = []
    var hasUTF8 = false
    var number = 1
    var start = 0
    var isASCII = true
    var withNull: Int?
    try bytes.withUnsafeBufferPointer { bytes in
      for end in 0...bytes.count {
        if end < bytes.count {
          let byte = bytes[end]
          if byte == 0, withNull == nil { withNull = number }
          if byte >= 0x80 { isASCII = false }
          guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else { continue }
        }
        if !isASCII {
          if String(validating: bytes[start..<end], as: UTF8.self) == nil {
            invalid.append(Line(number: number, bytes: start..<end))
          } else {
            hasUTF8 = true
          }
          isASCII = true
        }
        start = end + 1
        // The two bytes of CR LF end one line.
        if end + 1 < bytes.count, bytes[end] == UInt8(ascii: "\r"),
          bytes[end + 1] == UInt8(ascii: "\n")
        {
          continue
        }
        number += 1
        if number & 0xFFF == 0, Task.isCancelled {
          throw ParallaxError(.cancelled, "cancelled while reading '\(source)'")
        }
      }
    }
    return (invalid, hasUTF8, withNull)
  }

  /// By its byte order mark, or by the zeros of two Latin letters at its beginning; `nil` for another
  /// encoding.
  private static func isBigEndianUTF16(_ raw: [UInt8]) -> Bool? {
    if raw.starts(with: [0xFF, 0xFE]) { return false }
    if raw.starts(with: [0xFE, 0xFF]) { return true }
    guard raw.count >= 4 else { return nil }
    switch raw[..<4].map({ $0 == 0 }) {
    case [false, true, false, true]: return false
    case [true, false, true, false]: return true
    default: return nil
    }
  }

  private static func fromUTF16(
    _ raw: [UInt8], isBigEndian: Bool
  ) -> (text: [UInt8], isDamaged: Bool) {
    let hasMark = raw[0] >= 0xFE
    let units = stride(from: hasMark ? 2 : 0, to: raw.count - 1, by: 2).map {
      (index: Int) -> UInt16 in
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

  private static func fromWindows1252(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
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
