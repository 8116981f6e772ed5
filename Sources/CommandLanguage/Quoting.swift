private import ParallaxCore

/// Writes texts as words of the language, quoted only where needed.
package enum Quoting {
  /// Where a word stands, which decides what would be misread there.
  struct Place: OptionSet, Sendable {
    let rawValue: Int
    /// Commas separate.
    static let list = Place(rawValue: 1)
    /// `^` begins a weight.
    static let weighted = Place(rawValue: 2)
    /// A leading `-` begins an option.
    static let object = Place(rawValue: 4)
  }

  /// `text` as one word that means the same in any place.
  package static func quoted(_ text: String) -> String {
    word(text, in: [.list, .weighted, .object])
  }

  static func word(_ text: String, in place: Place) -> String {
    needsQuotes(text, in: place) ? inQuotes(text) : text
  }

  /// A word with its variables kept.
  static func word(_ word: Word, in place: Place) -> String {
    if word.variables.isEmpty, !place.contains(.list) {
      return self.word(word.literal ?? "", in: place)
    }
    let pieces = word.parts.map { piece($0, in: place) }
    let isWhole =
      !place.contains(.list)
      && word.parts.enumerated().contains { index, part in
        part.needsQuotes(in: index == 0 ? place : place.subtracting(.object))
      }
    return isWhole ? interpolated(word) : joined(pieces)
  }

  static func needsQuotes(_ text: String, in place: Place) -> Bool {
    guard let first = text.first else { return true }
    if first == "#" || first == "=" || first == "!" || text.hasPrefix("--") { return true }
    if place.contains(.object), first == "-", text.count > 1 { return true }
    return text.unicodeScalars.contains { scalar in
      switch scalar {
      case "'", "\"", "|", ";", "$", "\\": true
      case ",": place.contains(.list)
      case "^": place.contains(.weighted)
      default: scalar.properties.isWhitespace || TerminalText.needsEscape(scalar)
      }
    }
  }

  /// Double quotes by preference, single ones where those save backslashes.
  static func inQuotes(_ text: String) -> String {
    let mustEscape = text.unicodeScalars.contains { TerminalText.needsEscape($0) }
    let hasSpecial = text.contains { $0 == "\"" || $0 == "\\" || $0 == "$" }
    if hasSpecial, !mustEscape, !text.unicodeScalars.contains("'") { return "'\(text)'" }
    return "\"\(doubleQuotedContent(text))\""
  }

  /// `text` as it stands between double quotes.
  static func doubleQuotedContent(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" || scalar == "$" { result += "\\" }
      result += TerminalText.escaped(String(scalar))
    }
    return result
  }

  // MARK: - Words with variables

  private static func piece(_ part: Word.Part, in place: Place) -> String {
    switch part.content {
    case .bare(let text): text
    case .quoted(let text): word(text, in: place)
    case .variable(let name, let isQuoted):
      isQuoted && place.contains(.list) ? "\"$\(name)\"" : "$\(name)"
    }
  }

  /// Joins pieces, with braces where a name would run into what follows.
  private static func joined(_ pieces: [String]) -> String {
    var result = ""
    for (index, piece) in pieces.enumerated() {
      let next = index + 1 < pieces.count ? pieces[index + 1].utf8.first : nil
      let runsOn = piece.hasPrefix("$") && (next.map(Names.isContinuation) ?? false)
      result += runsOn ? "${\(piece.dropFirst())}" : piece
    }
    return result
  }

  private static func interpolated(_ word: Word) -> String {
    let pieces = word.parts.map { part in
      switch part.content {
      case .bare(let text), .quoted(let text): doubleQuotedContent(text)
      case .variable(let name, _): "$\(name)"
      }
    }
    return "\"\(joined(pieces))\""
  }
}

extension Word.Part {
  fileprivate func needsQuotes(in place: Quoting.Place) -> Bool {
    switch content {
    case .bare(let text), .quoted(let text):
      !text.isEmpty
        && (Quoting.needsQuotes(text, in: place) || (text == "-" && place.contains(.object)))
    case .variable: false
    }
  }
}
