private import ParallaxCore

/// Text as a terminal shows it: widths in columns, cuts, and control characters made visible.
package enum TerminalText {
  /// The terminal columns that `text` takes: CJK and emoji 2, combining marks and controls 0.
  ///
  /// A cluster joined as one emoji (a flag, a family, a keycap) takes 2 columns;
  /// any other cluster the sum of its scalars, as `wcwidth` counts them.
  package static func width(of text: String) -> Int {
    if let width = asciiWidth(of: text) { return width }
    return text.reduce(0) { $0 + width(of: $1) }
  }

  /// The terminal columns of one grapheme cluster: 0, 1 or 2, or more for some Indic conjuncts.
  package static func width(of character: Character) -> Int {
    let scalars = character.unicodeScalars
    guard let first = scalars.first else { return 0 }
    if scalars.index(after: scalars.startIndex) == scalars.endIndex { return width(of: first) }
    if isEmojiSequence(scalars) { return 2 }
    return scalars.reduce(0) { $0 + width(of: $1) }
  }

  /// `text` cut to at most `columns` terminal columns; `…` marks a cut.
  package static func truncated(_ text: String, to columns: Int) -> String {
    if width(of: text) <= columns { return text }
    guard columns > 0 else { return "" }
    var kept = ""
    var used = 0
    for character in text {
      let next = width(of: character)
      guard used + next <= columns - 1 else { break }
      kept.append(character)
      used += next
    }
    return kept + "…"
  }

  /// `text` with everything that could drive a terminal written out, as the language's strings do.
  ///
  /// C0 and C1 controls, line separators and bidirectional controls become `\n`,
  /// `\t` or `\u{1B}`; all else, backslashes included, stays.
  package static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: needsEscape) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where needsEscape(scalar):
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whether a scalar could drive a terminal or reorder the text around it.
  package static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E: false
    case 0...0x1F, 0x7F...0x9F: true
    case 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  private static func asciiWidth(of text: String) -> Int? {
    var count = 0
    for byte in text.utf8 {
      guard byte < 0x80 else { return nil }
      if byte >= 0x20 && byte != 0x7F { count += 1 }
    }
    return count
  }

  private static func isEmojiSequence(_ scalars: Character.UnicodeScalarView) -> Bool {
    guard let first = scalars.first else { return false }
    if scalars.contains("\u{FE0F}") { return first.properties.isEmoji }
    if first.properties.isEmojiPresentation { return true }
    return scalars.contains("\u{200D}") && first.properties.isEmoji
  }

  private static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x20..<0x7F: return 1
    case 0..<0x20, 0x7F..<0xA0: return 0
    // Signs that Unicode files under format characters, and terminals draw.
    case 0xAD, 0x600...0x605, 0x6DD, 0x70F, 0x890...0x891, 0x8E2, 0x110BD, 0x110CD: return 1
    case 0x1160...0x11FF, 0xD7B0...0xD7FF: return 0
    default: break
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .lineSeparator, .paragraphSeparator: return 0
    default: break
    }
    if scalar.properties.isEmojiPresentation || isWide(scalar.value) { return 2 }
    return 1
  }

  private static func isWide(_ value: UInt32) -> Bool {
    let place = wideRanges.partitionPoint { $0.upperBound >= value }
    return place < wideRanges.count && wideRanges[place].contains(value)
  }

  /// East Asian Width `W` and `F` beyond emoji, from `EastAsianWidth.txt` of Unicode 16.
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2630...0x2637, 0x268A...0x268F, 0x2E80...0x303E,
    0x3041...0x3247, 0x3250...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
    0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x16FE4,
    0x16FF0...0x16FF1, 0x17000...0x18D08, 0x1AFF0...0x1B2FB, 0x1D300...0x1D376,
    0x1F200...0x1F265, 0x20000...0x2FFFD, 0x30000...0x3FFFD,
  ]
}
