import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxImaging

/// A line of `Fixtures/colors/golden.txt`, which `make_colors.py` writes with Little CMS and numpy.
struct ColoredPicture: CustomTestStringConvertible {
  var file: String
  var properties: ImageProperties
  var tolerance: Int
  var pixels: PixelBuffer

  var testDescription: String { file }

  static let all: [ColoredPicture] = {
    let bytes = contents(of: fixture("colors/golden.txt")) ?? []
    return bytes.split(separator: UInt8(ascii: "\n")).compactMap { ColoredPicture($0) }
  }()

  init?(_ line: ArraySlice<UInt8>) {
    let fields = String(decoding: line, as: UTF8.self).split(separator: "\t").map(String.init)
    guard fields.count == 7, let width = Int(fields[1]), let height = Int(fields[2]),
      let frames = Int(fields[4]), let tolerance = Int(fields[5])
    else { return nil }
    file = fields[0]
    properties = ImageProperties(width: width, height: height, format: fields[3], frames: frames)
    self.tolerance = tolerance
    let digits = Array(fields[6].utf8)
    let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
      UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
    }
    guard bytes.count == width * height * 3 else { return nil }
    pixels = PixelBuffer(width: width, height: height, bytes: bytes)
  }
}

@Suite struct ColorTests {
  private static let whole = ImageTransform(resize: .none)

  @Test func `the golden file is read whole`() {
    #expect(ColoredPicture.all.count == 99)
  }

  @Test(arguments: ColoredPicture.all)
  func `colours and alpha are what the file says`(picture: ColoredPicture) async throws {
    let path = fixture("colors/\(picture.file)")
    let (properties, pixels) = try await sharedDecoder.get().decode(path, Self.whole)
    #expect(properties == picture.properties)
    try #require(pixels.width == picture.pixels.width && pixels.height == picture.pixels.height)
    #expect(difference(pixels, picture.pixels).largest <= picture.tolerance)
  }

  private static let rawReason =
    "it is a camera raw file, of which only a preview could be read, not the image"
  private static let readSamples =
    "unsigned ones of up to 16 bits are read, and 32-bit floating-point ones from 0 to 1"

  @Test(arguments: [
    ("mosaic.nef", rawReason), ("linear.dng", rawReason),
    ("float_255.tif", "floating-point samples below 0 or above 1 are not supported"),
    ("float_nan.tif", "floating-point samples below 0 or above 1 are not supported"),
    ("double.tif", "its samples are 64-bit floating-point numbers; \(readSamples)"),
    ("signed16.tif", "its samples are signed 16-bit numbers; \(readSamples)"),
    ("unsigned32.tif", "its samples are 32-bit numbers; \(readSamples)"),
    ("bands5.tif", "it has 5 samples per pixel and does not state their colours"),
  ])
  func `what has no known colours is refused by name`(file: String, reason: String) async throws {
    let path = fixture("colors/\(file)")
    let error = try await failure { try await sharedDecoder.get().decode(path, Self.whole) }
    #expect(error.code == .unsupportedFormat)
    #expect(error.message == "cannot decode '\(path)': \(reason)")
    #expect(error.hint != nil)
  }
}

/// What is read of a file's own structure, without a worker.
@Suite struct StructureTests {
  private func part(_ name: String) throws -> PicturePart {
    let contents = try FileContents(fixture(name), limit: 1 << 30)
    guard
      case .image(let format) = FileKind(
        head: try contents.bytes(at: 0, count: FileKind.headLength))
    else {
      throw ParallaxError(.internalError, "not a picture")
    }
    return try PicturePart(contents, format)
  }

  @Test func `the colours of a PNG are found`() throws {
    #expect(try part("colors/cicp_p3.png").color?.primaries == .displayP3)
    #expect(try part("colors/cicp_p3.png").colorComesFirst)
    #expect(try part("colors/cicp_2020pq.png").color?.transfer == .perceptualQuantizer)
    #expect(try part("colors/gamma_18.png").color?.transfer == .gamma(100_000 / 55_556))
    #expect(try part("colors/gamma_usual.png").color == .standard)
    #expect(try part("colors/gamma_overruled.png").color == nil)
    #expect(try part("colors/rgb16_adobe.png").color == nil)
    #expect(try part("plain.png") == PicturePart())
  }

  @Test func `the colours and the alpha of an AVIF are found`() throws {
    #expect(try part("colors/nclx_2020.avif").color?.primaries == .bt2020)
    #expect(try part("colors/plain.avif").color == .standard)
    #expect(try !part("colors/alpha.avif").isPremultiplied)
    #expect(try part("colors/multiplied.avif").isPremultiplied)
    #expect(try part("colors/multiplied.heic").isPremultiplied)
  }

  @Test func `the picture of a TIFF is found`() throws {
    #expect(try part("colors/preview_first.tif").page == 1)
    #expect(try part("colors/preview_and_sub.tif").subdirectory == 0)
    #expect(try part("colors/pyramid.tif").subdirectory == nil)
    #expect(try part("colors/pages.tif").page == 0)
    #expect(try part("colors/big.tif").page == 1)
    #expect(try part("colors/infrared8_plain.tif").alpha == nil)
    #expect(try part("colors/straight8_plain.tif").alpha == 0)
  }

  @Test func `of previews alone the largest is taken`() {
    typealias Directory = TIFFFile.Directory
    let small = Directory(page: 0, isReduced: true, width: 16, height: 12)
    let large = Directory(page: 1, isReduced: true, width: 160, height: 120)
    #expect(TIFFFile.chosen([small, large]) == large)
    #expect(TIFFFile.chosen([]) == nil)
    let mask = Directory(page: 2, isReduced: false, width: 8, height: 8)
    #expect(TIFFFile.chosen([small, mask, large]) == mask)
  }

  @Test func `a file that is cut or mangled anywhere ends nothing`() async throws {
    let names = ["big.tif", "preview_and_sub.tif", "multiplied.avif", "cicp_p3.png"]
    for name in names.map({ "colors/\($0)" }) {
      let whole = try #require(contents(of: fixture(name)))
      var generator = SeededGenerator(seed: 5)
      try await withTemporaryDirectory { folder in
        for round in 0..<300 {
          var bytes = whole
          if round % 2 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator)) }
          for _ in 0..<4 where !bytes.isEmpty {
            let position = Int.random(in: 0..<min(bytes.count, 400), using: &generator)
            bytes[position] = UInt8.random(in: 0...255, using: &generator)
          }
          let path = folder + "/x"
          try save(bytes, to: path)
          let contents = try FileContents(path, limit: 1 << 30)
          for format in [ImageFormat.tiff, .heif, .png] {
            // It may be refused; it must come back.
            _ = try? PicturePart(contents, format)
          }
        }
      }
    }
  }

  @Test(arguments: [
    ("avif", [String](), true), ("miaf", ["avif"], true), ("xxxx", ["mif1", "heic"], true),
    ("MA1B", [], true), ("isom", ["mp42"], false), ("qt  ", [], false), ("crx ", [], false),
  ])
  func `one of the brands says what a file is`(major: String, others: [String], isPicture: Bool) {
    let content = "ftyp\(major)\0\0\0\0" + others.joined()
    let head = [0, 0, 0, UInt8(4 + content.utf8.count)] + Array(content.utf8)
    let rest = [UInt8](repeating: 0, count: 64)
    #expect((FileKind(head: head + rest) == .image(.heif)) == isPicture)
    #expect(FileKind(head: head) == FileKind(head: head + rest))
  }

  @Test func `camera files are known by their first bytes`() {
    for head in [Array("IIRO".utf8), [0x49, 0x49, 0x55, 0x00], Array("\0\0\0\u{18}ftypcrx ".utf8)] {
      #expect(FileKind(head: head) == .other("a camera raw file"))
    }
  }

  @Test func `light follows the standards`() {
    func light(_ transfer: Int, _ value: Double) -> Double {
      ColorDescription(primariesCode: 1, transferCode: transfer).light(of: value)
    }
    // The values of BT.2100 and ST 2084 at reference white and at the ends.
    #expect(abs(light(16, 0.5806888810) - 1) < 0.001)
    #expect(light(16, 1) == 1)
    #expect(light(16, 0) < 1e-6)
    #expect(abs(light(18, 0.75) - 1) < 0.01)
    #expect(light(18, 0) == 0)
    #expect(abs(light(13, 0.5) - 0.2140411) < 1e-6)
    #expect(light(1, 0.5) == light(13, 0.5))
    #expect(light(8, 0.25) == 0.25)
    #expect(ColorDescription(primariesCode: 2, transferCode: 2) == .standard)
    #expect(ColorDescription(primariesCode: 250, transferCode: 250) == .standard)
  }
}
