import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxImaging

/// Pictures made ready to be sent to others.
@Suite struct TranscodingTests {
  private static let picture = TestData.packageRoot + "/datasets/tiles/images/mug-001.jpg"
  private static let transform = ImageTransform(resize: .fit(width: 100, height: 80))

  @Test func `what is sent is what is decoded, smaller and as JPEG`() async throws {
    let decoder = try sharedDecoder.get()
    let decoded = try await decoder.decode(Self.picture, Self.transform).pixels
    let (properties, bytes) = try await decoder.jpeg(Self.picture, Self.transform, quality: 90)
    #expect(properties.width == 256 && bytes.count < decoded.bytes.count / 3)
    try await withTemporaryDirectory { folder in
      try TestFiles.write(bytes, to: folder + "/sent.jpg")
      let sent = try await decoder.decode(folder + "/sent.jpg", ImageTransform(resize: .none))
      #expect(sent.properties.format == "jpeg" && sent.properties.orientation == 1)
      #expect(sent.pixels.width == decoded.width && sent.pixels.height == decoded.height)
      let difference = zip(sent.pixels.bytes, decoded.bytes).reduce(0) {
        $0 + abs(Int($1.0) - Int($1.1))
      }
      #expect(Double(difference) / Double(decoded.bytes.count) < 3)
    }
  }

  @Test func `a PNG holds the very pixels, and nothing of what the file said besides`() async throws
  {
    let decoder = try sharedDecoder.get()
    let path = fixture("orientation_6.jpg")
    let decoded = try await decoder.decode(path, Self.transform).pixels
    let bytes = try await decoder.png(path, Self.transform).bytes
    try await withTemporaryDirectory { folder in
      try TestFiles.write(bytes, to: folder + "/sent.png")
      let sent = try await decoder.decode(folder + "/sent.png", ImageTransform(resize: .none))
      #expect(sent.properties.format == "png" && sent.pixels == decoded)
    }
    for chunk in ["eXIf", "iCCP", "tEXt", "iTXt", "zTXt"] {
      #expect(bytes.firstRange(of: Array(chunk.utf8)) == nil)
    }
  }

  @Test func `nothing but the picture is sent`() async throws {
    let (_, bytes) = try await sharedDecoder.get()
      .jpeg(fixture("orientation_6.jpg"), Self.transform, quality: 90)
    // Neither an APP1 (EXIF, XMP) nor an APP2 (ICC) nor an APP13 (IPTC) segment.
    for marker: UInt8 in [0xE1, 0xE2, 0xED] {
      #expect(!zip(bytes, bytes.dropFirst()).contains { $0 == 0xFF && $1 == marker })
    }
  }

  @Test func `the same picture becomes the same bytes`() async throws {
    let decoder = try sharedDecoder.get()
    let first = try await decoder.jpeg(Self.picture, Self.transform, quality: 90).bytes
    #expect(try await decoder.jpeg(Self.picture, Self.transform, quality: 90).bytes == first)
  }
}
