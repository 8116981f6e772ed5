import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxImaging

/// A line of `Fixtures/fingerprints.txt`, which `make_fingerprints.py` writes with Pillow, NumPy and SciPy.
struct ExpectedFingerprint: CustomTestStringConvertible {
  var file: String
  var fingerprint: Fingerprint

  var testDescription: String { file }

  static let all: [ExpectedFingerprint] = fixtureLines("fingerprints.txt").compactMap { Self($0) }

  init?(_ fields: [String]) {
    guard fields.count == 8, let width = Int(fields[1]), let height = Int(fields[2]),
      let pixels = ContentHash(hexadecimal: fields[3]), let hash = UInt64(fields[4], radix: 16),
      let mirrored = UInt64(fields[5], radix: 16), let spread = Double(fields[6])
    else { return nil }
    let margins = fields[7].split(separator: ",").compactMap { Int($0) }
    guard margins.count == 4,
      let fingerprint = Fingerprint(
        width: width, height: height, pixels: pixels, hash: PerceptualHash(rawValue: hash),
        mirrored: PerceptualHash(rawValue: mirrored), spread: spread,
        margins: .init(left: margins[0], top: margins[1], right: margins[2], bottom: margins[3]))
    else { return nil }
    file = fields[0]
    self.fingerprint = fingerprint
  }
}

/// The lines of a file in `Fixtures`, split at tabs.
func fixtureLines(_ name: String) -> [[String]] {
  let bytes = contents(of: fixture(name)) ?? []
  return bytes.split(separator: UInt8(ascii: "\n")).map { line in
    String(decoding: line, as: UTF8.self).split(separator: "\t").map(String.init)
  }
}

@Suite struct FingerprintTests {
  private func fingerprint(_ name: String) async throws -> Fingerprint {
    try await sharedDecoder.get().fingerprint(fixture(name))
  }

  @Test func `the expected fingerprints are read whole`() {
    #expect(ExpectedFingerprint.all.count == 28)
  }

  @Test(arguments: ExpectedFingerprint.all)
  func `fingerprints are those of Pillow and SciPy`(expected: ExpectedFingerprint) async throws {
    let found = try await fingerprint(expected.file)
    #expect(abs(found.spread - expected.fingerprint.spread) < 1e-9)
    var comparable = found
    comparable.spread = expected.fingerprint.spread
    #expect(comparable == expected.fingerprint)
  }

  @Test func `hashes of bundled images are those of ImageHash`() async throws {
    let tiles = fixtureLines("tiles.txt")
    #expect(tiles.count == 13)
    for tile in tiles {
      let path = "\(TestData.packageRoot)/datasets/tiles/images/\(tile[0])"
      let hash = try await sharedDecoder.get().fingerprint(path).hash
      let expected = PerceptualHash(rawValue: try #require(UInt64(tile[1], radix: 16)))
      #expect("\(expected)" == tile[1])
      // Another version of libjpeg may round a few values differently.
      #expect(hash.distance(to: expected) <= 2)
    }
  }

  @Test func `one picture in lossless files of three kinds has one digest`() async throws {
    let digests = try await [
      fingerprint("scene.png").pixels, fingerprint("scene.tif").pixels,
      fingerprint("scene.webp").pixels,
    ]
    #expect(Set(digests).count == 1)
  }

  @Test(arguments: [("scene_90.jpg", 2), ("scene_40.jpg", 6)])
  func `a recompression has other pixels and nearly the same hash`(
    copy: (file: String, bits: Int)
  ) async throws {
    let (whole, lossy) = try await (fingerprint("scene.png"), fingerprint(copy.file))
    #expect(lossy.pixels != whole.pixels)
    #expect(lossy.hash.distance(to: whole.hash) <= copy.bits)
    #expect(try await fingerprint("noise.png").hash.distance(to: whole.hash) > 16)
  }

  @Test func `a mirror image is found by the second hash`() async throws {
    let (whole, mirror) = try await (fingerprint("scene.png"), fingerprint("scene_mirrored.png"))
    #expect(whole.hash.distance(to: mirror.hash) > 16)
    #expect(whole.mirrored.distance(to: mirror.hash) <= 1)
    #expect(mirror.mirrored.distance(to: whole.hash) <= 1)
  }

  @Test func `a file that changed has no fingerprint`() async throws {
    let error = try await failure {
      try await sharedDecoder.get().fingerprint(
        fixture("scene.png"), expecting: ContentHash(bytes: [UInt8](repeating: 0, count: 32)))
    }
    #expect(error.code == .changedFile)
  }

  @Test(arguments: ["truncated.png", "truncated.jpg", "bomb.png", "empty.jpg", "picture.bmp"])
  func `what cannot be decoded has no fingerprint`(name: String) async throws {
    let error = try await failure { try await fingerprint(name) }
    #expect(
      [.corruptImage, .imageTooLarge, .unsupportedFormat].contains(error.code))
  }

  @Test func `a large picture of one colour is measured whole`() async throws {
    let found = try await fingerprint("huge_flat.png")
    #expect(found.width == 6000 && found.height == 6000)
    #expect(found.spread == 0 && found.margins == .none)
    // More than the result of a decode may have.
    var limits = unhurriedLimits()
    limits.outputPixels = 100
    let narrow = ImageDecoder(workers: 1, executable: try workerProgram(), limits: limits)
    #expect(try await narrow.fingerprint(fixture("huge_flat.png")) == found)
  }

  @Test func `zeros and ties give a bit by rule`() {
    // A ramp from left to right: no vertical frequency but the mean has a value.
    let ramp = (0..<1024).map { UInt8($0 % 32 * 8) }
    let transform = LuminanceTransform(ramp)
    #expect(transform.hash.rawValue & 0x00FF_FFFF_FFFF_FFFF == 0)
    #expect(transform.hash.rawValue >> 56 == 0b1000_0000)
    // Odd frequencies are negative there, and positive in the mirror.
    #expect(transform.mirrored.rawValue >> 56 == 0b1101_0101)
    #expect(
      LuminanceTransform([UInt8](repeating: 255, count: 1024)).hash.rawValue == 1 << 63)
    #expect(LuminanceTransform([UInt8](repeating: 0, count: 1024)).hash.rawValue == 0)
  }

  @Test func `numbers that no picture has are refused`() throws {
    let known = try #require(ExpectedFingerprint.all.first).fingerprint
    func make(
      width: Int = 96, spread: Double = 1, _ margins: Fingerprint.Margins = .none
    ) -> Fingerprint? {
      Fingerprint(
        width: width, height: 72, pixels: known.pixels, hash: known.hash,
        mirrored: known.mirrored, spread: spread, margins: margins)
    }
    #expect(make() != nil)
    #expect(make(width: 0) == nil && make(spread: .nan) == nil && make(spread: 128) == nil)
    for margins in [(-1, 0, 0, 0), (48, 0, 48, 0), (Int.max, 0, Int.max, 0), (0, 71, 0, 1)] {
      #expect(
        make(
          .init(left: margins.0, top: margins.1, right: margins.2, bottom: margins.3)) == nil)
    }
    #expect(make(.init(left: 48, top: 0, right: 47, bottom: 71)) != nil)
  }

  @Test func `a worker that answers something else is not believed`() async throws {
    let known = try #require(ExpectedFingerprint.all.first).fingerprint
    let properties = ImageProperties(width: known.width, height: known.height, format: "png")
    try await withTemporaryDirectory { folder in
      // Pixels where a fingerprint was asked for, and the other way round.
      for reply in [
        DecodeReply.done(properties, width: 0, height: 0), .fingerprint(properties, known),
      ] {
        try save(Frame.framed(reply.head), to: "\(folder)/reply")
        try writeWorker(
          "head -c 16 > /dev/null; cat '\(folder)/reply'; exec sleep 1000", at: "\(folder)/worker")
        let decoder = ImageDecoder(workers: 1, executable: "\(folder)/worker")
        let isFingerprint = if case .fingerprint = reply { true } else { false }
        let error = try await failure {
          if isFingerprint {
            _ = try await decoder.probe("/a.png")
          } else {
            _ = try await decoder.fingerprint("/a.png")
          }
        }
        #expect(error.code == .imageCrashedDecoder)
      }
    }
  }
}
