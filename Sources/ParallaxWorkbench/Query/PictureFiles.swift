internal import ParallaxCore
private import ParallaxDigest
private import ParallaxImaging
private import ParallaxSystem

/// Files of pictures that somebody names.
enum PictureFiles {
  /// The SHA-256 of each, or why there is none.
  ///
  /// - Parameter limit: bytes of a file that is still read.
  /// - Throws: `CancellationError`.
  @concurrent static func hashes(
    of paths: Set<String>, limit: Int
  ) async throws -> [String: Result<ContentHash, ParallaxError>] {
    try await withThrowingTaskGroup(
      of: (String, Result<ContentHash, ParallaxError>).self
    ) { group in
      var rest = paths.sorted()[...]
      func start() {
        guard let path = rest.popFirst() else { return }
        group.addTask { (path, try await hash(of: path, limit: limit)) }
      }
      for _ in 0..<Processors.count { start() }
      var files: [String: Result<ContentHash, ParallaxError>] = [:]
      for try await (path, outcome) in group {
        files[path] = outcome
        start()
      }
      return files
    }
  }

  private static func hash(
    of path: String, limit: Int
  ) async throws -> Result<ContentHash, ParallaxError> {
    if let size = FileStatus(at: path)?.size, size > limit {
      return .failure(DecodeLimits.tooLarge(path, Int(size), limit: limit))
    }
    do { return .success(try await Digest.sha256Cooperatively(fileAt: path)) } catch {
      guard let error = error as? ParallaxError, error.code != .cancelled else { throw error }
      return .failure(error)
    }
  }
}
