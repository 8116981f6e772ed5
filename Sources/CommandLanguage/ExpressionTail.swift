/// The name, or the text in quotes, that an unfinished expression ends in.
struct ExpressionTail {
  private(set) var name = ""
  private(set) var isInString = false
  private(set) var isQuotedField = false
  /// UTF-8 length of the tail to replace: with the quote of a field, without that of a string.
  private(set) var length = 0
  /// The last field before the tail.
  private(set) var field: String?

  private static let words: Set<String> = [
    "and", "between", "false", "in", "is", "like", "not", "null", "or", "true",
  ]

  init(_ text: String) {
    var quote: Character?
    // What was in the quotes that end right before.
    var closed: (quote: Character, text: String)?
    var doubled = 0
    for character in text {
      if let open = quote {
        if character == open {
          closed = (open, name)
          quote = nil
          name = ""
        } else {
          name.append(character)
        }
        continue
      }
      if let before = closed, character == before.quote {
        // Two quotes are one within the text.
        quote = character
        name = before.text + String(character)
        doubled += 1
        closed = nil
        continue
      }
      if let before = closed, before.quote == "\"" { field = before.text }
      closed = nil
      if character == "'" || character == "\"" {
        note(name)
        quote = character
        (name, doubled) = ("", 0)
      } else if character.isLetter || character.isNumber || character == "_" || character == "." {
        name.append(character)
      } else {
        note(name)
        name = ""
      }
    }
    isInString = quote == "'"
    isQuotedField = quote == "\""
    length = name.utf8.count
    if isInString { length += doubled }
    if isQuotedField { length += doubled + 1 }
  }

  private mutating func note(_ word: String) {
    guard let first = word.first, !first.isNumber, !Self.words.contains(word.lowercased()) else {
      return
    }
    field = word
  }
}
