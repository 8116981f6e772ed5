private import ParallaxCore
private import ParallaxText

/// Colours a line while it is typed, by the lexer that will read it.
package struct LineColors: Sendable {
  /// What a stretch of a line is.
  package enum Kind: Sendable, Hashable, CaseIterable {
    case verb
    /// The first word of a command that no command is called, once the word is complete.
    case unknownVerb
    case option, quoted, variable, sign, comment

    /// The number of a terminal's rendition.
    fileprivate var code: String {
      switch self {
      case .verb: "1"
      case .unknownVerb: "31"
      case .option: "36"
      case .quoted: "32"
      case .variable: "35"
      case .sign: "1"
      case .comment: "2"
      }
    }
  }

  package struct Span: Sendable, Hashable {
    package var kind: Kind
    /// UTF-8 offsets in the line.
    package var range: Range<Int>
  }

  private let registry: SignatureRegistry

  package init(_ registry: SignatureRegistry) { self.registry = registry }

  /// What is not plain in a line, from left to right; stretches do not overlap.
  package func spans(of line: String) -> [Span] {
    if case .shell = InputLine(line) { return [] }
    let bytes = Array(line.utf8)
    let scan = Lexer.scan(line)
    var spans: [Span] = []
    var words: [Word] = []
    func endCommand() {
      spans += command(words, bytes)
      words = []
    }
    for token in scan.tokens {
      switch token.kind {
      case .word(let word): words.append(word)
      case .newline: endCommand()
      case .pipe, .semicolon:
        endCommand()
        spans.append(Span(kind: .sign, range: token.range))
      case .comment:
        endCommand()
        spans.append(Span(kind: .comment, range: token.range))
      }
    }
    endCommand()
    return spans
  }

  /// - Parameter words: of one command, with the name it is assigned to.
  private func command(_ words: [Word], _ bytes: [UInt8]) -> [Span] {
    var spans: [Span] = []
    var first = 0
    if words.count > 1, words[1].bareText == "=" { first = 2 }
    var optionsEnded = false
    for (index, word) in words.enumerated() {
      if index == first {
        if let verb = verb(word, bytes) { spans.append(verb) }
        continue
      }
      let isOption = index > first && !optionsEnded && bytes[word.range.lowerBound] == 0x2D
      if isOption { optionsEnded = word.bareText == "--" }
      spans += parts(of: word, isOption: isOption, bytes)
    }
    return spans
  }

  private func verb(_ word: Word, _ bytes: [UInt8]) -> Span? {
    guard var text = word.bareText else { return nil }
    var start = word.range.lowerBound
    // `red=query`
    if let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) {
      start += text.utf8.distance(from: text.startIndex, to: equals) + 1
      text = String(text[text.utf8.index(after: equals)...])
    }
    guard !text.isEmpty else { return nil }
    let range = start..<word.range.upperBound
    switch registry.match(text) {
    case .exact, .alias, .prefix: return Span(kind: .verb, range: range)
    case .ambiguous: return nil
    case .reserved, .unknown:
      // What is being typed may become one.
      return range.upperBound < bytes.count ? Span(kind: .unknownVerb, range: range) : nil
    }
  }

  private func parts(of word: Word, isOption: Bool, _ bytes: [UInt8]) -> [Span] {
    var spans: [Span] = []
    var name = isOption
    for (index, part) in word.parts.enumerated() {
      switch part.content {
      case .bare(let text):
        // The name of an option ends at "=".
        if name {
          let length = text.utf8.prefix { $0 != UInt8(ascii: "=") }.count
          let start = part.range.lowerBound
          spans.append(Span(kind: .option, range: start..<start + length))
          name = false
        }
      case .quoted:
        // What stands between this part and its neighbours, and has no colour yet.
        let before = index > 0 ? word.parts[index - 1].range.upperBound : word.range.lowerBound
        let after =
          index + 1 < word.parts.count
          ? word.parts[index + 1].range.lowerBound : word.range.upperBound
        let free = max(before, spans.last?.range.upperBound ?? before)..<after
        spans.append(Span(kind: .quoted, range: withQuotes(part.range, free, bytes)))
      case .variable: spans.append(Span(kind: .variable, range: part.range))
      }
    }
    return spans
  }

  /// With the quotes around it, as far as they are typed and belong to no other part.
  private func withQuotes(
    _ range: Range<Int>, _ free: Range<Int>, _ bytes: [UInt8]
  ) -> Range<Int> {
    func isQuote(_ place: Int) -> Bool {
      free.contains(place) && (bytes[place] == 0x22 || bytes[place] == 0x27)
    }
    let start = isQuote(range.lowerBound - 1) ? range.lowerBound - 1 : range.lowerBound
    let end = isQuote(range.upperBound) ? range.upperBound + 1 : range.upperBound
    return start..<end
  }

  /// The terminal columns of a prompt.
  package static func columns(of prompt: String) -> Int { TerminalText.width(of: prompt) }

  /// The line with its colours, to be written over itself on a terminal.
  ///
  /// - Parameter width: terminal columns that the prompt leaves.
  /// - Returns: `nil` for a line that does not fit, or that holds anything which moves the cursor.
  package func painted(_ line: String, width: Int) -> String? {
    let bytes = Array(line.utf8)
    guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }), TerminalText.escaped(line) == line,
      TerminalText.width(of: line) < width
    else { return nil }
    var text = ""
    var place = 0
    for span in spans(of: line) where span.range.lowerBound >= place {
      text += String(decoding: bytes[place..<span.range.lowerBound], as: UTF8.self)
      text += "\u{1B}[\(span.kind.code)m"
      text += String(decoding: bytes[span.range], as: UTF8.self) + "\u{1B}[0m"
      place = span.range.upperBound
    }
    return text + String(decoding: bytes[place...], as: UTF8.self)
  }
}
