internal import ParallaxCore

/// Writes a word over the picture: white letters of 5 by 7 squares with a black shadow.
struct TextChange: PictureChange {
  enum Place: String, CaseIterable {
    case caption, large

    /// Of the picture's width, in hundredths.
    var width: Int { self == .caption ? 40 : 90 }
  }

  let place: Place

  static let all: [any PictureChange] = Place.allCases.map { Self(place: $0) }

  var id: String { "text-\(place)" }
  let kind = "text"
  var strength: String {
    "the word SAMPLE, \(place.width) % of the width, "
      + (place == .caption ? "at the bottom left" : "in the centre")
  }

  /// The rows of S, A, M, P, L and E, the leftmost square the highest of five bits.
  private static let letters: [[UInt8]] = [
    [0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110],
    [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
    [0b10001, 0b11011, 0b10101, 0b10101, 0b10001, 0b10001, 0b10001],
    [0b11110, 0b10001, 0b10001, 0b11110, 0b10000, 0b10000, 0b10000],
    [0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111],
    [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111],
  ]
  private static let (columns, rows) = (letters.count * 6 - 1, 7)

  func applied(to picture: PixelBuffer) -> PixelBuffer? {
    let square = max(1, picture.width * place.width / 100 / Self.columns)
    let (left, top) =
      place == .caption
      ? (2 * square, picture.height - 9 * square)
      : (
        (picture.width - Self.columns * square) >> 1, (picture.height - Self.rows * square) >> 1
      )
    var pixels = picture.bytes
    let shadow = (square + 1) / 2
    for (offset, level) in [(shadow, UInt8(0)), (0, UInt8(255))] {
      for (number, letter) in Self.letters.enumerated() {
        for (row, bits) in letter.enumerated() {
          for column in 0..<5 where bits >> (4 - column) & 1 == 1 {
            Self.fill(
              left + offset + (number * 6 + column) * square, top + offset + row * square, square,
              level, picture, &pixels)
          }
        }
      }
    }
    return PixelBuffer(width: picture.width, height: picture.height, bytes: pixels)
  }

  /// A square, as far as it lies in the picture.
  private static func fill(
    _ left: Int, _ top: Int, _ side: Int, _ level: UInt8, _ picture: PixelBuffer,
    _ pixels: inout [UInt8]
  ) {
    for y in max(0, top)..<max(0, top, min(picture.height, top + side)) {
      for x in max(0, left)..<max(0, left, min(picture.width, left + side)) {
        for channel in 0..<3 { pixels[(y * picture.width + x) * 3 + channel] = level }
      }
    }
  }
}
