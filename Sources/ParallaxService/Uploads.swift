internal import ParallaxCore
private import ParallaxDigest
private import ParallaxSystem
private import Synchronization

/// Pictures that somebody asks by, as files in a folder of their own; the newest are kept while the server
/// runs.
final class Uploads: Sendable {
  private static let mostFiles = 256
  private static let mostBytes = 512_000_000

  struct Upload: Sendable {
    var content: ContentHash
    var path: String
    var size: Int
  }

  private struct State {
    /// The oldest first.
    var uploads: [Upload] = []
    var isClosed = false
  }

  private let folder: TemporaryFolder
  private let state = Mutex(State())

  init() throws { folder = try TemporaryFolder(for: "a folder for pictures that are asked by") }

  func close() {
    state.withLock { $0.isClosed = true }
    folder.remove()
  }

  /// Keeps a picture; the same bytes once.
  func keep(_ bytes: [UInt8]) throws -> Upload {
    let content = Digest.sha256(bytes)
    return try state.withLock { state in
      if let place = state.uploads.firstIndex(where: { $0.content == content }) {
        let known = state.uploads.remove(at: place)
        state.uploads.append(known)
        return known
      }
      guard !state.isClosed else { throw CancellationError() }
      while state.uploads.count >= Self.mostFiles
        || state.uploads.reduce(bytes.count, { $0 + $1.size }) > Self.mostBytes,
        !state.uploads.isEmpty
      {
        Folder.removeFile(state.uploads.removeFirst().path)
      }
      let path = try folder.write(bytes, to: content.hexadecimal)
      let upload = Upload(content: content, path: path, size: bytes.count)
      state.uploads.append(upload)
      return upload
    }
  }

  /// Forgets what turned out to be no picture.
  func discard(_ upload: Upload) {
    state.withLock { $0.uploads.removeAll { $0.content == upload.content } }
    Folder.removeFile(upload.path)
  }

  /// - Throws: `unknown-name` for one that was never kept, or is not any more.
  func upload(_ id: String) throws -> Upload {
    let content = ContentHash(hexadecimal: id)
    if let upload = state.withLock({ $0.uploads.first { $0.content == content } }) { return upload }
    throw ParallaxError(
      .unknownName, "there is no upload '\(id)'",
      hint: "uploads are kept while the server runs, the newest \(Self.mostFiles): send it again")
  }
}

extension ParallaxError {
  /// The same error without the path of a file, which is nobody's business.
  func hiding(_ path: String, as name: String) -> ParallaxError {
    var copy = self
    copy.message = message.replacing("'\(path)'", with: name).replacing(path, with: name)
    copy.hint = hint?.replacing(path, with: name)
    return copy
  }
}

/// Runs `body`, whose errors name no path.
func hiding<Result>(
  _ path: String, as name: String, _ body: () async throws -> Result
) async throws -> Result {
  do { return try await body() } catch let error as ParallaxError {
    throw error.hiding(path, as: name)
  }
}
