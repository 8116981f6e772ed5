internal import ParallaxCore

/// A word of an expression with its UTF-8 offsets.
struct WhereToken: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    /// A keyword or an unquoted field.
    case word(String)
    case quotedField(String)
    case text(String)
    case number(WhereNumber)
    /// A name after a colon.
    case parameter(String)
    case symbol(String)
    case end
  }

  let kind: Kind
  let range: Range<Int>

  /// For messages; a value is not shown.
  var description: String {
    switch kind {
    case .word(let word), .quotedField(let word): "'\(word)'"
    case .text: "a text"
    case .number: "a number"
    case .parameter(let name): "':\(name)'"
    case .symbol(let symbol): "'\(symbol)'"
    case .end: "the end"
    }
  }
}

/// Cuts an expression into tokens.
struct WhereLexer {
  private let text: String
  private let form: WhereExpression.Form
  private let bytes: [UInt8]
  private(set) var position = 0

  static func tokens(
    in text: String, _ form: WhereExpression.Form = .filter
  ) throws(ParallaxError) -> [WhereToken] {
    var lexer = WhereLexer(text: text, form)
    var tokens: [WhereToken] = []
    repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
    return tokens
  }

  init(text: String, _ form: WhereExpression.Form = .filter) {
    self.text = text
    self.form = form
    bytes = Array(text.utf8)
  }

  mutating func next() throws(ParallaxError) -> WhereToken {
    skipBlanks()
    let start = position
    let kind = try nextKind()
    return WhereToken(kind: kind, range: start..<position)
  }

  mutating func skipBlanks() {
    while let byte = peek(), Self.blanks.contains(byte) { position += 1 }
  }

  private mutating func nextKind() throws(ParallaxError) -> WhereToken.Kind {
    guard let byte = peek() else { return .end }
    switch byte {
    case UInt8(ascii: "'"): return .text(try quoted(by: byte, what: "a text"))
    case UInt8(ascii: "\""): return .quotedField(try quoted(by: byte, what: "a quoted field"))
    case UInt8(ascii: ":") where form == .relevance: return .parameter(try parameter())
    case _ where startsNumber(byte): return try number()
    case _ where Self.startsWord(byte) && !startsCurlyQuote: return .word(word())
    default: return .symbol(try symbol())
    }
  }

  private func peek(_ distance: Int = 0) -> UInt8? {
    position + distance < bytes.count ? bytes[position + distance] : nil
  }

  /// A doubled quote stands for one.
  private mutating func quoted(by quote: UInt8, what: String) throws(ParallaxError) -> String {
    let start = position
    var content: [UInt8] = []
    position += 1
    while let byte = peek() {
      position += 1
      guard byte == quote else {
        content.append(byte)
        continue
      }
      guard peek() == quote else { return String(decoding: content, as: UTF8.self) }
      content.append(quote)
      position += 1
    }
    let mark = String(decoding: [quote], as: UTF8.self)
    throw ParallaxError(
      .whereSyntax, "\(what) in \(form.option) ends with \(mark)",
      hint: "write \(mark)\(mark) for \(mark) inside it",
      location: .inWhere(text, start..<bytes.count))
  }

  private mutating func word() -> String {
    let start = position
    while let byte = peek(), Self.startsWord(byte) || Self.isDigit(byte) || Self.joins(byte) {
      position += 1
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// A name after a colon, in double quotes where it is no plain word.
  private mutating func parameter() throws(ParallaxError) -> String {
    let start = position
    position += 1
    if peek() == UInt8(ascii: "\"") {
      return try quoted(by: UInt8(ascii: "\""), what: "a quoted column")
    }
    guard let byte = peek(), Self.startsWord(byte), !startsCurlyQuote else {
      throw ParallaxError(
        .whereSyntax, "':' in \(form.option) stands before a column of the questions",
        hint: "such as :class, or :id for the question's id",
        location: .inWhere(text, start..<position))
    }
    return word()
  }

  private mutating func number() throws(ParallaxError) -> WhereToken.Kind {
    let start = position
    if !Self.isDigit(bytes[position]), bytes[position] != UInt8(ascii: ".") { position += 1 }
    while let byte = peek() {
      let isExponentSign =
        Self.signs.contains(byte) && Self.exponents.contains(bytes[position - 1])
      guard
        Self.isDigit(byte) || Self.startsWord(byte) || byte == UInt8(ascii: ".") || isExponentSign
      else { break }
      position += 1
    }
    let digits = String(decoding: bytes[start..<position], as: UTF8.self)
    if let value = Int64(digits) { return .number(.integer(value)) }
    if digits.utf8.allSatisfy(Self.isPlainNumber), let value = Double(digits), value.isFinite {
      return .number(.real(value))
    }
    throw ParallaxError(
      .whereSyntax, "a number in \(form.option) looks like 12, -0.5 or 1e6",
      hint: "put a text in single quotes", location: .inWhere(text, start..<position))
  }

  private mutating func symbol() throws(ParallaxError) -> String {
    let start = position
    let two = String(decoding: bytes[start..<min(start + 2, bytes.count)], as: UTF8.self)
    if ["!=", "<>", "<=", ">="].contains(two) {
      position += 2
      return two
    }
    if let hint = Self.foreign[two] { throw meaningless(two, hint) }
    // A scalar: a mark behind a sign belongs to the name that it begins.
    let place = text.utf8.index(text.startIndex, offsetBy: start)
    let one = String(text.unicodeScalars[place])
    guard ["=", "<", ">", "(", ")", ",", "-", "+"].contains(one) else {
      throw meaningless(one, Self.foreign[one])
    }
    position += 1
    return one
  }

  private func meaningless(_ symbol: String, _ hint: String?) -> ParallaxError {
    ParallaxError(
      .whereSyntax, "'\(symbol)' has no meaning in \(form.option)", hint: hint,
      location: .inWhere(text, position..<(position + symbol.utf8.count)))
  }

  // MARK: Classes of bytes

  private static let blanks = Set(" \t\n\r".utf8)
  private static let signs = Set("+-".utf8)
  private static let exponents = Set("eE".utf8)

  /// What other languages write, and what to write here.
  private static let foreign = [
    "==": "write '='", "=>": "write '>='", "=<": "write '<='",
    "&&": "write 'and'", "||": "write 'or'", "!": "write 'not'",
    "*": "'like' takes '%' for any characters", "~": "write 'like'", "=~": "write 'like'",
    "“": "put a text in single quotes", "”": "put a text in single quotes",
    "‘": "put a text in single quotes", "’": "put a text in single quotes",
    "`": "put a field in double quotes",
    ":": "columns of questions, as in 'class = :class', belong to --relevant-if",
  ]

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// ASCII letters, `_`, and every byte of another letter.
  private static func startsWord(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_")
      || byte >= 0x80
  }

  /// Allowed inside a word: there is no arithmetic.
  private static func joins(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  /// Keeps `inf`, `nan` and hexadecimal out.
  private static func isPlainNumber(_ byte: UInt8) -> Bool {
    isDigit(byte) || signs.contains(byte) || exponents.contains(byte) || byte == UInt8(ascii: ".")
  }

  /// U+2018, U+2019, U+201C and U+201D: what editors make of quotes.
  private var startsCurlyQuote: Bool {
    peek() == 0xE2 && peek(1) == 0x80 && [0x98, 0x99, 0x9C, 0x9D].contains(peek(2))
  }

  private func startsNumber(_ byte: UInt8) -> Bool {
    if Self.isDigit(byte) { return true }
    let next = peek(1).map { Self.isDigit($0) } ?? false
    if byte == UInt8(ascii: ".") { return next }
    guard Self.signs.contains(byte) else { return false }
    return next || (peek(1) == UInt8(ascii: ".") && (peek(2).map { Self.isDigit($0) } ?? false))
  }
}

extension ParallaxError.Location {
  static func inWhere(_ text: String, _ range: Range<Int>) -> Self {
    Self(source: "where", text: text, line: nil, range: range)
  }
}
