package import ParallaxCore

/// Work that was submitted to a provider, to be fetched when it is done.
package struct BatchJob: Sendable, Hashable {
  package enum State: String, Sendable, Hashable, CaseIterable {
    /// It is not known whether the provider has it.
    case unconfirmed
    case pending, running
    /// Its answers are kept.
    case fetched
    case failed, cancelled, expired

    /// Whether answers may still come.
    package var isUnderWay: Bool {
      switch self {
      case .unconfirmed, .pending, .running: true
      case .fetched, .failed, .cancelled, .expired: false
      }
    }
  }

  /// Unique for ever.
  package var name: String
  /// As the provider names it; `nil` while it is not known whether it has the job.
  package var remote: String?
  /// What the vectors will be of.
  package var spec: EmbeddingSpec
  /// A space, such as `photos@base`.
  package var subject: String
  /// Tells accounts of the provider apart.
  package var account: String
  /// Names the charge in the workspace.
  package var charge: Int64
  package var state: State
  package var items: Int
  /// Items with a reply.
  package var answered: Int
  /// Where files of it are in a bucket; `nil` for none that are known of.
  package var folder: String?
  /// What the provider said of it; `nil` for nothing.
  package var message: String?
  /// ISO 8601, UTC, to the second.
  package var created: String
  package var changed: String
}

/// One input of a job.
package struct BatchItem: Sendable, Hashable {
  /// What its reply is kept under.
  package var key: ContentHash
  package var kind: CachedReply.Kind

  package init(key: ContentHash, kind: CachedReply.Kind) { (self.key, self.kind) = (key, kind) }
}
