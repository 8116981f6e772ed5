import ParallaxCore
import Testing

@testable import ParallaxReporting

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Pictures as terminals are sent them.
@Suite struct PictureTests {
  /// Three columns and three rows, each of its own colour.
  private static let pixels = PixelBuffer(
    width: 3, height: 3, bytes: (0..<9).flatMap { [UInt8($0 * 10), UInt8($0), 200 - UInt8($0)] })

  private func color(_ column: Int, _ row: Int) -> String {
    let pixel = row * 3 + column
    return "2;\(pixel * 10);\(pixel);\(200 - pixel)"
  }

  /// A sequence without its start and end, in parts.
  private func parts(_ text: String, from start: String, to end: String) throws -> [String] {
    try text.split(separator: end, omittingEmptySubsequences: false).dropLast().map { part in
      try #require(part.hasPrefix(start))
      return String(part.dropFirst(start.count))
    }
  }

  @Test func `a half-block is two pixels, the lower one is the background`() {
    let lines = HalfBlocks.lines(of: Self.pixels, .direct)
    #expect(
      lines == [
        (0..<3).map { "\u{1B}[38;\(color($0, 0));48;\(color($0, 1))m▀" }.joined() + "\u{1B}[0m",
        "\u{1B}[38;\(color(0, 2));49m▀"
          + (1..<3).map { "\u{1B}[38;\(color($0, 2))m▀" }.joined() + "\u{1B}[0m",
      ])
  }

  @Test func `a colour that stays is not sent again`() {
    let grey = PixelBuffer(width: 4, height: 2, bytes: [UInt8](repeating: 7, count: 24))
    #expect(
      HalfBlocks.lines(of: grey, .direct) == ["\u{1B}[38;2;7;7;7;48;2;7;7;7m▀▀▀▀\u{1B}[0m"])
  }

  @Test func `of 256 colours the nearest is taken`() throws {
    let levels = [0, 95, 135, 175, 215, 255]
    var palette: [[Int]] = []
    for red in levels {
      for green in levels { palette += levels.map { [red, green, $0] } }
    }
    palette += (0..<24).map { [Int](repeating: 8 + 10 * $0, count: 3) }
    func distance(_ left: [Int], _ right: [Int]) -> Int {
      zip(left, right).reduce(0) { sum, pair in
        let step: Int = pair.0 - pair.1
        return sum + step * step
      }
    }
    var random = SeededGenerator(seed: 256)
    for _ in 0..<500 {
      let color = (0..<3).map { _ in Int.random(in: 0...255, using: &random) }
      let one = PixelBuffer(width: 1, height: 1, bytes: color.map { UInt8($0) })
      let line = try #require(HalfBlocks.lines(of: one, .indexed).first)
      let index = try #require(
        parts(line, from: "\u{1B}[38;5;", to: ";49m▀\u{1B}[0m").first.flatMap { Int($0) })
      let least = palette.map { distance($0, color) }.min()
      #expect(distance(palette[index - 16], color) == least, "\(color) became \(index)")
    }
  }

  @Test(arguments: [1, 3072, 3073, 10_000])
  func `kitty gets a PNG in pieces and answers nothing`(count: Int) throws {
    let file = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let sequence = KittyGraphics.sequence(png: file, columns: 25)
    let pieces = try parts(sequence, from: "\u{1B}_G", to: "\u{1B}\\").map {
      $0.split(separator: ";", maxSplits: 1).map(String.init)
    }
    #expect(pieces.count == ((count + 2) / 3 * 4 + 4095) / 4096)
    for (place, piece) in pieces.enumerated() {
      let isLast = place == pieces.count - 1
      #expect(
        piece[0] == (place == 0 ? "a=T,f=100,q=2,C=1,c=25," : "q=2,") + "m=\(isLast ? 0 : 1)")
      #expect(piece[1].utf8.count <= 4096 && (isLast || piece[1].utf8.count % 4 == 0))
    }
    #expect(Data(base64Encoded: pieces.map { $0[1] }.joined()) == Data(file))
  }

  @Test func `iTerm2 gets a file with its size in cells`() throws {
    let file = Array("a file".utf8)
    let sequence = InlineImage.sequence(file: file, columns: 7, rows: 5)
    let parts = try parts(sequence, from: "\u{1B}]1337;File=", to: "\u{7}")[0]
      .split(separator: ":").map(String.init)
    #expect(parts[0] == "inline=1;size=6;width=7;height=5;preserveAspectRatio=1")
    #expect(Data(base64Encoded: parts[1]) == Data(file))
  }

  @Test(.enabled(if: (try? ChafaLibrary.shared()) != nil, "needs libchafa"))
  func `sixel has the frame and the size of the picture`() throws {
    let picture = PixelBuffer(
      width: 50, height: 40, bytes: (0..<6000).map { UInt8(truncatingIfNeeded: $0) })
    let sequence = try ChafaLibrary.shared().sixel(picture)
    #expect(sequence.hasPrefix("\u{1B}P") && sequence.hasSuffix("\u{1B}\\"))
    #expect(sequence.contains("q\"1;1;50;36"), "\(sequence.prefix(40).debugDescription)")
    // Nothing but sixels: a terminal that ends the string early would print the rest.
    #expect(!sequence.dropFirst(2).dropLast(2).contains { $0 == "\u{1B}" || $0 == "\n" })
  }

  /// The bytes of a row are no multiple of anything.
  @Test(.enabled(if: (try? ChafaLibrary.shared()) != nil, "needs libchafa"))
  func `sixel has every colour where the picture has it`() throws {
    let (width, height) = (51, 36)
    let colors: [[UInt8]] = [[250, 10, 10], [10, 10, 250], [10, 250, 10], [250, 250, 250]]
    /// A quarter of the picture a colour.
    func quarter(_ column: Int, _ row: Int) -> Int { (column < 26 ? 0 : 1) + (row < 18 ? 0 : 2) }
    let bytes = (0..<height).flatMap { row in
      (0..<width).flatMap { colors[quarter($0, row)] }
    }
    let drawn = Self.pixels(
      ofSixel: try ChafaLibrary.shared().sixel(
        PixelBuffer(width: width, height: height, bytes: bytes)))
    for row in 0..<height {
      for column in 0..<width where abs(column - 26) > 1 && abs(row - 18) > 1 {
        let shown = drawn[[column, row]] ?? []
        let wanted = colors[quarter(column, row)].map { Int($0) * 100 / 255 }
        let isNear = shown.count == 3 && zip(shown, wanted).allSatisfy { abs($0 - $1) < 10 }
        #expect(isNear, "\(column), \(row): \(shown), not \(wanted)")
      }
    }
  }

  /// The colours, in percent, of the pixels that a sixel sequence sets.
  private static func pixels(ofSixel sequence: String) -> [[Int]: [Int]] {
    var (palette, pixels) = ([Int: [Int]](), [[Int]: [Int]]())
    var (color, column, band, count) = (0, 0, 0, 1)
    var rest = Substring(sequence.split(separator: "\"", maxSplits: 1)[1])
    rest = rest.drop { $0.isNumber || $0 == ";" }
    func numbers() -> [Int] {
      let text = rest.prefix { $0.isNumber || $0 == ";" }
      rest = rest.dropFirst(text.count)
      return text.split(separator: ";").compactMap { Int($0) }
    }
    while let character = rest.popFirst(), character != "\u{1B}" {
      switch character {
      case "#":
        let given = numbers()
        if given.count == 5 { palette[given[0]] = Array(given[2...]) } else { color = given[0] }
      case "!": count = numbers()[0]
      case "$": column = 0
      case "-": (column, band) = (0, band + 1)
      default:
        let bits = Int(character.asciiValue ?? 63) - 63
        for step in 0..<count {
          for bit in 0..<6 where bits >> bit & 1 == 1 {
            pixels[[column + step, band * 6 + bit]] = palette[color]
          }
        }
        (column, count) = (column + count, 1)
      }
    }
    return pixels
  }

  @Test func `a library that is not there is named with its remedy`() {
    #expect {
      _ = try ChafaLibrary(named: ("PARALLAX_CHAFA", "/no/libchafa.so.0"), otherwise: [])
    } throws: { error in
      let error = error as? ParallaxError
      return error?.code == .missingComponent
        && error?.message.contains("'PARALLAX_CHAFA' names '/no/libchafa.so.0'") == true
        && error?.hint?.contains("libchafa0") == true
    }
  }

  @Test func `cells are chosen so that pictures fit the terminal`() {
    func box(_ style: PictureStyle, _ width: Int, _ height: Int?, _ cell: (Int, Int)?) -> [Int] {
      let box = PictureBox(
        style, width: width, height: height,
        cell: cell.map { ImageTransform.Size(width: $0.0, height: $0.1) })
      return [box.columns, box.rows, box.pixels.width, box.pixels.height]
    }
    #expect(box(.kitty, 80, 50, (9, 18)) == [28, 14, 252, 252])
    #expect(box(.sixel, 80, 24, nil) == [25, 12, 250, 240])
    #expect(box(.iterm2, 20, 8, (10, 20)) == [20, 6, 200, 120])
    #expect(box(.kitty, 80, 50, (300, 600)) == [1, 1, 300, 600])
    #expect(box(.blocks, 80, 50, (9, 18)) == [38, 19, 38, 38])
    #expect(box(.blocks, 30, 2, nil) == [30, 1, 30, 2])
  }
}
