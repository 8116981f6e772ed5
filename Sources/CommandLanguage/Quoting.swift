private import ParallaxCore
private import ParallaxText

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

  /// `text` with a backslash before each character that means something unquoted; `nil` where a
  /// character can be written in double quotes only.
  static func backslashed(_ text: String) -> String? {
    guard !text.unicodeScalars.contains(where: TerminalText.needsEscape) else { return nil }
    var result = ""
    for character in text {
      let isFirst = result.isEmpty && startsSpecial(String(character) + "…", in: .object)
      if isFirst || hasSpecial(String(character), in: [.list, .weighted]) { result += "\\" }
      result.append(character)
    }
    return result
  }

  /// `text` as a list shows it.
  static func visible(_ text: String) -> String { TerminalText.escaped(text) }

  static func word(_ text: String, in place: Place) -> String {
    needsQuotes(text, in: place) ? inQuotes(text) : text
  }

  /// A word with its variables kept.
  static func word(_ word: Word, in place: Place) -> String {
    if place.contains(.list) {
      return word.isOneQuotation ? quotation(word) : joined(pieces(of: word, in: place))
    }
    if let literal = word.literal { return self.word(literal, in: place) }
    let runs = runs(of: word)
    let needsQuotes = runs.enumerated().contains { index, run in
      guard case .literal(let text) = run else { return false }
      return hasSpecial(text, in: place) || (index == 0 && startsSpecial(text + "…", in: place))
    }
    guard needsQuotes else { return joined(runs.map(\.source)) }
    let pieces = runs.map { run in
      if case .literal(let text) = run { return doubleQuotedContent(text) }
      return run.source
    }
    return "\"\(joined(pieces))\""
  }

  /// One element of a list; its commas stand behind a backslash, for those in quotes cut when nothing
  /// else is there.
  static func element(_ text: String) -> String {
    text.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : word(String($0), in: .list) }.joined(separator: "\\,")
  }

  static func needsQuotes(_ text: String, in place: Place) -> Bool {
    text.isEmpty || startsSpecial(text, in: place) || hasSpecial(text, in: place)
  }

  /// Whether the beginning would be read as a comment, an option or an operator.
  private static func startsSpecial(_ text: String, in place: Place) -> Bool {
    switch text.first {
    case "#", "=", "!": true
    case "-": text.hasPrefix("--") || (place.contains(.object) && text.count > 1)
    default: false
    }
  }

  private static func hasSpecial(_ text: String, in place: Place) -> Bool {
    text.unicodeScalars.contains { scalar in
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

  /// A list that one pair of quotes holds, which it keeps where its commas or variables need them.
  private static func quotation(_ word: Word) -> String {
    if let literal = word.literal, !literal.contains(",") { return self.word(literal, in: []) }
    let pieces = runs(of: word).map { run in
      if case .literal(let text) = run { return doubleQuotedContent(text) }
      return run.source
    }
    return "\"\(joined(pieces))\""
  }

  // MARK: - Words with variables

  private enum Run {
    case literal(String)
    case variable(String)

    var source: String {
      switch self {
      case .literal(let text): text
      case .variable(let name): "$\(name)"
      }
    }
  }

  /// The parts of a word, neighbouring texts joined.
  private static func runs(of word: Word) -> [Run] {
    var runs: [Run] = []
    for part in word.parts {
      switch part.content {
      case .variable(let name, _): runs.append(.variable(name))
      case .bare(let text), .quoted(let text):
        if case .literal(let earlier)? = runs.last {
          runs[runs.count - 1] = .literal(earlier + text)
        } else {
          runs.append(.literal(text))
        }
      }
    }
    return runs
  }

  /// The parts of a list as they stand, because quotes decide whether commas in them separate.
  private static func pieces(of word: Word, in place: Place) -> [String] {
    joiningQuotations(of: word).enumerated().map { index, content in
      switch content {
      case .bare(let text): return text
      case .quoted(let text) where text.contains(","): return element(text)
      case .quoted(let text):
        let isPlain = index > 0 && !text.isEmpty && !hasSpecial(text, in: place)
        return isPlain ? text : self.word(text, in: place)
      case .variable(let name, let isQuoted): return isQuoted ? "\"$\(name)\"" : "$\(name)"
      }
    }
  }

  /// The parts of a word with neighbouring quotations as one: an escape in quotes is a part of its own.
  private static func joiningQuotations(of word: Word) -> [Word.Content] {
    word.parts.reduce(into: []) { contents, part in
      if case .quoted(let text) = part.content, case .quoted(let earlier)? = contents.last {
        contents[contents.count - 1] = .quoted(earlier + text)
      } else {
        contents.append(part.content)
      }
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
}
