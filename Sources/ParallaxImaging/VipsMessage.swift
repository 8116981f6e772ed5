internal import ParallaxCore

/// The end of libvips' error buffer, put into a code and a reason.
struct VipsMessage: Error, Equatable {
  let text: String

  init(_ text: String) { self.text = text }

  func failure(_ format: ImageFormat) -> DecodeFailure {
    let words = text.lowercased()
    let reason = cause ?? "the \(format.rawValue) data is damaged or truncated"
    if Self.memoryWords.contains(where: { words.contains($0) }) {
      return DecodeFailure(.imageTooLarge, "decoding it needs too much memory (\(reason))")
    }
    if Self.formatWords.contains(where: { words.contains($0) }) {
      return DecodeFailure(.unsupportedFormat, reason, hint: "convert it to PNG")
    }
    return DecodeFailure(.corruptImage, reason)
  }

  /// The last line that says more than that something failed: warnings stand before it.
  private var cause: String? {
    let lines = text.split(whereSeparator: \.isNewline).map(Self.sentence)
    return lines.last { line in
      let words = line.lowercased()
      return !line.isEmpty && words != "read error"
        && !Self.emptyPhrases.contains { words.hasPrefix($0) }
    }
  }

  /// A line without the part of libvips it comes from, beginning in lower case.
  private static func sentence(_ line: Substring) -> String {
    let parts = line.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
    let isPrefixed = parts.count == 2 && (!parts[0].contains(" ") || parts[0] == "source input")
    var text = (isPrefixed ? parts[1] : line).drop { $0.isWhitespace }
    while let last = text.last, last.isWhitespace || last == "." { text.removeLast() }
    guard let first = text.first, let second = text.dropFirst().first else { return String(text) }
    // An abbreviation keeps its capitals.
    let keepsCase = second.isUppercase || second.isNumber
    return keepsCase ? String(text) : first.lowercased() + text.dropFirst()
  }

  /// Leaves a text where libvips leaves its own.
  static func write(_ text: String, to buffer: UnsafeMutableBufferPointer<CChar>) {
    let bytes = text.utf8.prefix(buffer.count - 1).map { CChar(bitPattern: $0) } + [0]
    _ = buffer.update(fromContentsOf: bytes)
  }

  private static let memoryWords = ["out of memory", "insufficient memory", "memory allocation"]
  private static let formatWords = [
    "unsupported", "not supported", "not implemented", "no decoding plugin",
  ]
  private static let emptyPhrases = [
    "libpng read error", "defined set_", "unable to open source", "unable to parse image",
    "unable to read pixels", "out of order read", "input file read error",
  ]
}
