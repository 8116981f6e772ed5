private import ParallaxCore

/// A line of libvips' error buffer, put into a code and a reason.
struct VipsMessage {
  private let text: String

  init(_ text: String) { self.text = text }

  var failure: DecodeFailure {
    let reason = reason
    let words = reason.lowercased()
    if Self.memoryWords.contains(where: { words.contains($0) }) {
      return DecodeFailure(.imageTooLarge, "decoding it needs too much memory (\(reason))")
    }
    if Self.formatWords.contains(where: { words.contains($0) }) {
      return DecodeFailure(.unsupportedFormat, reason, hint: "convert it to PNG")
    }
    return DecodeFailure(.corruptImage, reason)
  }

  /// The text without the part of libvips it comes from, beginning in lower case.
  private var reason: String {
    let parts = text.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
    let isPrefixed = parts.count == 2 && !parts[0].contains(" ")
    let line = (isPrefixed ? parts[1] : Substring(text)).trimmed
    guard let first = line.first else { return "libvips gives no reason" }
    let second = line.dropFirst().first
    // An abbreviation keeps its capitals.
    let keepsCase = second.map { $0.isUppercase || $0.isNumber } ?? false
    return keepsCase ? String(line) : first.lowercased() + line.dropFirst()
  }

  private static let memoryWords = ["memory", "unable to allocate", "malloc"]
  private static let formatWords = ["unsupported", "not supported", "no decoding plugin"]
}

extension Substring {
  /// Without spaces, line ends and full stops at its ends.
  fileprivate var trimmed: Substring {
    var rest = drop { $0.isWhitespace }
    while let last = rest.last, last.isWhitespace || last == "." { rest.removeLast() }
    return rest
  }
}
