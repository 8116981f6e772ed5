import ParallaxCore
import Testing

@testable import ParallaxReporting

/// Where pictures and their fields come to lie.
@Suite struct PictureSheetTests {
  /// What a terminal shows, and where sequences that draw were met.
  private struct Screen {
    var lines: [[Character]] = [[]]
    var drawn: [String: [Int]] = [:]
    private var (row, column) = (0, 0)
    private var saved = (0, 0)

    init(_ text: String, drawing: Set<String>) {
      var rest = Substring(text)
      while let character = rest.first {
        if let sequence = drawing.first(where: rest.hasPrefix) {
          drawn[sequence] = [row, column]
          // A terminal may leave its cursor anywhere after a picture.
          (row, column) = (0, 77)
          rest = rest.dropFirst(sequence.count)
        } else if rest.hasPrefix("\u{1B}7") || rest.hasPrefix("\u{1B}8") {
          if rest.hasPrefix("\u{1B}7") { saved = (row, column) } else { (row, column) = saved }
          rest = rest.dropFirst(2)
        } else if rest.hasPrefix("\u{1B}[") {
          let number = rest.dropFirst(2).prefix { $0.isNumber || $0 == ";" }
          rest = rest.dropFirst(2 + number.count)
          let count = Int(number) ?? 1
          switch rest.removeFirst() {
          case "A": row -= count
          case "B": row += count
          case "G": column = count - 1
          default: break
          }
        } else {
          rest.removeFirst()
          switch character {
          case "\n", "\r\n": (row, column) = (row + 1, 0)
          case "\r": column = 0
          default: put(character)
          }
        }
        while lines.count <= row { lines.append([]) }
      }
    }

    private mutating func put(_ character: Character) {
      while lines[row].count <= column { lines[row].append(" ") }
      lines[row][column] = character
      column += 1
    }

    var text: [String] { lines.map { String($0) } }
  }

  private static func cards(_ pictures: [TerminalPicture]) -> [PictureSheet.Card] {
    pictures.enumerated().map { place, picture in
      .init(
        picture: picture, fields: ["rank = \(place + 1)", "id = a name of more words \(place)"])
    }
  }

  private static func pixels(_ width: Int, _ height: Int) -> TerminalPicture {
    .pixels(
      PixelBuffer(
        width: width, height: height, bytes: [UInt8](repeating: 9, count: width * height * 3)))
  }

  @Test func `half-blocks stand side by side with their fields below`() throws {
    let box = PictureBox(.blocks, width: 30, height: 6)
    let sheet = PictureSheet(.blocks, box, .direct, width: 64)
    let bands = try sheet.bands([
      .init(
        heading: "q\u{1B}[2J",
        cards: Self.cards([Self.pixels(4, 4), Self.pixels(2, 8), Self.pixels(1, 1)]))
    ])
    #expect(bands.count == 2)
    #expect(
      Screen(bands.joined(), drawing: []).text == [
        #"q\u{1B}[2J"#,
        "▀▀▀▀                            ▀▀",
        "▀▀▀▀                            ▀▀",
        "                                ▀▀",
        "                                ▀▀",
        "rank = 1                        rank = 2",
        "id = a name of more words 0     id = a name of more words 1",
        "",
        "▀",
        "rank = 3",
        "id = a name of more words 2",
        "",
      ])
  }

  @Test func `files are laid over blank lines, and the cursor goes on below`() throws {
    let box = PictureBox(.iterm2, width: 80, height: 24, cell: .init(width: 50, height: 100))
    let sheet = PictureSheet(.iterm2, box, .direct, width: 80)
    let (tall, wide) = (Array("tall".utf8), Array("wide".utf8))
    let bands = try sheet.bands([
      .init(
        heading: nil,
        cards: Self.cards([
          .file(tall, width: 50, height: 200), .failed(reason: "'x' cannot be read: \u{9B}1m"),
          .file(wide, width: 250, height: 90),
        ]))
    ])
    let sequences = [
      InlineImage.sequence(file: tall, columns: 1, rows: 2),
      InlineImage.sequence(file: wide, columns: 5, rows: 1),
    ]
    let screen = Screen(bands.joined(), drawing: Set(sequences))
    #expect(screen.drawn == [sequences[0]: [0, 0], sequences[1]: [0, 52]])
    #expect(
      screen.text == [
        "                          no picture: 'x' cannot",
        #"                          be read: \u{9B}1m"#,
        "rank = 1                  rank = 2                  rank = 3",
        "id = a name of more       id = a name of more       id = a name of more",
        "words 0                   words 1                   words 2",
        "",
      ])
  }

  @Test func `kitty scales to whole columns, never beyond the picture's own size`() throws {
    let box = PictureBox(.kitty, width: 80, height: 24, cell: .init(width: 10, height: 20))
    let sheet = PictureSheet(.kitty, box, .direct, width: 80)
    let band = try sheet.bands([
      .init(heading: nil, cards: Self.cards([.file([1, 2, 3], width: 187, height: 240)]))
    ])
    #expect(band[0].contains(KittyGraphics.sequence(png: [1, 2, 3], columns: 18)))
    #expect(band[0].hasPrefix(String(repeating: "\n", count: 12) + "\u{1B}[12A\u{1B}[1G\u{1B}7"))
  }
}
