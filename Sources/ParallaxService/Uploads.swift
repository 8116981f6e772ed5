internal import ParallaxCore
private import ParallaxDigest
private import ParallaxSystem
private import Synchronization

/// Pictures that somebody asks by, as files in a folder of their own; the newest of those that were kept stay
/// while the server runs.
final class Uploads: Sendable {
  private static let mostFiles = 256
  private static let mostBytes = 512_000_000

  /// A picture whose file is there until nobody holds it any more.
  final class Upload: Sendable {
    let content: ContentHash
    let path: String
    let size: Int

    fileprivate init(content: ContentHash, path: String, size: Int) {
      self.content = content
      self.path = path
      self.size = size
    }

    deinit { Folder.removeFile(path) }
  }

  private struct State {
    /// The oldest first.
    var uploads: [Upload] = []
    /// Files that were written, each under a number of its own: a picture that went may be in use still
    /// when it comes again.
    var written = 0
    var isClosed = false
  }

  private let folder: TemporaryFolder
  private let state = Mutex(State())

  init() throws { folder = try TemporaryFolder(for: "a folder for pictures that are asked by") }

  func close() {
    state.withLock {
      $0.isClosed = true
      $0.uploads = []
    }
    folder.remove()
  }

  /// A picture of one request, which takes none of the places of those that are kept.
  ///
  /// - Throws: `CancellationError` when the server ends, `unwritable-file`.
  func hold(_ bytes: [UInt8]) throws -> Upload {
    let number = try state.withLock { state in
      guard !state.isClosed else { throw CancellationError() }
      state.written += 1
      return state.written
    }
    let upload = Upload(
      content: Digest.sha256(bytes), path: "\(folder.path)/\(number)", size: bytes.count)
    do { _ = try folder.write(bytes, to: String(number)) } catch let error as ParallaxError {
      throw error.hiding(upload.path, as: "the picture")
    }
    return upload
  }

  /// Keeps a picture that is held, for searches to come; the same bytes once.
  func keep(_ upload: Upload) {
    state.withLock { state in
      guard !state.isClosed else { return }
      var kept = upload
      if let place = state.uploads.firstIndex(where: { $0.content == upload.content }) {
        kept = state.uploads.remove(at: place)
      }
      while state.uploads.count >= Self.mostFiles
        || state.uploads.reduce(kept.size, { $0 + $1.size }) > Self.mostBytes,
        !state.uploads.isEmpty
      {
        state.uploads.removeFirst()
      }
      state.uploads.append(kept)
    }
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
