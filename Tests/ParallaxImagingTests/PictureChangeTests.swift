import ParallaxCore
import ParallaxDigest
import ParallaxTestSupport
import Testing

@testable import ParallaxImaging

/// A line of `Fixtures/changes.txt`, which `make_fingerprints.py` writes with Pillow, NumPy and SciPy.
struct ExpectedChange: CustomTestStringConvertible {
  var file: String
  var id: String
  var width: Int
  var height: Int
  var digest: String

  var testDescription: String { "\(file), \(id)" }

  static let all: [ExpectedChange] = fixtureLines("changes.txt").compactMap { fields in
    guard fields.count == 5, let width = Int(fields[2]), let height = Int(fields[3]) else {
      return nil
    }
    return Self(file: fields[0], id: fields[1], width: width, height: height, digest: fields[4])
  }
}

@Suite struct PictureChangeTests {
  private func pixels(_ name: String) async throws -> PixelBuffer {
    try await sharedDecoder.get().decode(fixture(name), ImageTransform(resize: .none)).pixels
  }

  @Test func `every registered change is computed elsewhere too`() {
    let ids = PictureChangeRegistry.all.map(\.id)
    #expect(Set(ids).count == ids.count && ids.count == 36)
    #expect(ExpectedChange.all.count == 4 * ids.count)
    #expect(Set(ExpectedChange.all.map(\.id)) == Set(ids))
    #expect(Set(PictureChangeRegistry.kinds).count == PictureChangeRegistry.kinds.count)
    let wordless = PictureChangeRegistry.all.filter { $0.strength.isEmpty || $0.kind.isEmpty }
    #expect(wordless.isEmpty)
  }

  @Test func `the page on images lists every change in its own words`() throws {
    let page = try #require(TestFiles.text(of: TestData.packageRoot + "/docs/images.md"))
    for change in PictureChangeRegistry.all {
      #expect(page.contains("`\(change.id)`: \(change.strength)"))
    }
    #expect(
      page.contains(
        "\(PictureChangeRegistry.all.count) changes of \(PictureChangeRegistry.kinds.count) kinds"))
    #expect(page.contains("`\(Fingerprint.method)`"))
  }

  @Test(arguments: ExpectedChange.all)
  func `a change gives the pixels of Pillow and NumPy`(expected: ExpectedChange) async throws {
    let change = try #require(PictureChangeRegistry.change(withID: expected.id))
    let changed = try #require(change.applied(to: try await pixels(expected.file)))
    try #require(changed.width == expected.width && changed.height == expected.height)
    let head = Array("P6\n\(changed.width) \(changed.height)\n255\n".utf8)
    #expect(Digest.sha256(head + changed.bytes).hexadecimal == expected.digest)
  }

  @Test(arguments: ["flip", "crop-center-50", "rescale-4", "blur-15", "grey", "letterbox"])
  func `a worker makes a JPEG of what was changed`(id: String) async throws {
    let change = try #require(PictureChangeRegistry.change(withID: id))
    let decoder = try sharedDecoder.get()
    let whole = ImageTransform(resize: .none)
    let bytes = try await decoder.file(fixture("scene.png"), whole, changedBy: change)
    let expected = try #require(change.applied(to: try await pixels("scene.png")))
    try await withTemporaryDirectory { folder in
      try TestFiles.write(bytes, to: folder + "/copy.jpg")
      let (properties, pixels) = try await decoder.decode(folder + "/copy.jpg", whole)
      #expect(properties.format == "jpeg")
      try #require(pixels.width == expected.width && pixels.height == expected.height)
      #expect(difference(pixels, expected).mean < 4)
    }
    #expect(try await decoder.file(fixture("scene.png"), whole, changedBy: change) == bytes)
  }

  @Test func `a lower quality makes a smaller file`() async throws {
    let decoder = try sharedDecoder.get()
    let sizes = try await PictureChangeRegistry.all.filter { $0.kind == "jpeg" }
      .concurrentOutcomes { change in
        try await decoder.file(
          fixture("scene.png"), ImageTransform(resize: .none), changedBy: change
        ).count
      }.map { try $0.get() }
    #expect(sizes.count == 3 && sizes == sizes.sorted(by: >) && sizes[0] > 2 * sizes[2])
  }

  @Test func `a broken picture is not changed`() async throws {
    let change = try #require(PictureChangeRegistry.all.first)
    let error = try await failure {
      try await sharedDecoder.get().file(
        fixture("truncated.png"), ImageTransform(resize: .none), changedBy: change)
    }
    #expect(error.code == .corruptImage)
  }
}
