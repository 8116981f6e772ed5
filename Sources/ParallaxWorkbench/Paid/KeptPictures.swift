internal import ParallaxCore
private import ParallaxDigest
internal import ParallaxProviders
private import ParallaxReporting
internal import ParallaxStorage
private import Synchronization

/// What models made of pictures, kept in the workspace beside replies, up to a bound.
final class KeptPictures: PictureMemory {
  /// Bytes of all that is kept.
  private static let bound = 1 << 30
  /// What they are called among the replies; `cache prune --model pictures` frees their room.
  static let model = "pictures"

  private struct State {
    /// Bytes that are kept; `nil` before they were counted.
    var bytes: Int?
    var isFull = false
  }

  private let workspace: Workspace
  private let replies: ReplyCache
  private let state = Mutex(State())

  init(_ workspace: Workspace, _ replies: ReplyCache) {
    self.workspace = workspace
    self.replies = replies
  }

  func kept(_ pictures: [ContentHash], by maker: String) throws -> [ContentHash: [Float]] {
    let keys = pictures.map { Self.key($0, maker) }
    let found = try replies.vectors(for: keys)
    return Dictionary(
      zip(pictures, keys).compactMap { picture, key in found[key].map { (picture, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  func keep(_ made: [ContentHash: [Float]], by maker: String) throws {
    guard workspace.mode == .readWrite else { return }
    let bytes = made.values.reduce(0) { $0 + $1.count * MemoryLayout<Float>.size }
    guard try takesRoom(bytes) else { return }
    try replies.keep(
      made.map { CachedReply(key: Self.key($0, maker), kind: .image, vector: $1) },
      provider: Self.provider, model: Self.model)
  }

  private static let provider = "local"

  private static func key(_ picture: ContentHash, _ maker: String) -> ContentHash {
    ReplyCache.key(identity: maker, side: "picture", digest: picture)
  }

  private func takesRoom(_ bytes: Int) throws -> Bool {
    let known = state.withLock(\.bytes)
    let before = try known ?? workspace.replyBytes(provider: Self.provider, model: Self.model)
    return state.withLock { state in
      let total = (state.bytes ?? before) + bytes
      guard total <= Self.bound else {
        state.bytes = state.bytes ?? before
        state.isFull = true
        return false
      }
      state.bytes = total
      return true
    }
  }

  /// That there is no more room, since it was last asked.
  func drainNotes() -> [String] {
    let isFull = state.withLock { state in
      defer { state.isFull = false }
      return state.isFull
    }
    return isFull
      ? [
        "what is made of pictures is no longer kept, since \(Wording.bytes(Self.bound)) are: "
          + "'cache prune --model \(Self.model)' makes room"
      ] : []
  }
}
