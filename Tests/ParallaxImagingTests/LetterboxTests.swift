import ParallaxCore
import Testing

@testable import ParallaxImaging

/// A line of `Fixtures/letterboxes.txt`, which `make_letterboxes.py` writes with the training's own rule.
struct Letterbox: CustomTestStringConvertible {
  static let size = ImageTransform.Size(width: 96, height: 64)
  static let all: [Letterbox] =
    String(decoding: contents(of: fixture("letterboxes.txt")) ?? [], as: UTF8.self)
    .split(separator: "\n").compactMap { Letterbox($0) }

  var file: String
  var bars: LetterboxBars
  var tolerance: Int
  var pixels: PixelBuffer

  var testDescription: String { file }

  init?(_ line: Substring) {
    let fields = line.split(separator: "\t")
    let numbers = fields.dropFirst().prefix(5).compactMap { Int($0) }
    guard fields.count == 7, numbers.count == 5,
      let pixels = PixelBuffer(hexadecimal: fields[6], Self.size)
    else { return nil }
    file = "letterboxes/\(fields[0])"
    bars = LetterboxBars()
    (bars.top, bars.bottom, bars.left, bars.right) = (
      numbers[0], numbers[1], numbers[2], numbers[3]
    )
    tolerance = numbers[4]
    self.pixels = pixels
  }
}

@Suite struct LetterboxTests {
  private func transform(trimsBars: Bool) -> ImageTransform {
    ImageTransform(
      resize: .exact(width: Letterbox.size.width, height: Letterbox.size.height),
      trimsBars: trimsBars)
  }

  @Test func `the file is read whole`() {
    #expect(Letterbox.all.count == 17)
    #expect(Letterbox.all.count { $0.bars.isEmpty } == 9)
  }

  @Test(arguments: Letterbox.all)
  func `bars are those of the training's rule`(letterbox: Letterbox) async throws {
    let (_, plain) = try await sharedDecoder.get().decode(
      fixture(letterbox.file), transform(trimsBars: false))
    let pixels = try #require(TransformedPixels(width: plain.width, height: plain.height))
    defer { pixels.deallocate() }
    _ = pixels.bytes.update(fromContentsOf: plain.bytes)
    #expect(LetterboxBars(of: pixels) == letterbox.bars)
  }

  @Test(arguments: Letterbox.all)
  func `what is inside has the pixels of Pillow`(letterbox: Letterbox) async throws {
    let (_, pixels) = try await sharedDecoder.get().decode(
      fixture(letterbox.file), transform(trimsBars: true))
    try #require(pixels.width == letterbox.pixels.width)
    #expect(difference(pixels, letterbox.pixels).largest <= letterbox.tolerance)
  }

  @Test func `the identity says that bars are cut off`() {
    #expect(transform(trimsBars: true).identity == "decode2/trimbars/exact96x64/bicubic")
    #expect(transform(trimsBars: false).identity == "decode2/exact96x64/bicubic")
  }
}
