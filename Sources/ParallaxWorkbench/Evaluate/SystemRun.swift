package import ParallaxCore
package import ParallaxEvaluation
package import ParallaxStorage

/// What a system answered to many questions, and how: a run with all that a comparison needs to know
/// of it.
package struct SystemRun: Sendable, Hashable {
  /// How tables call it, such as `q`, `photos@base` or `photos@base dim 128`.
  package var name: String
  package var run: Run
  /// `nil` for a run that was made elsewhere.
  package var questions: QuestionSet?
  /// The collection that its items are of; `nil` where that is not known.
  package var collection: ItemCollection?
  /// The spaces that were searched; empty for a run that was made elsewhere.
  package var spaces: [Space]
  /// How hits were found, such as `exact`.
  package var method: String
  /// The items that are the question itself, by id or by content, for each question that has any.
  package var own: [String: Set<ItemID>]
  /// What was read, with its SHA-256.
  package var inputs: [Provenance.Name]
  package var costs: Costs

  /// What a system needs.
  package struct Costs: Sendable, Hashable {
    /// Numbers of a vector.
    package var dimension: Int?
    /// Of the vectors that are searched.
    package var bytesPerVector: Int?
    /// Of the index or the codes beside the vectors.
    package var indexBytes: Int?
    /// Milliseconds for all questions.
    package var embedding: Double?
    package var searching: Double?
    package var reranking: Double?
    /// Millionths of a US dollar.
    package var money: Int?

    package init() {}
  }

  package init(name: String, run: Run, questions: QuestionSet? = nil) {
    self.name = name
    self.run = run
    self.questions = questions
    collection = nil
    spaces = []
    method = ""
    own = [:]
    inputs = []
    costs = Costs()
  }
}
