internal import ParallaxCore

/// Characters that word processors and web pages put in the place of those the language means.
enum TypographicWord {
  /// What is wrong with a word as it stands outside quotes; `nil` when nothing is.
  ///
  /// - Parameter options: names of options, which tell a dash that is meant as one.
  static func failure(in word: Word, options: (String) -> Bool) -> LexicalFailure? {
    for part in word.parts {
      guard case .bare(let text) = part.content else { continue }
      if let failure = blank(in: text, at: part.range.lowerBound) { return failure }
    }
    guard let first = word.parts.first, case .bare(let text) = first.content,
      let opening = text.unicodeScalars.first
    else { return nil }
    if quotes.contains(opening) {
      return LexicalFailure(
        code: .badQuote, message: "\(name(opening)) does not open a text; plain quotes do",
        hint: "write \" or '; in plain quotes '\(opening)' is a character like any other",
        range: part(opening, at: first.range.lowerBound))
    }
    let name = text.drop { $0 == "-" || dashes.contains($0.unicodeScalars.first ?? " ") }
      .prefix { $0 != "=" }
    guard text.unicodeScalars.prefix(2).contains(where: dashes.contains), options(String(name))
    else { return nil }
    return LexicalFailure(
      code: .unknownOption, message: "'\(text.prefix { $0 != "=" })' has typographic dashes",
      hint: "write '--\(name)'", range: first.range)
  }

  private static func blank(in text: String, at start: Int) -> LexicalFailure? {
    var offset = start
    for scalar in text.unicodeScalars {
      let length = String(scalar).utf8.count
      if scalar.value > 0x7F, scalar.properties.isWhitespace || invisible.contains(scalar) {
        return LexicalFailure(
          code: .badBlank,
          message:
            "a character that only looks like a space, \(name(scalar)), stands between words",
          hint: "write a plain space there, or put the text in quotes",
          range: offset..<offset + length)
      }
      offset += length
    }
    return nil
  }

  private static func part(_ scalar: Unicode.Scalar, at start: Int) -> Range<Int> {
    start..<start + String(scalar).utf8.count
  }

  /// Such as `U+00A0`.
  private static func name(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return quotes.contains(scalar) ? "the typographic quote '\(scalar)'" : code
  }

  private static let quotes = Set("“”„‟‘’‚‛«»".unicodeScalars)
  private static let dashes = Set("‐‑‒–—―−".unicodeScalars)
  private static let invisible = Set("\u{200B}\u{2060}\u{FEFF}".unicodeScalars)
}
