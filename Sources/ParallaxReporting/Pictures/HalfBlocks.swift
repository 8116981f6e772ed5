internal import ParallaxCore

/// Two pixels a cell: the upper one as the colour of `▀`, the lower one as that of its background.
enum HalfBlocks {
  /// A line of text for two rows of pixels, each with its colours reset at its end.
  static func lines(of pixels: PixelBuffer, _ colors: TerminalColors) -> [String] {
    stride(from: 0, to: pixels.height, by: 2).map { row in
      var line = ""
      var last = (upper: "", lower: "")
      for column in 0..<pixels.width {
        let upper = code(of: pixels, column, row, colors)
        // An odd height leaves the lower half as the terminal is.
        let lower = row + 1 < pixels.height ? code(of: pixels, column, row + 1, colors) : nil
        let now = (upper: "38;\(upper)", lower: lower.map { "48;\($0)" } ?? "49")
        let changes = [now.upper, now.lower].filter { $0 != last.upper && $0 != last.lower }
        if !changes.isEmpty { line += "\u{1B}[\(changes.joined(separator: ";"))m" }
        line += "▀"
        last = now
      }
      return line + "\u{1B}[0m"
    }
  }

  /// What follows 38 or 48 in the sequence that sets a colour.
  private static func code(
    of pixels: PixelBuffer, _ column: Int, _ row: Int, _ colors: TerminalColors
  ) -> String {
    let start = (row * pixels.width + column) * 3
    let (red, green, blue) = (
      Int(pixels.bytes[start]), Int(pixels.bytes[start + 1]), Int(pixels.bytes[start + 2])
    )
    return switch colors {
    case .direct: "2;\(red);\(green);\(blue)"
    case .indexed: "5;\(index(red, green, blue))"
    }
  }

  /// Levels of the cube of colours from 16 on.
  private static let levels = [0, 95, 135, 175, 215, 255]

  /// The nearest of xterm's colours from 16 to 255: a cube of 6³, and 24 greys from 8 in steps of 10.
  private static func index(_ red: Int, _ green: Int, _ blue: Int) -> Int {
    func nearest(_ value: Int) -> Int {
      levels.indices.min { abs(levels[$0] - value) < abs(levels[$1] - value) } ?? 0
    }
    func distance(_ other: (Int, Int, Int)) -> Int {
      let (x, y, z) = (red - other.0, green - other.1, blue - other.2)
      return x * x + y * y + z * z
    }
    let (r, g, b) = (nearest(red), nearest(green), nearest(blue))
    let step = max(0, min(23, ((red + green + blue) / 3 - 3) / 10))
    let grey = 8 + 10 * step
    return distance((grey, grey, grey)) < distance((levels[r], levels[g], levels[b]))
      ? 232 + step : 16 + 36 * r + 6 * g + b
  }
}
