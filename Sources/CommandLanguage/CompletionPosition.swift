private import ParallaxCore

/// Where the cursor stands: the words of the command before it, and the word it is in.
struct CompletionPosition {
  /// The complete words of the command at the cursor.
  private(set) var words: [Word] = []
  /// The word that ends at the cursor; without parts when the cursor follows a blank.
  private(set) var current: Word
  /// The quote that is open at the cursor.
  private(set) var openQuote: Scan.Quote?
  /// Where that quote stands.
  private(set) var openQuoteStart = 0
  /// Whether the quote that would close it follows the cursor.
  private(set) var closesAfterCursor = false
  /// The variable being typed: its name so far, and where its `$` stands.
  private(set) var variable: (name: String, isBraced: Bool, start: Int)?
  private(set) var isPiped = false
  /// The words of the command that the pipeline begins with, when the cursor is in a later one.
  private(set) var source: [Word]?
  let text: String
  let cursor: Int

  /// - Parameter next: the byte after the cursor.
  /// - Returns: `nil` in a comment, and after a fault that completing cannot mend.
  init?(_ text: String, next: UInt8? = nil) {
    let scan = Lexer.scan(text)
    self.text = text
    cursor = text.utf8.count
    current = Word(parts: [], range: cursor..<cursor)
    if let open = scan.openQuote {
      openQuote = open.kind
      openQuoteStart = open.start
      closesAfterCursor = next == open.kind.rawValue
    }
    if let failure = scan.failure, failure.code == .badVariable, failure.range.upperBound == cursor
    {
      let typed = SourceText(text, name: "")[failure.range]
      variable = (
        String(typed.drop { $0 == "$" || $0 == "{" }), typed.hasPrefix("${"),
        failure.range.lowerBound
      )
    } else if scan.failure != nil, openQuote == nil {
      return nil
    }
    for token in scan.tokens {
      switch token.kind {
      case .word(let word): words.append(word)
      case .pipe: startCommand(isPiped: true)
      case .semicolon: startCommand(isPiped: false)
      case .newline: if !words.isEmpty { startCommand(isPiped: false) }
      case .comment: if token.range.upperBound == cursor { return nil }
      }
    }
    takeCurrent()
    dropAssignment()
    if variable == nil, let last = current.parts.last, last.range.upperBound == cursor,
      case .variable(let name, _) = last.content
    {
      let isBraced = last.range.count != name.utf8.count + 1
      variable = isBraced ? nil : (name, false, last.range.lowerBound)
    }
  }

  private mutating func startCommand(isPiped: Bool) {
    if isPiped {
      source = source ?? words.droppingAssignment
    } else {
      source = nil
    }
    words = []
    self.isPiped = isPiped
  }

  private mutating func takeCurrent() {
    if let last = words.last, last.range.upperBound == cursor, !last.range.isEmpty {
      current = last
      words.removeLast()
    }
  }

  /// Leaves `NAME =` out, so that a verb is next.
  private mutating func dropAssignment() {
    let separated = (words + [current]).separatingEquals(at: 1)
    guard !isPiped, separated.count > 1, separated[1].bareText == "=", !separated[0].startsOption
    else { return }
    let rest = separated.dropFirst(2)
    if separated[1].range.upperBound == cursor, rest.allSatisfy(\.parts.isEmpty) {
      current = Word(parts: [], range: cursor..<cursor)
      words = []
    } else {
      words = Array(rest.dropLast())
      current = rest.last ?? current
    }
  }
}

extension [Word] {
  /// The words without `NAME =`.
  fileprivate var droppingAssignment: [Word] {
    let separated = separatingEquals(at: 1)
    guard separated.count > 1, separated[1].bareText == "=", !separated[0].startsOption else {
      return self
    }
    return Array(separated.dropFirst(2))
  }
}
