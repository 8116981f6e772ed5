private import ParallaxCore

/// What of an output is as expected, and what is not.
package struct OutputComparison: Sendable {
  package let isSame: Bool
  /// Lines that are not blank, as they were expected.
  let expected: [String]
  /// Lines that are not blank, as they were printed, but for rows whose order does not count.
  let printed: [String]
  let alignment: Alignment
  let matcher: LineMatcher
  /// How many rows are there of how many, where only a share of them must be.
  package let share: (found: Int, of: Int)?
  let original: PrintedOutput

  /// - Parameter expected: may hold wildcards.
  package init(_ expected: [String], _ output: PrintedOutput, _ rules: OutputRules) {
    original = output
    matcher = LineMatcher(rules: rules, values: output.values)
    self.expected = expected.filter { !$0.trimmingBlanks.isEmpty }
    var printed = output.lines.filter { !$0.trimmingBlanks.isEmpty }
    let words = self.expected.map(LineMatcher.words)
    let isWild = self.expected.map { $0.trimmingBlanks == Wildcard.lines }
    var rows = printed.map { RowOrder.Row(text: $0, words: LineMatcher.words($0)) }
    share = matcher.share(of: words, rows.map(\.words), in: printed, expected: self.expected)
    if let share, let overlap = rules.overlap {
      isSame = Double(share.found) >= overlap * Double(share.of) - 1e-9
    } else if matcher.agree(words, isWild, rows) {
      isSame = true
    } else {
      rows = RowOrder(matcher: matcher).sorted(
        printed, expected: zip(words, isWild).map { $1 ? [] : $0 })
      printed = rows.map(\.text)
      isSame = matcher.agree(words, isWild, rows)
    }
    self.printed = printed
    alignment = matcher.alignment(words, isWild, rows)
  }

  /// The expected lines that agree with what was printed, with their wildcards where they still fit.
  package var updated: [String] {
    if isSame { return expected }
    guard expected.contains(where: { $0.contains("..") }) else {
      return original.lines.map(Self.written)
    }
    let lines = alignment.steps.compactMap { step in
      switch step {
      case .same(let line, _), .wild(let line, _): expected[line]
      case .changed(let line, let new): merged(expected[line], printed[new])
      case .missing: nil
      case .extra(let new): Self.written(printed[new])
      }
    }
    let isRight = OutputComparison(lines, original, matcher.rules).isSame
    return isRight ? lines : original.lines.map(Self.written)
  }

  /// A printed line with the wildcards of the expected one.
  private func merged(_ expected: String, _ printed: String) -> String {
    guard expected.contains(Wildcard.text) else { return Self.written(printed) }
    let (wanted, words) = (LineMatcher.words(expected), LineMatcher.words(printed))
    var line = printed
    // From the end, so that what stands before keeps its place.
    for step in matcher.alignment(wanted, words).steps.reversed() {
      switch step {
      case .wild(_, let range) where !range.isEmpty:
        let start = words[range.lowerBound].startIndex
        line.replaceSubrange(start..<words[range.upperBound - 1].endIndex, with: Wildcard.text)
      case .same(let word, let new) where wanted[word].contains(Wildcard.text):
        line.replaceSubrange(words[new].startIndex..<words[new].endIndex, with: wanted[word])
      default: break
      }
    }
    return Self.written(line)
  }

  /// A printed line as a page can hold it: what would be read as a command, a wildcard or the end of the
  /// block is covered, and so are the time of day and how long something took, which never come again.
  static func written(_ line: String) -> String {
    let line = coveringTimes(line)
    let isRead =
      line.hasPrefix("> ") || line.hasPrefix(". ") || [">", "."].contains(line)
      || line.hasPrefix("exit:") || line.trimmingBlanks == Wildcard.lines
      || ["```", "~~~"].contains { line.trimmingBlanks.hasPrefix($0) }
    guard isRead, let first = LineMatcher.words(line).first else { return line }
    return Wildcard.text + line[first.endIndex...]
  }

  private static func coveringTimes(_ line: String) -> String {
    let words = LineMatcher.words(line)
    var result = line
    if let unit = words.last, ["ms", "s", "min"].contains(unit), words.count > 1,
      case let number = words[words.count - 2], Double(number) != nil
    {
      result.replaceSubrange(number.startIndex..<unit.endIndex, with: Wildcard.text)
    }
    // From the end, so that what stands before keeps its place.
    for word in words.reversed() where isTimeOfDay(word) {
      result.replaceSubrange(word.startIndex..<word.endIndex, with: Wildcard.text)
    }
    return result
  }

  /// Whether a word is as `2026-05-31T12:00:00Z`.
  private static func isTimeOfDay(_ word: Substring) -> Bool {
    let form = "0000-00-00T00:00:00Z"
    return word.utf8.count == form.utf8.count
      && zip(word.utf8, form.utf8).allSatisfy { byte, place in
        place == UInt8(ascii: "0") ? (0x30...0x39).contains(byte) : byte == place
      }
  }

  /// What is written for an output of which nothing is expected yet.
  package static func written(_ output: PrintedOutput) -> [String] {
    output.lines.map(written)
  }
}

extension LineMatcher {
  /// Whether lines are as expected, one after the other.
  func agree(_ expected: [[Substring]], _ isWild: [Bool], _ printed: [RowOrder.Row]) -> Bool {
    var next: Set<Int> = [0]
    for (index, words) in expected.enumerated() {
      if isWild[index] {
        next = next.min().map { Set($0...printed.count) } ?? []
      } else {
        next = Set(
          next.filter { position in
            position < printed.count
              && agrees(words, printed[position].words, slack: printed[position].slack)
          }.map { $0 + 1 })
      }
      if next.isEmpty { return false }
    }
    return next.contains(printed.count)
  }

  func alignment(
    _ expected: [[Substring]], _ isWild: [Bool], _ printed: [RowOrder.Row]
  ) -> Alignment {
    Alignment(
      expected.count, printed.count, isWild: { isWild[$0] },
      cost: { i, j in
        if agrees(expected[i], printed[j].words, slack: printed[j].slack) { return 0 }
        let words = expected[i].filter { !$0.contains(Wildcard.text) }
        let common = Set(words).intersection(printed[j].words).count
        // A wildcard may stand for all that is more.
        let count = words.count < expected[i].count ? words.count : printed[j].words.count
        let share = Double(common) / Double(max(1, words.count, count))
        // Half of the words in common is cheaper than leaving a line to a wildcard.
        return Int(Double(Alignment.gap) * (1.9 - 1.8 * share))
      })
  }

  /// How many rows of a table are there of those that should be: by their ids, or by all that is no
  /// number where they have none.
  func share(
    of expected: [[Substring]], _ printed: [[Substring]], in lines: [String],
    expected texts: [String]
  ) -> (found: Int, of: Int)? {
    guard rules.overlap != nil, let header = printed.first, expected.first == header else {
      return nil
    }
    let isOpen = texts.contains { $0.trimmingBlanks == Wildcard.lines }
    func names(_ lines: [String]) -> [String] {
      let header = RowOrder.spans(lines[0])
      let id = header.firstIndex { $0.word == "id" }
      return lines.dropFirst().filter { $0.trimmingBlanks != Wildcard.lines }.map { line in
        let words = RowOrder.spans(line)
        guard let id else {
          return words.map(\.word).filter { Double($0) == nil }.joined(separator: " ")
        }
        // By its place on the line where the columns stand in line, else by its number.
        let place = header[id].columns.lowerBound
        let index = words.firstIndex { $0.columns.lowerBound == place } ?? id
        return index < words.count ? String(words[index].word) : line
      }
    }
    var found = names(lines)
    let count = found.count
    let wanted = names(texts)
    let common = wanted.count { name in
      guard let index = found.firstIndex(of: name) else { return false }
      found.remove(at: index)
      return true
    }
    return (common, isOpen ? wanted.count : max(wanted.count, count))
  }
}
