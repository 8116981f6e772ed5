private import ParallaxText

/// The rows of a printed table, in the order in which they are expected as far as they may be.
struct RowOrder {
  /// A printed line, with the number that may be further away than others.
  struct Row {
    var text: String
    var words: [Substring]
    var slack: LineMatcher.Slack?
  }

  /// Where the words of a row stand that mean something for its place.
  private struct Place {
    var rank: Int?
    var score: Int?
  }

  let matcher: LineMatcher

  /// - Parameters:
  ///   - expected: words of the expected lines; those of wildcards agree with no row.
  ///   - printed: lines of a table, its header first.
  func sorted(_ printed: [String], expected: [[Substring]]) -> [Row] {
    let rows = printed.map { Row(text: $0, words: LineMatcher.words($0)) }
    let columns = printed.first.map(Self.spans) ?? []
    let places = printed.map { Self.place(in: $0, columns) }
    let isOrdered = !matcher.rules.rowsAreSet && matcher.rules.overlap == nil
    if isOrdered, places.dropFirst().allSatisfy({ $0.score == nil }) { return rows }
    let keys = keys(rows, places, expected, slack: isOrdered ? OutputRules.tie : 0)
    var order = Array(rows.indices)
    var moved: Set<Int> = []
    if isOrdered {
      moved = exchangeTies(&order, keys) { row in score(rows[row], places[row]) }
    } else {
      order.sort { (keys[$0] ?? .max, $0) < (keys[$1] ?? .max, $1) }
    }
    return order.indices.map { position in
      let row = order[position]
      var result = rows[row]
      if let own = places[row].rank, let other = places[position].rank, row != position {
        result = Self.replacing(result, own, by: rows[position].words[other])
      }
      if moved.contains(row), let score = places[row].score {
        result.slack = (score, OutputRules.tie)
      }
      return result
    }
  }

  /// Lets neighbours whose scores are tied pass one another until none stand the wrong way round.
  ///
  /// - Returns: the rows that moved.
  private func exchangeTies(
    _ order: inout [Int], _ keys: [Int?], score: (Int) -> Double?
  ) -> Set<Int> {
    let scores = order.map(score)
    var moved: Set<Int> = []
    var isSorted = false
    while !isSorted {
      isSorted = true
      for index in order.indices.dropFirst() {
        let (left, right) = (order[index - 1], order[index])
        guard let wanted = keys[left], let other = keys[right], wanted > other,
          let one = scores[left], let two = scores[right],
          abs(one - two) <= OutputRules.tie * (1 + 1e-9)
        else { continue }
        order.swapAt(index - 1, index)
        moved.formUnion([left, right])
        isSorted = false
      }
    }
    return moved
  }

  /// For each row the number of the expected line that it is without its rank; none twice.
  private func keys(
    _ rows: [Row], _ places: [Place], _ expected: [[Substring]], slack: Double
  ) -> [Int?] {
    let rank = places.lazy.compactMap(\.rank).first
    let wanted = expected.map { Self.without(rank, $0) }
    // Most rows are as they were: those are found by their text.
    var equal = Dictionary(grouping: wanted.indices) { wanted[$0] }
    var keys = rows.map { row -> Int? in
      let words = Self.without(rank, row.words)
      guard var lines = equal[words], !lines.isEmpty else { return nil }
      defer { equal[words] = lines }
      return lines.removeFirst()
    }
    let taken = Set(keys.compactMap(\.self))
    var free = wanted.indices.filter { !taken.contains($0) && !wanted[$0].isEmpty }
    for row in rows.indices where keys[row] == nil {
      let printed = Self.without(rank, rows[row].words)
      let score = places[row].score.map { score in
        score - (rank.map { $0 < score } ?? false ? 1 : 0)
      }
      let found = free.firstIndex {
        matcher.agrees(wanted[$0], printed, slack: score.map { ($0, slack) })
      }
      keys[row] = found.map { free.remove(at: $0) }
    }
    return keys
  }

  private func score(_ row: Row, _ place: Place) -> Double? {
    guard let word = place.score.map({ row.words[$0] }) else { return nil }
    return matcher.values?[String(word)]?.first ?? Double(word)
  }

  private static func without(_ index: Int?, _ words: [Substring]) -> [Substring] {
    guard let index, index < words.count else { return words }
    return Array(words[..<index] + words[(index + 1)...])
  }

  private static func replacing(_ row: Row, _ index: Int, by word: Substring) -> Row {
    var copy = row
    let old = row.words[index]
    copy.text.replaceSubrange(old.startIndex..<old.endIndex, with: word)
    copy.words[index] = word
    return copy
  }

  // MARK: - Columns

  /// The words of a line with the terminal columns in which they begin and end.
  static func spans(_ line: String) -> [(word: Substring, columns: Range<Int>)] {
    var spans: [(word: Substring, columns: Range<Int>)] = []
    var column = 0
    var index = line.startIndex
    for word in LineMatcher.words(line) {
      column += TerminalText.width(of: String(line[index..<word.startIndex]))
      let end = column + TerminalText.width(of: String(word))
      spans.append((word, column..<end))
      (column, index) = (end, word.endIndex)
    }
    return spans
  }

  /// Numbers stand at the right of their columns.
  private static func place(
    in line: String, _ columns: [(word: Substring, columns: Range<Int>)]
  ) -> Place {
    let words = spans(line)
    func word(of name: String) -> Int? {
      guard let end = columns.first(where: { $0.word == name })?.columns.upperBound else {
        return nil
      }
      return words.firstIndex { $0.columns.upperBound == end && Double($0.word) != nil }
    }
    return Place(rank: word(of: "rank"), score: word(of: "score"))
  }
}
