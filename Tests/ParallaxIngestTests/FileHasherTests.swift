import ParallaxCore
import ParallaxDigest
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxIngest

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct FileHasherTests {
  /// A file of zeros that takes no room.
  private func sparse(_ path: String, _ bytes: Int64) throws -> FoundFile {
    try TestFiles.write("", to: path)
    try #require(truncate(path, off_t(bytes)) == 0)
    return FoundFile(path: path, relativePath: "x", size: bytes, modified: 0)
  }

  @Test func `a file beyond the limit is named and not read`() async throws {
    try await withTemporaryDirectory { folder in
      let huge = try sparse(folder + "/huge.jpg", 10_000_000_000_000)
      let small = try sparse(folder + "/small.jpg", 3)
      let hasher = FileHasher(width: 2, byteLimit: 1_000_000_000, progress: nil)
      let outcomes = try await hasher.hashes(of: [huge, small])
      #expect(throws: ParallaxError.self) { try outcomes[0].get() }
      guard case .failure(let error) = outcomes[0] else { return }
      #expect(
        error.message
          == "the file has 10000000 MB; the limit is 1000 ('set image.max_megabytes' raises it)")
      #expect(try outcomes[1].get().hash == Digest.sha256([0, 0, 0]))
    }
  }

  @Test func `long files count in bytes, short ones in images`() async throws {
    try await withTemporaryDirectory { folder in
      let long = try sparse(folder + "/long.tif", 70_000_000)
      let short = try sparse(folder + "/short.tif", 10)
      let seen = Mutex<[Progress]>([])
      let hasher = FileHasher(
        width: 2,
        progress: { progress in
          seen.withLock { $0.append(progress) }
        })
      _ = try await hasher.hashes(of: [long, short])
      let steps = seen.withLock { $0 }
      #expect(steps.count > 60)
      #expect(steps.last?.completed == 70)
      #expect(steps.allSatisfy { $0.total == 70 && $0.unit == "MB of images" })

      seen.withLock { $0 = [] }
      _ = try await hasher.hashes(of: [short])
      #expect(
        seen.withLock { $0.last } == Progress("reading", completed: 1, total: 1, unit: "images"))
    }
  }

  @Test func `a long file is left at once when cancelled`() async throws {
    try await withTemporaryDirectory { folder in
      let long = try sparse(folder + "/long.tif", 1_000_000_000_000)
      let (started, start) = AsyncStream.makeStream(of: Void.self)
      let hasher = FileHasher(
        width: 1,
        progress: { progress in
          if progress.completed > 0 { start.finish() }
        })
      let task = Task { try await hasher.hashes(of: [long]) }
      for await _ in started {}
      task.cancel()
      let error = await #expect(throws: ParallaxError.self) { try await task.value }
      #expect(error?.code == .cancelled)
    }
  }
}
