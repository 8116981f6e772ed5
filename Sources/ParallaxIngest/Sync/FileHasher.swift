import ParallaxCore
private import ParallaxDigest

/// Reads files side by side and tells their SHA-256.
struct FileHasher: Sendable {
  /// Files read at once.
  let width: Int
  let progress: ProgressHandler?

  /// One outcome a path, in order; reading stops within one piece of 1 MiB when cancelled.
  ///
  /// - Throws: `cancelled`.
  func hashes(of paths: [String]) async throws -> [Result<ContentHash, ParallaxError>] {
    var outcomes = [Result<ContentHash, ParallaxError>?](repeating: nil, count: paths.count)
    var completed = 0
    progress?(report(completed, of: paths.count))
    try await withThrowingTaskGroup(
      of: (Int, Result<ContentHash, ParallaxError>).self
    ) { group in
      var next = 0
      while completed < paths.count {
        while next < paths.count, next - completed < max(1, width) {
          let position = next
          group.addTask { (position, try Self.hash(of: paths[position])) }
          next += 1
        }
        do {
          guard let (position, outcome) = try await group.next() else { return }
          outcomes[position] = outcome
        } catch {
          throw ParallaxError(
            .cancelled, "cancelled after reading \(completed) of \(paths.count) files")
        }
        completed += 1
        progress?(report(completed, of: paths.count))
      }
    }
    return outcomes.compactMap(\.self)
  }

  /// - Throws: `CancellationError`.
  private static func hash(of path: String) throws -> Result<ContentHash, ParallaxError> {
    try Task.checkCancellation()
    do {
      return .success(try Digest.sha256(fileAt: path))
    } catch let error as ParallaxError where error.code != .cancelled {
      return .failure(error)
    }
  }

  private func report(_ completed: Int, of total: Int) -> Progress {
    Progress("reading", completed: completed, total: total, unit: "images")
  }
}
