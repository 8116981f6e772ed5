/// The text of a word with its variables in place, and where each piece of it came from.
struct BoundText: Sendable, Hashable {
  struct Piece: Sendable, Hashable {
    var text: String
    /// Whether the language's operators count in it (unquoted text and unquoted variables).
    var isBare: Bool
    var source: Range<Int>
    /// Whether its bytes stand in the source one by one.
    var isVerbatim: Bool
  }

  var pieces: [Piece]
  /// UTF-8 offsets of the whole value in the source.
  var range: Range<Int>
  /// Whether one pair of quotes held all of it.
  var isOneQuotation = false

  var text: String { pieces.map(\.text).joined() }

  /// Where a part of the text, given in UTF-8 offsets, stands in the source.
  func sourceRange(of part: Range<Int>) -> Range<Int> {
    var offset = 0
    var start: Int?
    var end: Int?
    for piece in pieces {
      let count = piece.text.utf8.count
      let low = max(part.lowerBound, offset)
      let high = min(part.upperBound, offset + count)
      if low < high || (part.isEmpty && low == high) {
        let isExact = piece.isVerbatim
        let lower = isExact ? piece.source.lowerBound + low - offset : piece.source.lowerBound
        let upper = isExact ? piece.source.lowerBound + high - offset : piece.source.upperBound
        if start == nil { start = lower }
        end = max(upper, start ?? upper)
      }
      offset += count
    }
    guard let start, let end else { return range.upperBound..<range.upperBound }
    return start..<end
  }

  /// The elements of a list: cut at commas in its bare pieces, or everywhere when one pair of quotes
  /// holds the whole list. Blanks around the commas of the latter do not count.
  func elements() -> [BoundText] {
    guard isOneQuotation, text.contains(",") else { return cut(isBare: \.isBare) }
    return cut { _ in true }.map(\.trimmed)
  }

  private func cut(isBare: (Piece) -> Bool) -> [BoundText] {
    var elements: [[Piece]] = [[]]
    var starts = [range.lowerBound]
    for piece in pieces {
      guard isBare(piece) else {
        elements[elements.count - 1].append(piece)
        continue
      }
      var offset = piece.source.lowerBound
      for (index, part) in piece.text.split(separator: ",", omittingEmptySubsequences: false)
        .enumerated()
      {
        if index > 0 {
          elements.append([])
          offset = piece.isVerbatim ? offset + 1 : offset
          starts.append(offset)
        }
        let end = piece.isVerbatim ? offset + part.utf8.count : piece.source.upperBound
        if !part.isEmpty {
          elements[elements.count - 1].append(
            Piece(
              text: String(part), isBare: piece.isBare, source: offset..<end,
              isVerbatim: piece.isVerbatim))
        }
        if piece.isVerbatim { offset = end }
      }
    }
    return zip(elements, starts).map { pieces, start in
      BoundText(pieces: pieces, range: start..<max(start, pieces.last?.source.upperBound ?? start))
    }
  }

  /// Without the blanks at both ends.
  private var trimmed: BoundText {
    var pieces = pieces
    while let first = pieces.first, first.text.hasPrefix(" ") {
      pieces[0] = first.cut(droppingFirst: 1, last: 0)
      if pieces[0].text.isEmpty { pieces.removeFirst() }
    }
    while let last = pieces.last, last.text.hasSuffix(" ") {
      pieces[pieces.count - 1] = last.cut(droppingFirst: 0, last: 1)
      if pieces[pieces.count - 1].text.isEmpty { pieces.removeLast() }
    }
    guard let first = pieces.first, let last = pieces.last else {
      return BoundText(pieces: [], range: range)
    }
    return BoundText(
      pieces: pieces, range: first.source.lowerBound..<last.source.upperBound)
  }
}

extension BoundText.Piece {
  /// Without so many ASCII characters at its ends.
  fileprivate func cut(droppingFirst first: Int, last: Int) -> Self {
    var piece = self
    piece.text = String(text.dropFirst(first).dropLast(last))
    if isVerbatim { piece.source = source.lowerBound + first..<source.upperBound - last }
    return piece
  }
}

extension Word.Part {
  fileprivate var isQuoted: Bool {
    switch content {
    case .bare, .variable(_, isQuoted: false): false
    case .quoted, .variable: true
    }
  }
}

extension Word {
  /// The word with its variables in place.
  ///
  /// - Throws: `UnknownVariable` for the first variable that has no value.
  func bound(_ variables: (String) -> String?) throws(UnknownVariable) -> BoundText {
    var pieces: [BoundText.Piece] = []
    for part in parts {
      switch part.content {
      case .bare(let text):
        pieces.append(.init(text: text, isBare: true, source: part.range, isVerbatim: true))
      case .quoted(let text):
        let isVerbatim = text.utf8.count == part.range.count
        pieces.append(.init(text: text, isBare: false, source: part.range, isVerbatim: isVerbatim))
      case .variable(let name, let isQuoted):
        guard let value = variables(name) else {
          throw UnknownVariable(name: name, range: part.range)
        }
        pieces.append(
          .init(text: value, isBare: !isQuoted, source: part.range, isVerbatim: false))
      }
    }
    return BoundText(pieces: pieces, range: range, isOneQuotation: isOneQuotation)
  }

  /// Whether one pair of quotes holds all of it.
  var isOneQuotation: Bool {
    guard let first = parts.first, let last = parts.last,
      first.range.lowerBound == range.lowerBound + 1,
      last.range.upperBound == range.upperBound - 1, parts.allSatisfy(\.isQuoted)
    else { return false }
    return zip(parts, parts.dropFirst()).allSatisfy {
      $0.range.upperBound == $1.range.lowerBound
    }
  }
}

/// A variable without a value, found at `range` of the source.
struct UnknownVariable: Error {
  var name: String
  var range: Range<Int>
}
