internal import ParallaxCore
private import ParallaxText

/// Pictures with their fields below them, side by side as far as a terminal's width goes.
package struct PictureSheet: Sendable {
  package struct Card: Sendable, Hashable {
    package var picture: TerminalPicture
    /// With names and values as people read them, controls escaped.
    package var fields: [String]

    package init(picture: TerminalPicture, fields: [String]) {
      self.picture = picture
      self.fields = fields
    }
  }

  /// Cards that belong together.
  package struct Group: Sendable, Hashable {
    package var heading: String?
    package var cards: [Card]

    package init(heading: String?, cards: [Card]) {
      self.heading = heading
      self.cards = cards
    }
  }

  /// Columns between cards.
  private static let gap = 2
  /// Columns for fields under a narrow picture.
  private static let readable = 24

  private let style: PictureStyle
  private let box: PictureBox
  private let colors: TerminalColors
  /// Of a card.
  private let columns: Int
  /// Cards side by side.
  private let across: Int

  /// - Parameter width: columns of the terminal.
  package init(_ style: PictureStyle, _ box: PictureBox, _ colors: TerminalColors, width: Int) {
    (self.style, self.box, self.colors) = (style, box, colors)
    columns = max(box.columns, min(Self.readable, width))
    across = max(1, (width + Self.gap) / (columns + Self.gap))
  }

  /// What is written to draw some groups: a text for each band of cards, which leaves the cursor at the
  /// start of the line below it.
  ///
  /// - Throws: `missing-component` and `internal-error` of sixel; `CancellationError`.
  package func bands(_ groups: [Group]) throws -> [String] {
    var bands: [String] = []
    for group in groups {
      for start in stride(from: 0, to: group.cards.count, by: across) {
        try Task.checkCancellation()
        var band = bands.isEmpty ? "" : "\n"
        if start == 0, let heading = group.heading { band += TerminalText.escaped(heading) + "\n" }
        bands.append(band + (try self.band(Array(group.cards[start...].prefix(across)))))
      }
    }
    return bands
  }

  private func band(_ cards: [Card]) throws -> String {
    let art = cards.map(art)
    let height = art.map(\.count).max() ?? 0
    var text = lines(art)
    // What is no text is laid over blank lines, so that nothing scrolls while it is placed and what
    // follows is below it, however a terminal moves its cursor.
    let overlays = try cards.map(overlay)
    if overlays.contains(where: { $0 != nil }) {
      text += "\u{1B}[\(height)A"
      for (place, overlay) in overlays.enumerated() {
        guard let overlay else { continue }
        text += "\u{1B}[\(place * (columns + Self.gap) + 1)G\u{1B}7\(overlay)\u{1B}8"
      }
      text += "\r\u{1B}[\(height)B"
    }
    let fields = cards.map { card in
      card.fields.flatMap { folded($0) }
    }
    return text + lines(fields)
  }

  /// A line of text with the columns that it takes.
  private struct Line {
    var text: String
    var width: Int
  }

  private func folded(_ text: String) -> [Line] {
    TerminalText.folded(text, to: columns, cutsWords: true).map {
      Line(text: $0, width: TerminalText.width(of: $0))
    }
  }

  /// The lines of a card above its fields, blank for a picture that is laid over them.
  private func art(_ card: Card) -> [Line] {
    switch card.picture {
    case .failed(let reason):
      folded("no picture: " + TerminalText.escaped(reason))
    case .pixels(let pixels) where style == .blocks:
      HalfBlocks.lines(of: pixels, colors).map { Line(text: $0, width: pixels.width) }
    case .pixels(let pixels): blank(width: pixels.width, height: pixels.height)
    case .file(_, let width, let height): blank(width: width, height: height)
    }
  }

  private func blank(width: Int, height: Int) -> [Line] {
    Array(repeating: Line(text: "", width: 0), count: box.cells(width: width, height: height).rows)
  }

  private func overlay(_ card: Card) throws -> String? {
    switch (card.picture, style) {
    case (.file(let bytes, let width, _), .kitty):
      return KittyGraphics.sequence(png: bytes, columns: max(1, width / box.cell.width))
    case (.file(let bytes, let width, let height), .iterm2):
      let cells = box.cells(width: width, height: height)
      return InlineImage.sequence(file: bytes, columns: cells.columns, rows: cells.rows)
    case (.pixels(let pixels), .sixel): return try ChafaLibrary.shared().sixel(pixels)
    default: return nil
    }
  }

  private func lines(_ cards: [[Line]]) -> String {
    var text = ""
    for line in 0..<(cards.map(\.count).max() ?? 0) {
      var margin = 0
      for card in cards {
        if line < card.count, card[line].width > 0 {
          text += String(repeating: " ", count: margin) + card[line].text
          margin = columns + Self.gap - card[line].width
        } else {
          margin += columns + Self.gap
        }
      }
      text += "\n"
    }
    return text
  }
}
