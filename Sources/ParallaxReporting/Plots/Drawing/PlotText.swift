private import ParallaxText

/// Texts of a drawing: how wide they are, about, and the words of numbers.
enum PlotText {
  /// The width of a text in pixels, in the widest of the fonts that programs take for it (DejaVu Sans).
  static func width(of text: String, size: Double) -> Double {
    TerminalText.escaped(text).reduce(0) { $0 + width(of: $1) } * size * 1.2
  }

  /// In ems of Helvetica, which is narrower; what is not ASCII by its columns on a terminal.
  private static func width(of character: Character) -> Double {
    guard let byte = character.asciiValue else {
      return Double(TerminalText.width(of: character)) * 0.56
    }
    switch byte {
    case UInt8(ascii: "m"), UInt8(ascii: "M"): return 0.84
    case UInt8(ascii: "W"), UInt8(ascii: "@"): return 1
    case UInt8(ascii: "w"): return 0.72
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): return byte == UInt8(ascii: "I") ? 0.28 : 0.7
    default: break
    }
    if "ijlft.,:;|!'()[]/ ".utf8.contains(byte) { return 0.28 }
    return "r-\"".utf8.contains(byte) ? 0.34 : 0.56
  }

  /// A text that is no wider than some pixels; `…` in its middle marks a cut, since names that begin
  /// alike often differ at their end.
  static func fitted(_ text: String, to width: Double, size: Double) -> String {
    guard self.width(of: text, size: size) > width else { return text }
    let characters = Array(text)
    var (head, tail) = (0, 0)
    var fitting = "…"
    while head + tail < characters.count {
      if head <= tail { head += 1 } else { tail += 1 }
      let cut = String(characters.prefix(head)) + "…" + String(characters.suffix(tail))
      guard self.width(of: cut, size: size) <= width else { break }
      fitting = cut
    }
    return fitting
  }

  /// Texts that are no wider than some pixels. Where one is too wide, what all begin and end with is
  /// cut first, since they are told apart by the rest.
  static func fitted(_ texts: [String], to width: Double, size: Double) -> [String] {
    guard texts.contains(where: { self.width(of: $0, size: size) > width }) else { return texts }
    let all = texts.map(Array.init)
    var (head, tail) = (0, 0)
    if let first = all.first, Set(texts).count > 1 {
      let shortest = all.map(\.count).min() ?? 0
      while head < shortest, all.allSatisfy({ $0[head] == first[head] }) { head += 1 }
      while tail < shortest - head,
        all.allSatisfy({ $0[$0.count - 1 - tail] == first[first.count - 1 - tail] })
      { tail += 1 }
    }
    // A few characters more, so that words are recognised.
    (head, tail) = (max(0, head - 4), max(0, tail - 4))
    return all.map { text in
      let middle = String(text.dropFirst(head).dropLast(tail))
      let cut = (head > 0 ? "…" : "") + middle + (tail > 0 ? "…" : "")
      return fitted(cut, to: width, size: size)
    }
  }

  /// A number to four significant digits: `0.4125`, `−12.5`, `1 536`, `2.5e-07`.
  static func words(_ value: Double) -> String {
    (value < 0 ? "−" : "") + magnitude(abs(value))
  }

  private static func magnitude(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return Wording.fixed(value, digits: 0) }
    if value >= 1e7 || value < 1e-4 { return Decimal.scientific(value, digits: 3) }
    if value >= 9_999.5 { return Wording.count(Int(value.rounded())) }
    let digits = [1_000, 100, 10, 1, 0.1, 0.01, 0.001].firstIndex { value >= $0 } ?? 7
    var text = Wording.fixed(value, digits: digits)
    guard text.contains(".") else { return Int(text).map { Wording.count($0) } ?? text }
    while text.hasSuffix("0") { text.removeLast() }
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  /// The same with its sign.
  static func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + words(value) }
}
