/// Bars of one colour that a letterbox put around a picture, in rows and columns of its pixels.
///
/// Only what comes in pairs counts: bars above and below, left and right, or both, that are alike in
/// width and colour, and behind which another colour begins. White bars are none: a white ground
/// belongs to a picture of goods.
struct LetterboxBars: Equatable {
  var top = 0
  var bottom = 0
  var left = 0
  var right = 0

  var isEmpty: Bool { self == Self() }

  init() {}

  /// - Parameter pixels: A whole picture, at least one pixel.
  init(of pixels: TransformedPixels) {
    let (width, height) = (pixels.width, pixels.height)
    let bytes = UnsafeBufferPointer(pixels.bytes)
    let rows = Lines(
      bytes: bytes, count: height, length: width, lineStep: 3 * width, pixelStep: 3)
    let columns = Lines(
      bytes: bytes, count: width, length: height, lineStep: 3, pixelStep: 3 * width)
    (top, bottom) = rows.bars
    (left, right) = columns.bars
  }

  /// What the bars leave of the picture they are of, whose sides are 1.
  func inside(of pixels: TransformedPixels) -> Rendering.Box {
    let (width, height) = (Double(pixels.width), Double(pixels.height))
    return Rendering.Box(
      left: Double(left) / width, top: Double(top) / height,
      width: Double(pixels.width - left - right) / width,
      height: Double(pixels.height - top - bottom) / height)
  }
}

/// The rows of a picture from the top, or its columns from the left.
private struct Lines {
  let bytes: UnsafeBufferPointer<UInt8>
  let count: Int
  let length: Int
  let lineStep: Int
  let pixelStep: Int

  /// How far a channel may be from the colour of its bar, which JPEG does not keep exactly.
  private static let tolerance = 20
  /// A bar's line may have one pixel in so many of another colour.
  private static let others = 20
  /// A bar of which all channels have at least this is white.
  private static let white = 224
  /// Lines behind a bar in which another colour must begin.
  private static let depth = 3
  /// How far it must be from the bar's: darkness that fades is no bar.
  private static let step = 40

  private typealias Color = (red: Int, green: Int, blue: Int)

  /// How many lines at the beginning and at the end are bars; two zeros unless both are.
  var bars: (Int, Int) {
    let (first, last) = (color(of: 0), color(of: count - 1))
    guard Self.distance(first, last) <= Self.tolerance, !Self.isWhite(first) || !Self.isWhite(last)
    else {
      return (0, 0)
    }
    let before = (0..<count).prefix { isBar($0, of: first) }.count
    let after = (0..<count).prefix { isBar(count - 1 - $0, of: last) }.count
    // A 48th of the side at least; and a 64th apart, for blocks of JPEG blur where a bar ends.
    guard min(before, after) >= max(1, count / 48), abs(before - after) <= max(1, count / 64),
      5 * (before + after) <= 4 * count
    else { return (0, 0) }
    let behind = before..<min(count, before + Self.depth)
    let ahead = max(0, count - after - Self.depth)..<(count - after)
    let places =
      differing(behind, from: first, by: Self.step) + differing(ahead, from: last, by: Self.step)
    guard 2 * places >= length else { return (0, 0) }
    return (before, after)
  }

  private func isBar(_ line: Int, of color: Color) -> Bool {
    Self.others * differing(line...line, from: color, by: Self.tolerance) <= length
  }

  private static func isWhite(_ color: Color) -> Bool {
    min(color.red, color.green, color.blue) >= white
  }

  private static func distance(_ one: Color, _ other: Color) -> Int {
    max(abs(one.red - other.red), abs(one.green - other.green), abs(one.blue - other.blue))
  }

  private func pixel(_ line: Int, _ place: Int) -> Color {
    let at = line * lineStep + place * pixelStep
    return (Int(bytes[at]), Int(bytes[at + 1]), Int(bytes[at + 2]))
  }

  /// The mean colour, rounded to whole numbers.
  private func color(of line: Int) -> Color {
    var sum: Color = (0, 0, 0)
    for place in 0..<length {
      let pixel = pixel(line, place)
      sum = (sum.red + pixel.red, sum.green + pixel.green, sum.blue + pixel.blue)
    }
    func mean(_ sum: Int) -> Int { (2 * sum + length) / (2 * length) }
    return (mean(sum.red), mean(sum.green), mean(sum.blue))
  }

  /// At how many places any of these lines has a colour that is farther off.
  private func differing(_ lines: some Sequence<Int>, from color: Color, by step: Int) -> Int {
    (0..<length).count { place in
      lines.contains { Self.distance(pixel($0, place), color) > step }
    }
  }
}
