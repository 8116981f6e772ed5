/// What the scores of a reranker are: those of two scales are never compared.
package enum ScoreScale: String, Sendable, Hashable, CaseIterable {
  /// From -1 to 1.
  case cosine
  /// Any finite number; 0 is as likely as not.
  case logit
  /// From 0 to 1.
  case probability
  /// A whole number from 0, a judge's grade of relevance.
  case grade
  /// 1 / rank in a list that was ordered as a whole.
  case rank
  /// Matches of local features that agree with one transform.
  case inliers
  /// Larger is better, and nothing else is known of it.
  case unbounded

  /// Whether every score is a whole number.
  package var isWhole: Bool { self == .grade || self == .inliers }
}

/// Who gives a score: everything that decides it, but for the question and the candidate.
package struct RerankerSpec: Sendable, Hashable {
  package var provider: String
  package var model: String
  /// Of the model's files, or as the service states it.
  package var version: String
  package var scale: ScoreScale
  /// What else decides a score: preprocessing, the digest of a prompt, the parameters of a method; each as
  /// `name=value`, in a fixed order.
  package var settings: [String]

  package init(
    provider: String, model: String, version: String, scale: ScoreScale, settings: [String] = []
  ) {
    self.provider = provider
    self.model = model
    self.version = version
    self.scale = scale
    self.settings = settings
  }

  /// One text of all of it. Kept scores are found by it, so it must not change.
  package var identity: String {
    ([provider, model, version, scale.rawValue] + settings).joined(separator: "/")
  }
}

/// What a reranker can read and how it wants to be asked.
package struct RerankerCapabilities: Sendable, Hashable {
  /// What a question may hold.
  package var readsQuestionText: Bool
  package var readsQuestionImages: Bool
  /// Whether it looks at a candidate's image; otherwise it reads a text of the candidate.
  package var readsImages: Bool
  /// Whether a score depends on the whole list and its order, not on the pair alone.
  package var isListwise: Bool
  /// Candidates handed over at a time for the best speed, or at most for a listwise one.
  package var preferredBatch: Int
  /// Batches under way at once for the best speed.
  package var concurrentBatches: Int

  package init(
    readsQuestionText: Bool, readsQuestionImages: Bool, readsImages: Bool,
    isListwise: Bool = false, preferredBatch: Int = 100, concurrentBatches: Int = 1
  ) {
    self.readsQuestionText = readsQuestionText
    self.readsQuestionImages = readsQuestionImages
    self.readsImages = readsImages
    self.isListwise = isListwise
    self.preferredBatch = preferredBatch
    self.concurrentBatches = concurrentBatches
  }
}

/// Something that scores a question and a candidate together, which is dearer and finer than comparing
/// two vectors.
package protocol Reranker: Sendable {
  var spec: RerankerSpec { get }
  var capabilities: RerankerCapabilities { get }
  /// What a person should know before scores are used.
  var notes: [String] { get }
  var warnings: [String] { get }

  /// Loads what the first question would wait for.
  func prepare() async throws

  /// How much of a question's text is read, where it has more; `nil` where all of it is.
  func limit(exceededBy question: ModelInput) async throws -> TextLimit?

  /// One outcome a candidate, in order; a larger score is a better fit. A candidate that is refused or
  /// missing in a reply fails alone, and keeps its place.
  ///
  /// - Parameters:
  ///   - candidates: of one part each, in the order of the first stage.
  ///   - question: its parts in the order in which they were asked.
  /// - Throws: only when the whole list failed (the provider, the model), when the model cannot read such
  ///   a question, or when cancelled.
  func scores(
    of candidates: [ModelInput], for question: ModelInput
  ) async throws -> [Result<Double, ParallaxError>]

  /// What came to light while scores were asked for, since this was last called.
  func drainFindings() -> RerankerFindings
}

/// What came to light while a reranker worked, in sentences.
package struct RerankerFindings: Sendable, Hashable {
  package var notes: [String]
  package var warnings: [String]

  package init(notes: [String] = [], warnings: [String] = []) {
    self.notes = notes
    self.warnings = warnings
  }
}

extension Reranker {
  package var notes: [String] { [] }
  package var warnings: [String] { [] }
  package func prepare() async throws {}
  package func limit(exceededBy question: ModelInput) async throws -> TextLimit? { nil }
  package func drainFindings() -> RerankerFindings { RerankerFindings() }
}
