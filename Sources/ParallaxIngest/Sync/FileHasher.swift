package import ParallaxCore
private import ParallaxDigest
private import Synchronization

/// A picture that was read, with what is known of it now.
package struct ReadPicture: Sendable, Hashable {
  package var file: FoundFile
  package var hash: ContentHash

  package init(file: FoundFile, hash: ContentHash) {
    self.file = file
    self.hash = hash
  }
}

/// Reads a picture that is no file of its own.
///
/// - Throws: `cancelled`, `CancellationError`; other errors are the picture's own.
package typealias PictureReading = @Sendable (FoundFile) async throws -> ReadPicture

/// Reads files side by side and tells their SHA-256.
struct FileHasher: Sendable {
  /// Files read at once.
  let width: Int
  /// Bytes a file may have.
  var byteLimit = Int64.max
  /// Reads what are no files.
  var reading: PictureReading?
  let progress: ProgressHandler?

  /// One outcome a file, in order; reading stops within one piece of 1 MiB when cancelled.
  ///
  /// - Throws: `cancelled`.
  func hashes(of files: [FoundFile]) async throws -> [Result<ReadPicture, ParallaxError>] {
    var outcomes = [Result<ReadPicture, ParallaxError>?](repeating: nil, count: files.count)
    var completed = 0
    let report = ReadingReport(files, byteLimit: byteLimit, progress)
    try await withThrowingTaskGroup(
      of: (Int, Result<ReadPicture, ParallaxError>).self
    ) { group in
      var next = 0
      while completed < files.count {
        while next < files.count, next - completed < max(1, width) {
          let position = next
          group.addTask { (position, try await hash(of: files[position], report)) }
          next += 1
        }
        do {
          guard let (position, outcome) = try await group.next() else { return }
          outcomes[position] = outcome
        } catch {
          throw ParallaxError(
            .cancelled, "cancelled after reading \(completed) of \(files.count) files")
        }
        completed += 1
        report.add(files: 1)
      }
    }
    return outcomes.compactMap(\.self)
  }

  /// - Throws: `cancelled`.
  @concurrent private func hash(
    of file: FoundFile, _ report: ReadingReport
  ) async throws -> Result<ReadPicture, ParallaxError> {
    guard file.size <= byteLimit else { return .failure(tooLarge(file)) }
    do {
      if let reading {
        let picture = try await reading(file)
        report.add(bytes: Int(max(0, file.size)))
        return .success(picture)
      }
      let hash = try await Digest.sha256Cooperatively(fileAt: file.path) { report.add(bytes: $0) }
      return .success(ReadPicture(file: file, hash: hash))
    } catch let error as ParallaxError where error.code != .cancelled {
      return .failure(error)
    }
  }

  private func tooLarge(_ file: FoundFile) -> ParallaxError {
    let (size, limit) = ((file.size - 1) / 1_000_000 + 1, byteLimit / 1_000_000)
    return ParallaxError(
      .unreadableFile,
      "the file has \(size) MB; the limit is \(limit) ('set image.max_megabytes' raises it)")
  }
}

/// Counts what was read: in images, or in bytes where some files take long.
private final class ReadingReport: Sendable {
  /// A file of more takes a second or so of a slow disk.
  private static let longFile: Int64 = 64_000_000

  private let progress: ProgressHandler?
  private let total: Int
  private let countsBytes: Bool
  private let completed = Mutex(0)

  init(_ files: [FoundFile], byteLimit: Int64, _ progress: ProgressHandler?) {
    self.progress = progress
    let sizes = files.map(\.size).filter { $0 <= byteLimit }
    countsBytes = sizes.contains { $0 >= Self.longFile }
    total =
      countsBytes
      ? Int(sizes.reduce(0) { $0.addingReportingOverflow($1).partialValue } / 1_000_000)
      : files.count
    report(0)
  }

  func add(files count: Int) { if !countsBytes { add(count) } }

  func add(bytes count: Int) { if countsBytes { add(count) } }

  private func add(_ count: Int) {
    guard progress != nil else { return }
    let sum = completed.withLock { completed in
      completed += count
      return completed
    }
    report(countsBytes ? sum / 1_000_000 : sum)
  }

  private func report(_ completed: Int) {
    progress?(
      Progress(
        "reading", completed: min(completed, total), total: total,
        unit: countsBytes ? "MB of images" : "images"))
  }
}
