extension Word {
  /// Whether it begins with an unquoted `-`.
  var startsOption: Bool {
    if case .bare(let text)? = parts.first?.content { return text.hasPrefix("-") }
    return false
  }

  /// Whether it begins with an unquoted `--`.
  var startsLongOption: Bool {
    if case .bare(let text)? = parts.first?.content { return text.hasPrefix("--") }
    return false
  }

  /// The word cut around its first unquoted `separator`, when that stands in its first part.
  ///
  /// - Returns: what comes before and after (`nil` where there is nothing), and where the
  ///   separator stands.
  func cut(at separator: Character) -> (before: Word?, separator: Range<Int>, after: Word?)? {
    guard let first = parts.first, case .bare(let text) = first.content,
      let index = text.firstIndex(of: separator)
    else { return nil }
    let offset = first.range.lowerBound + text.utf8.distance(from: text.startIndex, to: index)
    let before = Self.bare(String(text[..<index]), at: first.range.lowerBound)
    var rest = Array(parts.dropFirst())
    let tail = String(text[text.index(after: index)...])
    if !tail.isEmpty {
      rest.insert(
        Part(content: .bare(tail), range: offset + 1..<first.range.upperBound), at: 0)
    }
    let after = rest.isEmpty ? nil : Word(parts: rest, range: offset + 1..<range.upperBound)
    return (before, offset..<offset + 1, after)
  }

  private static func bare(_ text: String, at start: Int) -> Word? {
    guard !text.isEmpty else { return nil }
    let range = start..<start + text.utf8.count
    return Word(parts: [Part(content: .bare(text), range: range)], range: range)
  }

  /// The word cut around its first unquoted `^`, which begins a weight; `nil` without one.
  ///
  /// - Returns: what comes before, and what comes behind it, either perhaps without parts.
  func cutAtWeight() -> (value: Word, weight: Word)? {
    for (index, part) in parts.enumerated() {
      guard case .bare(let text) = part.content, let mark = text.firstIndex(of: "^") else {
        continue
      }
      let offset = part.range.lowerBound + text.utf8.distance(from: text.startIndex, to: mark)
      var value = Word(parts: Array(parts[..<index]), range: range.lowerBound..<offset)
      var weight = Word(parts: Array(parts[(index + 1)...]), range: offset + 1..<range.upperBound)
      if let before = Self.bare(String(text[..<mark]), at: part.range.lowerBound) {
        value.parts += before.parts
      }
      if let behind = Self.bare(String(text[text.index(after: mark)...]), at: offset + 1) {
        weight.parts.insert(contentsOf: behind.parts, at: 0)
      }
      return (value, weight)
    }
    return nil
  }
}

extension [Word] {
  /// The words with an `=` at `position` set free where it is glued to its neighbours.
  func separatingEquals(at position: Int) -> [Word] {
    var words = self
    if words.indices.contains(position - 1), !words[position - 1].startsOption,
      let (before, equals, after) = words[position - 1].cut(at: "="), let before
    {
      words.replaceSubrange(
        position - 1...position - 1,
        with: [before, .equals(at: equals)] + (after.map { [$0] } ?? []))
    } else if words.indices.contains(position), words[position].bareText != "=",
      let (before, equals, after) = words[position].cut(at: "="), before == nil, let after
    {
      words.replaceSubrange(position...position, with: [.equals(at: equals), after])
    }
    return words
  }
}

extension Word {
  fileprivate static func equals(at range: Range<Int>) -> Word {
    Word(parts: [Part(content: .bare("="), range: range)], range: range)
  }
}
