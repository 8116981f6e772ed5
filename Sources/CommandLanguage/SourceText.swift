package import ParallaxCore

/// A text with a name, from which byte offsets become located lines.
package struct SourceText: Sendable, Hashable {
  /// A file name, or `input 12`.
  package let name: String
  package let text: String
  /// The number of the first line; `nil` at the prompt, where lines are not counted.
  package let firstLine: Int?
  /// What stands in the file before each line of the text and is no part of it, such as `> `.
  private let prefixes: [String]
  let bytes: [UInt8]
  /// The offset at which each line begins.
  private let lineStarts: [Int]

  package init(
    _ text: String, name: String, firstLine: Int? = nil, prefixes: [String] = []
  ) {
    self.prefixes = prefixes
    self.name = name
    self.text = text
    self.firstLine = firstLine
    bytes = Array(text.utf8)
    lineStarts =
      [0]
      + bytes.indices.lazy.filter { [bytes] in bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
  }

  /// The text between two UTF-8 offsets.
  package subscript(range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }

  /// The one-based number of the line that holds `offset`, counted from `firstLine` or 1.
  package func line(at offset: Int) -> Int {
    lineIndex(at: offset) + (firstLine ?? 1)
  }

  private func lineIndex(at offset: Int) -> Int {
    max(0, lineStarts.partitionPoint { $0 > offset } - 1)
  }

  /// The whole text, as far as it is on its first line.
  package var location: ParallaxError.Location { location(of: 0..<bytes.count) }

  /// Where `range` lies: its first line, and the part of `range` within that line.
  package func location(of range: Range<Int>) -> ParallaxError.Location {
    let start = min(max(range.lowerBound, 0), bytes.count)
    let newline = UInt8(ascii: "\n")
    let index = lineIndex(at: start)
    let lineStart = lineStarts[index]
    var lineEnd = bytes[start...].firstIndex(of: newline) ?? bytes.count
    if lineEnd > start, bytes[lineEnd - 1] == UInt8(ascii: "\r") { lineEnd -= 1 }
    let end = min(max(range.upperBound, start), max(lineEnd, start))
    let prefix = index < prefixes.count ? prefixes[index] : ""
    let shift = prefix.utf8.count - lineStart
    return ParallaxError.Location(
      source: name, text: prefix + self[lineStart..<max(lineEnd, lineStart)],
      line: firstLine.map { _ in line(at: start) }, range: start + shift..<end + shift)
  }
}
