internal import ParallaxCore

/// Numbered pictures side by side in one.
///
/// The sheet is white, and as nearly square as its cells allow. A cell is a black strip with its number in
/// white, and under it the picture in the middle of a grey square. The same pixels give the same sheet on
/// every machine.
struct ContactSheet: Sendable {
  struct Cell: Sendable {
    /// From 1 to 999.
    var number: Int
    /// At most ``side`` in each direction.
    var picture: PixelBuffer
  }

  /// Of the square of a picture, in pixels, like all that follows.
  static let side = 256
  static let strip = 36
  static let gap = 8
  /// A dot of a digit, of which a digit has 5 by 7.
  private static let dot = 4
  private static let grey: UInt8 = 200

  /// Whatever decides how a sheet looks, beside its pictures.
  static let identity = "sheet1/\(side)+\(strip)"

  let cells: [Cell]

  /// - Parameter cells: at least one.
  init(_ cells: [Cell]) { self.cells = cells }

  /// Cells of a row.
  var columns: Int { (1...max(1, cells.count)).first { $0 * $0 >= cells.count } ?? 1 }

  /// Where a cell begins.
  func corner(of place: Int) -> (left: Int, top: Int) {
    (
      Self.gap + place % columns * (Self.side + Self.gap),
      Self.gap + place / columns * (Self.strip + Self.side + Self.gap)
    )
  }

  func drawn() -> PixelBuffer {
    let rows = (cells.count + columns - 1) / columns
    var canvas = Canvas(
      width: Self.gap + columns * (Self.side + Self.gap),
      height: Self.gap + rows * (Self.strip + Self.side + Self.gap))
    for (place, cell) in cells.enumerated() {
      let (left, top) = corner(of: place)
      canvas.fill(left, top, Self.side, Self.strip, 0)
      draw(cell.number, left, top, on: &canvas)
      canvas.fill(left, top + Self.strip, Self.side, Self.side, Self.grey)
      canvas.copy(
        cell.picture, to: left + (Self.side - cell.picture.width) / 2,
        top + Self.strip + (Self.side - cell.picture.height) / 2)
    }
    return PixelBuffer(width: canvas.width, height: canvas.height, bytes: canvas.bytes)
  }

  /// In the middle of its strip.
  private func draw(_ number: Int, _ left: Int, _ top: Int, on canvas: inout Canvas) {
    let digits = String(number).compactMap(\.wholeNumberValue)
    // A digit has an empty column behind it.
    let start = left + (Self.side - (digits.count * 6 - 1) * Self.dot) / 2
    let above = top + (Self.strip - 7 * Self.dot) / 2
    for (place, digit) in digits.enumerated() {
      for (line, dots) in Self.font[digit].enumerated() {
        for (column, dot) in dots.utf8.enumerated() where dot == UInt8(ascii: "#") {
          canvas.fill(
            start + (place * 6 + column) * Self.dot, above + line * Self.dot, Self.dot, Self.dot,
            255)
        }
      }
    }
  }

  private static let font = [
    [" ### ", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "],
    ["  #  ", " ##  ", "  #  ", "  #  ", "  #  ", "  #  ", " ### "],
    [" ### ", "#   #", "    #", "   # ", "  #  ", " #   ", "#####"],
    ["#####", "   # ", "  #  ", "   # ", "    #", "#   #", " ### "],
    ["   # ", "  ## ", " # # ", "#  # ", "#####", "   # ", "   # "],
    ["#####", "#    ", "#### ", "    #", "    #", "#   #", " ### "],
    ["  ## ", " #   ", "#    ", "#### ", "#   #", "#   #", " ### "],
    ["#####", "    #", "   # ", "  #  ", " #   ", " #   ", " #   "],
    [" ### ", "#   #", "#   #", " ### ", "#   #", "#   #", " ### "],
    [" ### ", "#   #", "#   #", " ####", "    #", "   # ", " ##  "],
  ]
}

/// Pixels that are drawn on, white at first.
private struct Canvas {
  let width: Int
  let height: Int
  private(set) var bytes: [UInt8]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    bytes = [UInt8](repeating: 255, count: width * height * 3)
  }

  mutating func fill(_ left: Int, _ top: Int, _ width: Int, _ height: Int, _ shade: UInt8) {
    for y in top..<top + height {
      let start = (y * self.width + left) * 3
      for index in start..<start + width * 3 { bytes[index] = shade }
    }
  }

  mutating func copy(_ picture: PixelBuffer, to left: Int, _ top: Int) {
    let length = picture.width * 3
    for y in 0..<picture.height {
      let start = ((top + y) * width + left) * 3
      bytes.replaceSubrange(
        start..<start + length, with: picture.bytes[y * length..<(y + 1) * length])
    }
  }
}
