import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxDigest

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Digests that are remembered, and the many ways in which they must not be.
struct DigestMemoryTests {
  private let wrong = Digest.sha256("something else").hexadecimal

  private func memory(_ folder: String, settling: Int64 = 0) -> DigestMemory {
    DigestMemory(at: "\(folder)/cache/parallax/digests", threshold: 4, settling: settling)
  }

  /// A file that the memory holds a wrong digest for, which it gives back as long as it trusts it.
  private func withPoison(
    _ body: (_ folder: String, _ file: String, _ cache: String) throws -> Void
  ) async throws {
    try await withTemporaryDirectory { folder in
      let (file, cache) = ("\(folder)/weights", "\(folder)/cache/parallax/digests")
      try TestFiles.write("weights of a model", to: file)
      let digest = try memory(folder).sha256(fileAt: file)
      #expect(digest == Digest.sha256("weights of a model"))
      let text = try #require(TestFiles.text(of: cache))
      try TestFiles.write(
        text.replacing(digest.hexadecimal, with: wrong), to: cache, mode: 0o600)
      #expect(try memory(folder).sha256(fileAt: file).hexadecimal == wrong)
      try body(folder, file, cache)
    }
  }

  @Test func `a digest is taken for granted until the file is another`() async throws {
    try await withPoison { folder, file, _ in
      // The same size and the same time, as 'touch -r' makes them.
      var status = stat()
      try #require(stat(file, &status) == 0)
      try TestFiles.write("WEIGHTS of a model", to: file)
      try TestFiles.setModified(
        Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec), of: file)
      #expect(try memory(folder).sha256(fileAt: file) == Digest.sha256("WEIGHTS of a model"))
    }
    try await withPoison { folder, file, _ in
      // Another file under the name.
      try TestFiles.write("weights of a model", to: file + "2")
      try #require(rename(file + "2", file) == 0)
      #expect(try memory(folder).sha256(fileAt: file) == Digest.sha256("weights of a model"))
    }
  }

  @Test(arguments: [0o622, 0o666])
  func `a memory that others may change is not believed`(mode: Int) async throws {
    try await withPoison { folder, file, cache in
      try TestFiles.write(TestFiles.text(of: cache) ?? "", to: cache, mode: mode)
      #expect(try memory(folder).sha256(fileAt: file) == Digest.sha256("weights of a model"))
    }
  }

  @Test func `a damaged memory is no memory`() async throws {
    try await withPoison { folder, file, cache in
      for text in ["", "\0\0", "1 2 3 4 5 \(wrong)\n", String(repeating: "x ", count: 900_000)] {
        try TestFiles.write(text, to: cache, mode: 0o600)
        #expect(try memory(folder).sha256(fileAt: file) == Digest.sha256("weights of a model"))
      }
    }
  }

  @Test func `a file that changed just now is read again`() async throws {
    try await withTemporaryDirectory { folder in
      try TestFiles.write("weights", to: "\(folder)/weights")
      let memory = memory(folder, settling: 3_600_000_000_000)
      _ = try memory.sha256(fileAt: "\(folder)/weights")
      #expect(TestFiles.text(of: "\(folder)/cache/parallax/digests") == nil)
    }
  }

  @Test func `small files, and a home that cannot be written, leave nothing`() async throws {
    try await withTemporaryDirectory { folder in
      try TestFiles.write("abc", to: "\(folder)/small")
      #expect(try memory(folder).sha256(fileAt: "\(folder)/small") == Digest.sha256("abc"))
      #expect(TestFiles.text(of: "\(folder)/cache/parallax/digests") == nil)
      try TestFiles.write("weights", to: "\(folder)/weights")
      for place in [nil, "\(folder)/small/parallax/digests", "/proc/parallax/digests"] {
        let memory = DigestMemory(at: place, threshold: 4, settling: 0)
        #expect(try memory.sha256(fileAt: "\(folder)/weights") == Digest.sha256("weights"))
      }
    }
  }
}
