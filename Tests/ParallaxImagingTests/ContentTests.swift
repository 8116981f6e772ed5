import ParallaxCore
import ParallaxDigest
import ParallaxTestSupport
import Testing

@testable import ParallaxImaging

/// The bytes that are decoded are those that were hashed.
@Suite struct ContentTests {
  private static let whole = ImageTransform(resize: .none)

  private static func hash(_ name: String) throws -> ContentHash {
    Digest.sha256(try #require(contents(of: fixture(name))))
  }

  @Test(arguments: [
    "plain.png", "photo.jpg", "plain.tif", "lossless.webp", "animated.gif", "photo.avif",
  ])
  func `the bytes asked for are decoded, others are refused`(name: String) async throws {
    let decoder = try sharedDecoder.get()
    let own = try Self.hash(name)
    let plain = try await decoder.decode(fixture(name), Self.whole)
    let checked = try await decoder.decode(fixture(name), Self.whole, expecting: own)
    #expect(checked == plain)
    let jpeg = try await decoder.jpeg(fixture(name), Self.whole, quality: 90, expecting: own)
    #expect(jpeg.bytes.starts(with: [0xFF, 0xD8]))

    let other = try Self.hash("grey16.png")
    let refusal = try await failure {
      try await decoder.decode(fixture(name), Self.whole, expecting: other)
    }
    #expect(refusal.code == .changedFile)
    #expect(refusal.message == "'\(fixture(name))' changed while it was in use")
    let unsent = try await failure {
      try await decoder.jpeg(fixture(name), Self.whole, quality: 90, expecting: other)
    }
    #expect(unsent.code == .changedFile)
  }

  /// A file is replaced and written over, to and fro, while it is decoded: what comes is either the
  /// picture of the hash or a refusal, never the other picture.
  @Test func `a file changed in the middle is never taken for another`() async throws {
    try await withTemporaryDirectory { folder in
      let decoder = try sharedDecoder.get()
      let pictures = try ["rgb16.png", "plain.png"].map { try #require(contents(of: fixture($0))) }
      let pixels = [
        try await decoder.decode(fixture("rgb16.png"), Self.whole).pixels,
        try await decoder.decode(fixture("plain.png"), Self.whole).pixels,
      ]
      let path = folder + "/x.png"
      try save(pictures[0], to: path)
      let asking = Task {
        var seen = 0
        for round in 0..<200 {
          let wanted = round % 2
          let outcome = try? await decoder.decode(
            path, Self.whole, expecting: Digest.sha256(pictures[wanted]))
          guard let outcome else { continue }
          seen += 1
          #expect(outcome.pixels == pixels[wanted])
        }
        return seen
      }
      let writing = Task {
        var turn = 0
        while !Task.isCancelled {
          turn += 1
          try save(pictures[turn % 2], to: path)
          await Task.yield()
        }
      }
      _ = await asking.value
      writing.cancel()
      try await writing.value
    }
  }

  @Test func `a file beyond the limit is refused before it is read`() async throws {
    try await withTemporaryDirectory { folder in
      let decoder = ImageDecoder(
        workers: 1, executable: try workerProgram(), limits: DecodeLimits(fileBytes: 2_500_000))
      let path = folder + "/sparse.jpg"
      try makeSparse(path, bytes: 10_000_000_000_000)
      let error = try await failure { try await decoder.decode(path, Self.whole) }
      #expect(error.code == .imageTooLarge)
      let reason =
        "the file has 10000000 MB; the limit is 3 ('set image.max_megabytes' raises it)"
      #expect(error.message.hasSuffix(reason))
      decoder.limits.fileBytes = Int.max
      let other = try await failure { try await decoder.probe(path) }
      #expect(other.code == .unsupportedFormat)
    }
  }
}
