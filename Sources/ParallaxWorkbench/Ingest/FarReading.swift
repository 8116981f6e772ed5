internal import ParallaxCore
private import ParallaxDigest
internal import ParallaxImaging
internal import ParallaxIngest
internal import ParallaxSources
internal import ParallaxStorage
private import Synchronization

/// Reads the pictures of a source that are no files: each once, and only if it is not as it was.
///
/// What is learnt of a picture and its small copy are kept while others are still read: what is stopped
/// goes on where it was.
final class FarReading: Sendable {
  /// Pictures that are read at once.
  static let width = 16
  /// Pictures of one transaction.
  private static let batch = 32

  private struct State {
    var pending: [FarPicture] = []
    var thumbnails: [ContentHash: Thumbnail] = [:]
    /// By path.
    var learnt: [String: FarPicture] = [:]
  }

  private let workspace: Workspace
  private let sources: PictureSources
  private let decoder: ImageDecoder
  /// Whether what is known does not count.
  private let rereads: Bool
  private let state = Mutex(State())

  init(
    workspace: Workspace, sources: PictureSources, decoder: ImageDecoder, rereads: Bool
  ) {
    self.workspace = workspace
    self.sources = sources
    self.decoder = decoder
    self.rereads = rereads
  }

  /// Runs `body` and keeps what it has learnt, also when it fails.
  func keeping<Outcome>(_ body: () async throws -> Outcome) async throws -> Outcome {
    do {
      let outcome = try await body()
      try flush(atLeast: 1)
      return outcome
    } catch {
      try? flush(atLeast: 1)
      throw error
    }
  }

  /// - Throws: the picture's own trouble; `cancelled`, `missing-component`.
  func read(_ file: FoundFile) async throws -> ReadPicture {
    let known = rereads ? nil : try workspace.farPicture(at: file.path)
    if let known, file.size >= 0, known.size == file.size, known.tag == file.tag,
      known.modified == file.modified
    {
      return learn(known, of: file)
    }
    let learnt = try await sources.withPicture(
      at: file.path, unless: known.map { PictureState(tag: $0.tag, modified: $0.modified) },
      atMost: decoder.limits.fileBytes
    ) { [decoder] bytes, state in
      try await Self.look(at: bytes, state, file, decoder)
    }
    guard let learnt else {
      guard let known else {
        throw ParallaxError(
          .unreadableFile, "the server says that nothing has changed, of what is new")
      }
      return learn(known, of: file)
    }
    state.withLock { state in
      state.pending.append(learnt.picture)
      if let thumbnail = learnt.thumbnail {
        state.thumbnails[learnt.picture.hash] = thumbnail
      }
    }
    try flush(atLeast: Self.batch)
    return learn(learnt.picture, of: file)
  }

  /// What is stored of items' pictures, all of which were read.
  func states(of items: [IngestItem]) throws -> [ItemID: FileState] {
    let learnt = state.withLock { $0.learnt }
    return Dictionary(
      items.compactMap { item in
        learnt[item.file.path].map {
          (item.id, item.state(width: $0.width, height: $0.height, format: $0.format))
        }
      }, uniquingKeysWith: { first, _ in first })
  }

  private func learn(_ picture: FarPicture, of file: FoundFile) -> ReadPicture {
    state.withLock { $0.learnt[picture.path] = picture }
    var file = file
    file.size = picture.size
    file.modified = picture.modified ?? 0
    file.tag = picture.tag
    file.changed = PictureState(tag: picture.tag).change
    return ReadPicture(file: file, hash: picture.hash)
  }

  private static func look(
    at bytes: [UInt8], _ state: PictureState, _ file: FoundFile, _ decoder: ImageDecoder
  ) async throws -> (picture: FarPicture, thumbnail: Thumbnail?) {
    let properties: ImageProperties
    var thumbnail: Thumbnail?
    guard PicturePath.isRemote(file.path) else {
      let properties = try await decoder.probe(bytes, named: file.path)
      return (picture(file, state, bytes, properties), nil)
    }
    do {
      let small = try await decoder.jpeg(
        of: bytes, named: file.path, SmallPicture.transform, quality: SmallPicture.quality)
      properties = small.properties
      let size = properties.size(fitting: SmallPicture.box)
      thumbnail = Thumbnail(jpeg: small.bytes, width: size.width, height: size.height)
    } catch let error as ParallaxError
      where error.code != .cancelled && error.code != .missingComponent
    {
      // As a file whose header alone is looked at: what is damaged behind it fails when it is embedded.
      properties = try await decoder.probe(bytes, named: file.path)
    }
    return (picture(file, state, bytes, properties), thumbnail)
  }

  private static func picture(
    _ file: FoundFile, _ state: PictureState, _ bytes: [UInt8], _ properties: ImageProperties
  ) -> FarPicture {
    FarPicture(
      path: file.path, tag: state.tag, modified: state.modified, size: Int64(bytes.count),
      hash: Digest.sha256(bytes), width: properties.width, height: properties.height,
      format: properties.format)
  }

  private func flush(atLeast count: Int) throws {
    let (pictures, thumbnails) = state.withLock {
      state -> ([FarPicture], [ContentHash: Thumbnail]) in
      guard state.pending.count >= count else { return ([], [:]) }
      defer { (state.pending, state.thumbnails) = ([], [:]) }
      return (state.pending, state.thumbnails)
    }
    guard !pictures.isEmpty else { return }
    try workspace.keep(pictures, thumbnails: thumbnails)
  }
}
