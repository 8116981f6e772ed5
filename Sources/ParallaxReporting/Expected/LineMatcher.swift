/// Compares an expected line with a printed one, word by word; runs of blanks are equal.
struct LineMatcher: Sendable {
  let rules: OutputRules
  /// As of ``PrintedOutput``.
  let values: [String: [Double]]?

  /// A word of a printed line whose number may be further away, and how far.
  typealias Slack = (word: Int, distance: Double)

  /// Whether a printed line is as expected.
  func agrees(_ expected: [Substring], _ printed: [Substring], slack: Slack? = nil) -> Bool {
    // The words of the printed line that may come next.
    var next: Set<Int> = [0]
    for word in expected {
      var after: Set<Int> = []
      for position in next {
        if word == Wildcard.text {
          after.formUnion(position...printed.count)
        } else if word.contains(Wildcard.text) {
          for end in position..<printed.count
          where Self.fits(printed[position...end].joined(separator: " "), pattern: word) {
            after.insert(end + 1)
          }
        } else if position < printed.count {
          let extra = slack.map { $0.word == position ? $0.distance : 0 } ?? 0
          if agrees(word, printed[position], extra) { after.insert(position + 1) }
        }
      }
      if after.isEmpty { return false }
      next = after
    }
    return next.contains(printed.count)
  }

  /// How the words of two lines correspond.
  func alignment(_ expected: [Substring], _ printed: [Substring]) -> Alignment {
    Alignment(
      expected.count, printed.count, isWild: { expected[$0] == Wildcard.text },
      cost: { i, j in
        let isSame =
          expected[i].contains(Wildcard.text)
          ? Self.fits(String(printed[j]), pattern: expected[i])
          : agrees(expected[i], printed[j], 0)
        return isSame ? 0 : Alignment.gap * 3 / 4
      })
  }

  static func words(_ line: String) -> [Substring] {
    line.split { $0 == " " || $0 == "\t" }
  }

  /// Whether a text is `pattern`, in which `[..]` stands for any text.
  private static func fits(_ text: String, pattern: Substring) -> Bool {
    let pieces = pattern.split(separator: Wildcard.text, omittingEmptySubsequences: false)
    guard let first = pieces.first, let last = pieces.last, text.hasPrefix(first) else {
      return false
    }
    var rest = text.dropFirst(first.count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let found = rest.firstRange(of: piece) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.count >= last.count && rest.hasSuffix(last)
  }

  // MARK: - Words

  private func agrees(_ expected: Substring, _ printed: Substring, _ extra: Double) -> Bool {
    if expected == printed { return true }
    let wanted = WordPart.parts(of: expected)
    let found = WordPart.parts(of: printed)
    guard wanted.count == found.count else { return false }
    return zip(wanted, found).allSatisfy { wanted, found in
      wanted.text == found.text || agree(wanted, found, extra)
    }
  }

  /// Whether a number is the printed one to the precision in which it is written.
  private func agree(_ wanted: WordPart, _ found: WordPart, _ extra: Double) -> Bool {
    guard let unit = wanted.unit, found.unit != nil, let number = Double(wanted.text),
      let rounded = Double(found.text)
    else { return false }
    let exact = values?[String(found.text)]
    // A number within the text of a cell is text.
    if values != nil, exact == nil, rules.tolerance + extra == 0 { return false }
    // The printed number is rounded as well, so that a value at the middle may go either way.
    let distance = unit * 0.525 + rules.tolerance + extra
    return (exact ?? [rounded]).contains { abs($0 - number) <= distance }
  }
}

/// A piece of a word: a number with a point, or what is between such numbers.
struct WordPart: Sendable, Hashable {
  let text: Substring
  /// The value of the number's last digit; `nil` for other text.
  let unit: Double?

  private static let openers: Set<Character> = [
    "(", "[", "{", "<", "=", ":", ",", ";", "±", "~", "–",
  ]
  private static let closers: Set<Character> = [")", "]", "}", ">", ",", ";", ":", "%", "–", "^"]

  /// Numbers count only where no letter or other sign makes them part of a name: `0.5` in `(0.5,`, but
  /// not in `v0.5` or `0.5.jpg`.
  static func parts(of word: Substring) -> [WordPart] {
    var parts: [WordPart] = []
    var rest = word
    var text = word.startIndex
    while !rest.isEmpty {
      let before =
        rest.startIndex == word.startIndex ? nil : word[word.index(before: rest.startIndex)]
      if before.map(openers.contains) ?? true, let (number, unit) = number(at: rest),
        word[number.endIndex...].first.map(closers.contains) ?? true
      {
        if text < number.startIndex {
          parts.append(WordPart(text: word[text..<number.startIndex], unit: nil))
        }
        parts.append(WordPart(text: number, unit: unit))
        rest = word[number.endIndex...]
        text = rest.startIndex
      } else {
        rest = rest.dropFirst()
      }
    }
    if text < word.endIndex { parts.append(WordPart(text: word[text...], unit: nil)) }
    return parts
  }

  /// The number with a point or an exponent that a text begins with.
  private static func number(at text: Substring) -> (Substring, unit: Double)? {
    var rest = text[...]
    func digits() -> Int {
      let count = rest.prefix { $0.isASCII && $0.isNumber }.count
      rest = rest.dropFirst(count)
      return count
    }
    if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
    guard digits() > 0 else { return nil }
    var decimals: Int?
    if rest.first == "." {
      rest = rest.dropFirst()
      let count = digits()
      guard count > 0 else { return nil }
      decimals = count
    }
    var exponent: Int?
    if rest.first == "e" || rest.first == "E" {
      let mark = rest
      rest = rest.dropFirst()
      let start = rest.startIndex
      if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
      if digits() > 0, let number = Int(text[start..<rest.startIndex]) {
        exponent = number
      } else {
        rest = mark
      }
    }
    guard decimals != nil || exponent != nil else { return nil }
    let power = (exponent ?? 0) - (decimals ?? 0)
    guard let unit = Double("1e\(power)") else { return nil }
    return (text[..<rest.startIndex], unit)
  }
}
