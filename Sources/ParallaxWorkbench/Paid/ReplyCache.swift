package import ParallaxCore
private import ParallaxDigest
internal import ParallaxReporting
package import ParallaxStorage
private import Synchronization

/// The replies that were paid for: in the workspace, and for the session where that cannot take them.
package final class ReplyCache: Sendable {
  private struct State {
    /// What the workspace could not take.
    var replies: [ContentHash: CachedReply] = [:]
    var damaged: Set<ContentHash> = []
  }

  private let workspace: Workspace
  private let state = Mutex(State())

  package init(_ workspace: Workspace) { self.workspace = workspace }

  /// What a reply is kept under: everything that decides it. Workspaces hold these keys, so they must
  /// not change.
  ///
  /// - Parameters:
  ///   - identity: of whoever answers.
  ///   - side: how the input is asked for.
  ///   - digest: of the input.
  static func key(identity: String, side: String, digest: ContentHash) -> ContentHash {
    Digest.sha256("\(identity)\n\(side)\n\(digest.hexadecimal)")
  }

  /// The vectors there are for some keys.
  package func vectors(for keys: [ContentHash]) throws -> [ContentHash: [Float]] {
    let (intact, damaged) = try workspace.cachedReplies(for: keys)
    return state.withLock { state in
      state.damaged.formUnion(damaged.filter { state.replies[$0] == nil })
      var vectors = intact
      for key in keys where vectors[key] == nil { vectors[key] = state.replies[key]?.vector }
      return vectors
    }
  }

  /// Those of some keys whose replies jobs under way will bring.
  func keysUnderWay(among keys: [ContentHash]) throws -> Set<ContentHash> {
    try workspace.keysUnderWay(among: keys)
  }

  /// Keeps what was answered.
  ///
  /// - Throws: `storage` when the workspace cannot take it; the session has it all the same.
  package func keep(_ replies: [CachedReply], provider: String, model: String) throws {
    if replies.isEmpty { return }
    if workspace.mode == .readOnly { return remember(replies) }
    do {
      try workspace.keep(replies, provider: provider, model: model)
    } catch var error as ParallaxError {
      remember(replies)
      error.hint =
        "\(Wording.count(replies.count)) replies that were paid for are kept until the session ends"
      throw error
    }
  }

  private func remember(_ replies: [CachedReply]) {
    state.withLock { state in
      for reply in replies { state.replies[reply.key] = reply }
    }
  }

  /// The dimensions that a model's replies have.
  package func dimensions(provider: String, model: String) throws -> [Int] {
    try workspace.replyDimensions(provider: provider, model: model)
  }

  /// What was found damaged since it was last asked.
  package func drainWarnings() -> [String] {
    let count = state.withLock { state in
      defer { state.damaged = [] }
      return state.damaged.count
    }
    if count == 0 { return [] }
    return [
      count == 1
        ? "a kept reply is damaged and was not used: its input was asked for again"
        : "\(Wording.count(count)) kept replies are damaged and were not used: their inputs were "
          + "asked for again"
    ]
  }
}
