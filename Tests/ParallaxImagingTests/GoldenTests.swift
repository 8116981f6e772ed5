import ParallaxCore
import Testing

@testable import ParallaxImaging

/// A line of `Fixtures/golden.txt`, which `make_fixtures.py` writes with Pillow.
struct Golden: CustomTestStringConvertible {
  var file: String
  var transformText: String
  var properties: ImageProperties
  var tolerance: Int
  var pixels: PixelBuffer

  var testDescription: String { "\(file), \(transformText)" }

  static let all: [Golden] = {
    let bytes = contents(of: fixture("golden.txt")) ?? []
    return bytes.split(separator: UInt8(ascii: "\n")).compactMap { Golden($0) }
  }()

  init?(_ line: ArraySlice<UInt8>) {
    let fields = String(decoding: line, as: UTF8.self).split(separator: "\t").map(String.init)
    guard fields.count == 10, let width = Int(fields[2]), let height = Int(fields[3]),
      let frames = Int(fields[5]), let orientation = Int(fields[6]), let tolerance = Int(fields[7]),
      let size = ImageTransform.Size(fields[8])
    else { return nil }
    file = fields[0]
    transformText = fields[1]
    properties = ImageProperties(
      width: width, height: height, format: fields[4], frames: frames, orientation: orientation)
    self.tolerance = tolerance
    guard let pixels = PixelBuffer(hexadecimal: fields[9], size) else { return nil }
    self.pixels = pixels
  }
}

extension PixelBuffer {
  /// Reads two digits a byte.
  init?(hexadecimal text: some StringProtocol, _ size: ImageTransform.Size) {
    let digits = Array(text.utf8)
    let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
      UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
    }
    guard bytes.count == size.width * size.height * 3 else { return nil }
    self.init(width: size.width, height: size.height, bytes: bytes)
  }
}

extension ImageTransform.Size {
  /// Reads `12x8`.
  init?(_ text: String) {
    let sides = text.split(separator: "x").compactMap { Int($0) }
    guard sides.count == 2 else { return nil }
    self.init(width: sides[0], height: sides[1])
  }
}

extension ImageTransform {
  /// Reads `shortest 12 bicubic crop 10x8`, as `make_fixtures.py` writes it.
  init(parsing text: String) throws {
    let words = text.split(separator: " ").map(String.init)
    let resampleNames = Set(Resample.allNames)
    let resample = words.first(where: resampleNames.contains).flatMap { Resample(rawValue: $0) }
    let crop = words.firstIndex(of: "crop").map { words[$0 + 1] }
    let size = words.dropFirst().first.flatMap { Size($0) }
    let resize: Resize? =
      switch words[0] {
      case "none": Resize.none
      case "shortest": Int(words[1]).map { .shortestEdge($0) }
      case "fit": size.map { .fit(width: $0.width, height: $0.height) }
      default: size.map { .exact(width: $0.width, height: $0.height) }
      }
    self.init(
      resize: try #require(resize), resample: resample ?? .bicubic,
      centerCrop: crop.flatMap { Size($0) })
  }
}

extension ImageTransform.Resample {
  static let allNames = ["nearest", "bilinear", "bicubic", "lanczos"]
}

@Suite struct GoldenTests {
  @Test func `the golden file is read whole`() {
    #expect(Golden.all.count == 93)
  }

  @Test(arguments: Golden.all)
  func `pixels are those of Pillow`(golden: Golden) async throws {
    let transform = try ImageTransform(parsing: golden.transformText)
    let (properties, pixels) = try await sharedDecoder.get().decode(fixture(golden.file), transform)
    #expect(properties == golden.properties)
    try #require(pixels.width == golden.pixels.width && pixels.height == golden.pixels.height)
    #expect(difference(pixels, golden.pixels).largest <= golden.tolerance)
  }

  @Test(arguments: 2...8)
  func `every orientation gives the same picture`(orientation: Int) async throws {
    let decoder = try sharedDecoder.get()
    let transform = ImageTransform(resize: .none)
    for ending in ["webp", "jpg"] {
      let upright = try await decoder.decode(fixture("orientation_1.\(ending)"), transform)
      let turned = try await decoder.decode(
        fixture("orientation_\(orientation).\(ending)"), transform)
      #expect(turned.properties.width == 32 && turned.properties.height == 16)
      #expect(turned.properties.orientation == orientation)
      // The same picture compressed sideways is rounded differently.
      #expect(difference(turned.pixels, upright.pixels).mean < (ending == "webp" ? 0.001 : 1.5))
    }
  }

  @Test func `inks become the colours they print`() async throws {
    let (_, pixels) = try await sharedDecoder.get().decode(
      fixture("cmyk.jpg"), ImageTransform(resize: .none))
    func color(_ patch: Int) -> [Int] {
      let start = (8 * pixels.width + patch * 8 + 4) * 3
      return pixels.bytes[start..<(start + 3)].map { Int($0) }
    }
    let (white, cyan, magenta, yellow) = (color(0), color(1), color(2), color(3))
    #expect(white.allSatisfy { $0 > 245 })
    #expect(cyan[0] < 100 && cyan[1] > 120 && cyan[2] > 180)
    #expect(magenta[1] < 100 && magenta[0] > 180)
    #expect(yellow[2] < 100 && yellow[0] > 200 && yellow[1] > 200)
    #expect(color(4).allSatisfy { $0 < 70 })
    let grey = color(5)
    #expect((grey.max() ?? 255) - (grey.min() ?? 0) < 12 && (90...190).contains(grey[0]))
  }
}
