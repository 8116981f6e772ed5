import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxImaging

@Suite struct RefusalTests {
  struct Case: CustomTestStringConvertible {
    var file: String
    var code: ParallaxError.Code
    var reason: String
    var testDescription: String { file }

    init(_ file: String, _ code: ParallaxError.Code, _ reason: String) {
      self.file = file
      self.code = code
      self.reason = reason
    }
  }

  private static let known = "; jpeg, png, webp, heif, avif, gif and tiff images are read"

  static let cases: [Case] = [
    Case("missing.jpg", .unreadableFile, "no such file or directory"),
    Case("", .unreadableFile, "it is a folder"),
    Case("empty.jpg", .unsupportedFormat, "it is an empty file" + known),
    Case("text.jpg", .unsupportedFormat, "it is a text file" + known),
    Case("drawing.svg", .unsupportedFormat, "it is an SVG drawing" + known),
    Case("document.pdf", .unsupportedFormat, "it is a PDF document" + known),
    Case("picture.bmp", .unsupportedFormat, "it is a BMP image" + known),
    Case("resource.jpg", .unsupportedFormat, "it is a macOS resource file" + known),
    Case("garbage.bin", .unsupportedFormat, "it is of no known kind" + known),
    Case("garbage.jpg", .corruptImage, "premature end of input file"),
    Case("truncated.jpg", .corruptImage, "premature end of input file"),
    Case("truncated.png", .corruptImage, "the png data is damaged or truncated"),
    Case(
      "colors/mosaic.nef", .unsupportedFormat,
      "it is a camera raw file, of which only a preview could be read, not the image"),
    Case(
      "bomb.png", .imageTooLarge,
      "the header announces 60000 x 60000 pixels; the limit is 250 million "
        + "('set image.max_megapixels' raises it)"),
    Case(
      "wide_bomb.png", .imageTooLarge,
      "the header announces 200000 x 1 pixels; the limit is 100000 along a side"),
  ]

  @Test(arguments: cases)
  func `what cannot be decoded is refused with its reason`(refusal: Case) async throws {
    let decoder = try sharedDecoder.get()
    let path = fixture(refusal.file)
    let error = try await failure { try await decoder.decode(path, ImageTransform(resize: .none)) }
    #expect(error.code == refusal.code)
    let verb = refusal.code == .unreadableFile ? "read" : "decode"
    #expect(error.message == "cannot \(verb) '\(path)': \(refusal.reason)")
  }

  @Test func `the remedy is named`() async throws {
    let decoder = try sharedDecoder.get()
    let bitmap = try await failure { try await decoder.probe(fixture("picture.bmp")) }
    #expect(bitmap.hint == "convert it to PNG")
    let resource = try await failure { try await decoder.probe(fixture("resource.jpg")) }
    #expect(resource.hint == "it holds no picture; leave out files that begin with '._'")
  }

  /// 108 million pixels, as the sensors of some phones have: white with a black band on the right.
  @Test func `pictures of phones fit into the limits`() async throws {
    let transform = ImageTransform(resize: .shortestEdge(30), resample: .bilinear)
    let (properties, pixels) = try await sharedDecoder.get().decode(
      fixture("phone108.png"), transform)
    #expect(properties == ImageProperties(width: 12_000, height: 9_000, format: "png"))
    try #require(pixels.width == 40 && pixels.height == 30)
    for (column, value) in [(0, 255), (15, 255), (28, 255), (31, 0), (39, 0)] {
      let start = (12 * 40 + column) * 3
      #expect(pixels.bytes[start..<(start + 3)].allSatisfy { $0 == UInt8(value) })
    }
    var narrow = DecodeLimits()
    narrow.pixels = 100_000_000
    let decoder = ImageDecoder(workers: 1, executable: try workerProgram(), limits: narrow)
    let error = try await failure { try await decoder.probe(fixture("phone108.png")) }
    #expect(error.code == .imageTooLarge)
    #expect(error.message.hasSuffix("('set image.max_megapixels' raises it)"))
  }

  @Test func `a probe reads the header only`() async throws {
    let decoder = try sharedDecoder.get()
    let properties = try await decoder.probe(fixture("truncated.jpg"))
    #expect(properties == ImageProperties(width: 64, height: 64, format: "jpeg"))
    let animated = try await decoder.probe(fixture("animated.gif"))
    #expect(animated == ImageProperties(width: 24, height: 16, format: "gif", frames: 3))
  }

  @Test func `a named pipe does not block`() async throws {
    let decoder = try sharedDecoder.get()
    try await withTemporaryDirectory { folder in
      try makePipe("\(folder)/pipe.jpg")
      let error = try await failure { try await decoder.probe("\(folder)/pipe.jpg") }
      #expect(error.code == .unreadableFile)
      #expect(error.message.hasSuffix("it is not a regular file"))
    }
  }

  @Test func `names that no system takes are refused`() async throws {
    let decoder = try sharedDecoder.get()
    for path in [String(repeating: "x", count: 5000), "a\0b"] {
      let error = try await failure { try await decoder.probe(path) }
      #expect(error.code == .unreadableFile)
    }
  }

  @Test func `a transform that makes too many pixels is refused`() async throws {
    let decoder = try sharedDecoder.get()
    let transform = ImageTransform(resize: .exact(width: 20_000, height: 20_000))
    let error = try await failure { try await decoder.decode(fixture("plain.png"), transform) }
    #expect(error.code == .imageTooLarge)
    let empty = ImageTransform(resize: .shortestEdge(0))
    let refused = try await failure { try await decoder.decode(fixture("plain.png"), empty) }
    #expect(refused.code == .invalidValue)
  }

  @Test func `lower limits are respected`() async throws {
    let decoder = ImageDecoder(
      workers: 1, executable: try workerProgram(), limits: DecodeLimits(pixels: 383))
    defer { decoder.shutdown() }
    let error = try await failure { try await decoder.probe(fixture("plain.png")) }
    #expect(error.message.contains("announces 24 x 16 pixels; the limit is 383 ("))
  }

  @Test(arguments: [
    (
      "VipsJpeg: Corrupt JPEG data: 2 extraneous bytes\nVipsJpeg: Premature end of input file\n",
      "premature end of input file"
    ),
    (
      "TIFFReadDirectory: Failed\nvips__tiff_openin_source: unable to open source for input\n",
      "failed"
    ),
    ("vipspng: libpng read error\n", "the png data is damaged or truncated"),
    ("", "the png data is damaged or truncated"),
    ("VipsJpeg: JPEG is odd.\n", "JPEG is odd"),
  ])
  func `the cause is found behind warnings and consequences`(text: String, reason: String) {
    #expect(VipsMessage(text).failure(.png) == DecodeFailure(.corruptImage, reason))
  }

  @Test func `memory and missing codecs have codes of their own`() {
    #expect(
      VipsMessage("VipsJpeg: Insufficient memory (case 4)").failure(.jpeg).code == .imageTooLarge)
    #expect(
      VipsMessage("VipsJpeg: Unsupported JPEG process").failure(.jpeg).code == .unsupportedFormat)
  }
}
