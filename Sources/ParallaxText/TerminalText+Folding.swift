extension TerminalText {
  /// `text` in lines of at most `width` terminal columns, broken at blanks.
  ///
  /// - Parameters:
  ///   - hanging: blanks in front of every line but the first.
  ///   - cutsWords: whether a word that is longer than a line is cut; otherwise it stands alone and
  ///     whole.
  package static func folded(
    _ text: String, to width: Int, hanging: Int = 0, cutsWords: Bool = false
  ) -> [String] {
    guard self.width(of: text) > width, width > hanging else { return [text] }
    let margin = String(repeating: " ", count: hanging)
    var lines: [String] = []
    var line = ""
    var hasWord = false
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let longer = hasWord ? "\(line) \(word)" : line + word
      if self.width(of: longer) <= width {
        line = longer
        hasWord = true
        continue
      }
      if hasWord {
        lines.append(line)
        line = margin
      }
      var rest = String(word)
      while cutsWords, self.width(of: line + rest) > width {
        let head = head(of: rest, columns: width - self.width(of: line))
        lines.append(line + head)
        rest.removeFirst(head.count)
        line = margin
      }
      line += rest
      hasWord = !rest.isEmpty
    }
    return hasWord ? lines + [line] : lines
  }

  /// As many characters as fit, at least one.
  private static func head(of text: String, columns: Int) -> String {
    var kept = ""
    var used = 0
    for character in text {
      used += width(of: character)
      guard used <= columns || kept.isEmpty else { break }
      kept.append(character)
    }
    return kept
  }
}
