import ParallaxCore

/// What the lexer finds: words, operators, ends of lines, comments.
struct Token: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case word(Word)
    case pipe, semicolon, newline
    /// Without the `#`.
    case comment(String)
  }

  var kind: Kind
  var range: Range<Int>

  var word: Word? {
    if case .word(let word) = kind { return word }
    return nil
  }
}

/// Why lexing stopped.
struct LexicalFailure: Sendable {
  var code: ParallaxError.Code
  var message: String
  var hint: String?
  var range: Range<Int>

  func located(in source: SourceText) -> ParallaxError {
    ParallaxError(code, message, hint: hint, location: source.location(of: range))
  }
}

/// The tokens of a text, up to the first failure; the word it happened in is among them.
struct Scan: Sendable {
  enum Quote: UInt8, Sendable {
    case single = 0x27
    case double = 0x22
  }

  var tokens: [Token] = []
  var failure: LexicalFailure?
  /// Whether a backslash at the end of the last line asks for another.
  var endsInContinuation = false
  /// The quote left open at the end, and where it opened.
  var openQuote: (kind: Quote, start: Int)?
}

/// Cuts a text into tokens, independent of any verb; works on UTF-8 offsets.
struct Lexer {
  private let bytes: [UInt8]
  private var position = 0
  private var scan = Scan()
  private var parts: [Word.Part] = []

  private init(_ text: String) { bytes = Array(text.utf8) }

  static func scan(_ text: String) -> Scan {
    var lexer = Lexer(text)
    lexer.run()
    return lexer.scan
  }

  private mutating func run() {
    while scan.failure == nil, let byte = current {
      let start = position
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
      case UInt8(ascii: "\n"): operate(.newline)
      case UInt8(ascii: "|"): operate(.pipe)
      case UInt8(ascii: ";"): operate(.semicolon)
      case UInt8(ascii: "#"):
        while let byte = current, byte != UInt8(ascii: "\n") { position += 1 }
        scan.tokens.append(
          Token(kind: .comment(text(start + 1..<position)), range: start..<position))
      case _ where continuationLength > 0: skipContinuation()
      default: scanWord()
      }
    }
  }

  private mutating func skipContinuation() {
    position += continuationLength
    if position == bytes.count { scan.endsInContinuation = true }
  }

  private mutating func operate(_ kind: Token.Kind) {
    scan.tokens.append(Token(kind: kind, range: position..<position + 1))
    position += 1
  }

  // MARK: - Words

  private mutating func scanWord() {
    let start = position
    parts = []
    while scan.failure == nil, let byte = current, !Self.endsWord(byte) {
      switch byte {
      case Scan.Quote.single.rawValue: scanSingleQuotes()
      case Scan.Quote.double.rawValue: scanDoubleQuotes()
      case UInt8(ascii: "$"): scanVariable(isQuoted: false)
      case UInt8(ascii: "\\"): scanBackslash()
      default: scanBare()
      }
    }
    let word = Word(parts: parts, range: start..<position)
    scan.tokens.append(Token(kind: .word(word), range: word.range))
  }

  private mutating func scanBare() {
    let start = position
    while let byte = current, !Self.endsWord(byte), !Self.endsBare(byte) { position += 1 }
    parts.append(.init(content: .bare(text(start..<position)), range: start..<position))
  }

  private mutating func scanBackslash() {
    if continuationLength > 0 { return skipContinuation() }
    let start = position
    let length = scalarLength(at: start + 1)
    guard length > 0 else {
      position += 1
      fail(
        .unfinishedLine, "the line ends in a backslash, and nothing follows",
        hint: "write '\\\\' for a backslash", start..<position)
      return
    }
    position += 1 + length
    parts.append(.init(content: .quoted(text(start + 1..<position)), range: start..<position))
  }

  // MARK: - Quotes

  private mutating func scanSingleQuotes() {
    let open = position
    position += 1
    while let byte = current, byte != Scan.Quote.single.rawValue { position += 1 }
    parts.append(.init(content: .quoted(text(open + 1..<position)), range: open + 1..<position))
    close(.single, openedAt: open)
  }

  private mutating func scanDoubleQuotes() {
    let open = position
    let earlier = parts.count
    position += 1
    while scan.failure == nil, let byte = current, byte != Scan.Quote.double.rawValue {
      switch byte {
      case UInt8(ascii: "\\"): scanEscape()
      case UInt8(ascii: "$"): scanVariable(isQuoted: true)
      default:
        let start = position
        while let byte = current, byte != Scan.Quote.double.rawValue, byte != UInt8(ascii: "\\"),
          byte != UInt8(ascii: "$")
        {
          position += 1
        }
        parts.append(.init(content: .quoted(text(start..<position)), range: start..<position))
      }
    }
    if parts.count == earlier {
      parts.append(.init(content: .quoted(""), range: open + 1..<open + 1))
    }
    if scan.failure == nil { close(.double, openedAt: open) }
  }

  private mutating func close(_ quote: Scan.Quote, openedAt open: Int) {
    guard current == nil else {
      position += 1
      return
    }
    scan.openQuote = (quote, open)
    let name = quote == .single ? "single" : "double"
    fail(.unterminatedQuote, "a \(name) quote is opened and never closed", open..<open + 1)
  }

  private static let escapes: [UInt8: String] = [
    UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "$"): "$",
    UInt8(ascii: "n"): "\n", UInt8(ascii: "t"): "\t",
  ]

  private mutating func scanEscape() {
    let start = position
    if start + 1 < bytes.count, let text = Self.escapes[bytes[start + 1]] {
      position += 2
      parts.append(.init(content: .quoted(text), range: start..<position))
    } else if start + 1 < bytes.count, bytes[start + 1] == UInt8(ascii: "u") {
      scanUnicodeEscape()
    } else if start + 1 == bytes.count {
      // Nothing follows: the quote is open, which its end reports.
      position += 1
    } else {
      position += 1 + scalarLength(at: start + 1)
      fail(
        .badEscape, "'\(text(start..<position))' is not an escape in double quotes",
        hint: "write '\\\\' for a backslash, or use single quotes", start..<position)
    }
  }

  private mutating func scanUnicodeEscape() {
    let start = position
    position += 2
    if current == UInt8(ascii: "{") { position += 1 }
    let digits = position
    while let byte = current, Character(Unicode.Scalar(byte)).isHexDigit { position += 1 }
    let value = UInt32(text(digits..<position), radix: 16)
    guard bytes[start + 2..<position].first == UInt8(ascii: "{"), current == UInt8(ascii: "}"),
      let scalar = value.flatMap(Unicode.Scalar.init)
    else {
      fail(
        .badEscape, "'\\u' takes the number of a character, such as '\\u{1F408}'",
        start..<position)
      return
    }
    position += 1
    parts.append(.init(content: .quoted(String(Character(scalar))), range: start..<position))
  }

  // MARK: - Variables

  private mutating func scanVariable(isQuoted: Bool) {
    let start = position
    position += 1
    let isBraced = current == UInt8(ascii: "{")
    if isBraced { position += 1 }
    let nameStart = position
    while let byte = current, Names.isContinuation(byte) { position += 1 }
    let name = text(nameStart..<position)
    let isClosed = !isBraced || current == UInt8(ascii: "}")
    guard Names.isName(name), isClosed else {
      let advice =
        isQuoted ? "write '\\$' for a dollar sign" : "put a dollar sign in single quotes"
      fail(
        .badVariable, "'\(text(start..<position))' is not a variable; \(Names.rule)", hint: advice,
        start..<position)
      return
    }
    if isBraced { position += 1 }
    parts.append(
      .init(content: .variable(name, isQuoted: isQuoted), range: start..<position))
  }

  // MARK: - Bytes

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// The length of a backslash and line end here, 0 when there is none.
  private var continuationLength: Int {
    let rest = bytes[position...].prefix(3)
    if rest.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "\n")]) { return 2 }
    let windows = [UInt8(ascii: "\\"), UInt8(ascii: "\r"), UInt8(ascii: "\n")]
    return rest.elementsEqual(windows) ? 3 : 0
  }

  private func scalarLength(at offset: Int) -> Int {
    guard offset < bytes.count else { return 0 }
    return 1 + bytes[(offset + 1)...].prefix { $0 & 0xC0 == 0x80 }.count
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  private mutating func fail(
    _ code: ParallaxError.Code, _ message: String, hint: String? = nil, _ range: Range<Int>
  ) {
    scan.failure = LexicalFailure(code: code, message: message, hint: hint, range: range)
  }

  private static func endsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"),
      UInt8(ascii: "|"), UInt8(ascii: ";"):
      true
    default: false
    }
  }

  private static func endsBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "$"), UInt8(ascii: "\\"): true
    default: false
    }
  }
}
