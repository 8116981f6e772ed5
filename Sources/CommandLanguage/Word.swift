/// A word of the language: parts that join, each knowing where it stands in the source.
package struct Word: Sendable, Hashable {
  package enum Content: Sendable, Hashable {
    /// Unquoted text: here operators such as `^`, `,` and `--` count.
    case bare(String)
    /// Text from quotes or behind a backslash: never more than text.
    case quoted(String)
    /// `$name`; `isQuoted` within double quotes.
    case variable(String, isQuoted: Bool)
  }

  package struct Part: Sendable, Hashable {
    package var content: Content
    /// UTF-8 offsets in the source, without the quotes around it.
    package var range: Range<Int>
  }

  package var parts: [Part]
  /// UTF-8 offsets in the source, with quotes.
  package var range: Range<Int>

  /// The text when there is no variable in it.
  package var literal: String? {
    var text = ""
    for part in parts {
      switch part.content {
      case .bare(let piece), .quoted(let piece): text += piece
      case .variable: return nil
      }
    }
    return text
  }

  /// The text when nothing in it is quoted and there is no variable.
  package var bareText: String? {
    if parts.count == 1, case .bare(let text) = parts[0].content { return text }
    return nil
  }

  /// Whether a backslash stands in front of its first character.
  var isEscaped: Bool {
    if let first = parts.first, case .quoted(let text) = first.content {
      return first.range.lowerBound == range.lowerBound && text.utf8.count < first.range.count
    }
    return false
  }

  /// The names of the variables in it with their positions, in order.
  package var variables: [(name: String, range: Range<Int>)] {
    parts.compactMap { part in
      if case .variable(let name, _) = part.content { return (name, part.range) }
      return nil
    }
  }
}
