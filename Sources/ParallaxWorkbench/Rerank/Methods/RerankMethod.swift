package import ParallaxCore
package import ParallaxProviders

/// A way to look at lists again that needs no model: the vectors of the space that was asked are enough.
/// One file in `Methods/`, one line in ``RerankMethodRegistry``.
package protocol RerankMethod: Sendable {
  /// As `--model` names it.
  static var id: String { get }
  /// One line.
  static var summary: String { get }
  /// What `--model NAME:key=value` sets.
  static var parameters: [RerankParameter] { get }
  /// What its scores are.
  static var scale: ScoreScale { get }
  /// The formula, where it comes from, when it helps; for `describe model`.
  static var facts: [ModelDescription.Fact] { get }

  /// - Parameter parameters: whole, and checked against ``parameters``.
  /// - Throws: `invalid-value`, about the parameter `model`, for values that contradict one another.
  init(_ parameters: RerankParameters) throws

  /// A score for each candidate of each question: a list a question, in the order of its candidates; a
  /// larger one is a better fit, `nil` for a candidate that has none. Scores are rounded to 32 bits.
  ///
  /// All questions of a run come at once. The result is a function of the input alone, on every
  /// processor and with any number of threads.
  ///
  /// - Parameter progress: questions that are done; call it now and then.
  /// - Throws: `cancelled`; `unsupported`, `invalid-value` for what it cannot work with.
  func scores(_ input: RerankInput, progress: (Int) -> Void) async throws -> [[Double?]]

  /// What is left out of account with such lists, a sentence each.
  func warnings(about input: RerankInput) -> [String]
}

extension RerankMethod {
  package func warnings(about input: RerankInput) -> [String] { [] }
}

/// The lists that a method looks at.
package struct RerankInput: Sendable {
  /// The lists in one space.
  package struct Side: Sendable {
    package var matrix: VectorMatrix
    /// The vector of each question, of the matrix's dimension: that of its terms together.
    package var questions: [[Float]]
    /// The row of each candidate, by question; `nil` for an item without a vector there.
    package var rows: [[Int?]]
    /// The rows that are the question itself, by question: no answers of it, and no neighbours. Empty where
    /// no question is an item.
    package var own: [Set<Int>] = []
  }

  /// The space that was asked.
  package var space: Side
  /// The space that a parameter of the method names.
  package var other: Side?
  /// What each candidate was ranked by before, by question, best first; in general a cosine.
  package var scores: [[Double]]

  package init(space: Side, other: Side? = nil, scores: [[Double]]) {
    self.space = space
    self.other = other
    self.scores = scores
  }
}
