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

  /// The word without its weight, and the weight; `nil` when its unquoted tail is not `^NUMBER`.
  func splittingWeight() -> (value: Word, weight: Double)? {
    guard let last = parts.last, case .bare(let text) = last.content,
      let index = text.lastIndex(of: "^"),
      let weight = Numbers.decimal(String(text[text.index(after: index)...]))
    else { return nil }
    let kept = String(text[..<index])
    var value = self
    value.parts.removeLast()
    let end = last.range.lowerBound + kept.utf8.count
    if !kept.isEmpty {
      value.parts.append(Part(content: .bare(kept), range: last.range.lowerBound..<end))
    }
    value.range = range.lowerBound..<end
    return (value, weight)
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
