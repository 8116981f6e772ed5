package import ParallaxCore

/// What an unfinished expression ends in, and what may stand there, for completion.
///
/// The lexer and the parser of whole expressions say so: the parser notes what it would have taken
/// where the words ended.
package struct WhereTail: Sendable, Hashable {
  /// What was begun at the end.
  package enum Begun: Sendable, Hashable {
    /// Nothing: a blank or a symbol is last.
    case nothing
    /// A keyword, a bare field or a number.
    case word(String)
    /// A field whose double quote is open.
    case field(String)
    /// A text whose single quote is open.
    case text(String)
  }

  package let begun: Begun
  /// Where what was begun starts, with its quote, in UTF-8 offsets; the end where nothing was.
  package let start: Int
  /// Whether a condition may begin here.
  package private(set) var expectsField = false
  /// The field with which a value that belongs here is compared.
  package private(set) var comparedField: String?
  /// The field right before, which an operator follows.
  package private(set) var precedingField: String?
  /// Words and symbols that may stand at the end, each once.
  package private(set) var keywords: [String] = []

  package init(_ text: String) {
    let scan = WhereLexer.unfinished(text)
    begun = scan.begun
    start = scan.start
    // Right after a closing quote nothing can be begun.
    guard !scan.endsInQuote else { return }
    var parser = WhereParser(text: text, tokens: scan.tokens)
    _ = try? parser.parse()
    let possible = parser.possible
    keywords = possible.keywords
    if keywords.contains("is") { precedingField = scan.tokens.dropLast().last?.fieldName }
    guard possible.takesOperand else { return }
    comparedField = possible.comparedField
    expectsField = possible.comparedField == nil
  }

  /// The keywords, without those that make no sense right after a field of `kind`.
  package func keywords(after kind: ValueKind) -> [String] {
    var senseless: Set<String> =
      kind == .boolean ? ["<", "<=", ">", ">=", "between"] : ["and", "or", ")"]
    if kind != .text && kind != .date { senseless.insert("like") }
    return keywords.filter { !senseless.contains($0) }
  }
}

/// What the parser would have taken where the tokens ended.
struct WhereExpectation: Sendable {
  private(set) var keywords: [String] = []
  private(set) var takesOperand = false
  private(set) var comparedField: String?

  mutating func note(_ keyword: String) {
    if !keywords.contains(keyword) { keywords.append(keyword) }
  }

  mutating func noteOperand(comparedWith field: String?) {
    takesOperand = true
    comparedField = field
  }
}

extension WhereToken {
  fileprivate var fieldName: String? {
    switch kind {
    case .word(let name), .quotedField(let name): name
    case .text, .number, .parameter, .symbol, .end: nil
    }
  }
}

extension WhereLexer {
  /// The tokens before what was begun at the end of `text`, with an end token.
  ///
  /// - Returns: no tokens but the end where the text has a fault before its end.
  static func unfinished(
    _ text: String
  ) -> (tokens: [WhereToken], begun: WhereTail.Begun, start: Int, endsInQuote: Bool) {
    let end = text.utf8.count
    var lexer = WhereLexer(text: text)
    var tokens: [WhereToken] = []
    while true {
      lexer.skipBlanks()
      let start = lexer.position
      guard let token = try? lexer.next() else {
        let quoted = text.utf8.dropFirst(start)
        let content = String(decoding: quoted.dropFirst(), as: UTF8.self)
        switch quoted.first {
        case UInt8(ascii: "'"):
          return (
            ended(tokens, at: start), .text(content.undoubled("'")), start, false
          )
        case UInt8(ascii: "\""):
          return (
            ended(tokens, at: start), .field(content.undoubled("\"")), start, false
          )
        default: return (ended([], at: end), .nothing, end, true)
        }
      }
      if token.kind == .end { return (tokens + [token], .nothing, end, false) }
      guard token.range.upperBound == end else {
        tokens.append(token)
        continue
      }
      switch token.kind {
      case .word, .number:
        let word = String(decoding: text.utf8.dropFirst(start), as: UTF8.self)
        return (ended(tokens, at: start), .word(word), start, false)
      case .text, .quotedField: return (ended(tokens, at: end), .nothing, end, true)
      case .parameter, .symbol, .end: tokens.append(token)
      }
    }
  }

  private static func ended(_ tokens: [WhereToken], at offset: Int) -> [WhereToken] {
    tokens + [WhereToken(kind: .end, range: offset..<offset)]
  }
}

extension WhereExpression {
  /// `name` as an expression spells it: bare where that is one word and no keyword.
  package static func spelling(ofField name: String) -> String {
    if let tokens = try? WhereLexer.tokens(in: name), tokens.count == 2,
      tokens[0].kind == .word(name), !WhereParser.keywords.contains(name.lowercased())
    {
      return name
    }
    return quotedSpelling(ofField: name)
  }

  /// `name` in double quotes.
  package static func quotedSpelling(ofField name: String) -> String {
    "\"\(name.doubling("\""))\""
  }

  /// `text` in single quotes.
  package static func spelling(ofText text: String) -> String { "'\(text.doubling("'"))'" }
}

extension String {
  /// Each `quote` written twice; by scalars, which a combining mark does not hide.
  fileprivate func doubling(_ quote: Unicode.Scalar) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if scalar == quote { scalars.append(scalar) }
      scalars.append(scalar)
    }
    return String(scalars)
  }

  /// Each pair of `quote` written once.
  fileprivate func undoubled(_ quote: Unicode.Scalar) -> String {
    var scalars = String.UnicodeScalarView()
    var isSecond = false
    for scalar in unicodeScalars {
      isSecond = scalar == quote && !isSecond
      if scalar != quote || isSecond { scalars.append(scalar) }
    }
    return String(scalars)
  }
}
