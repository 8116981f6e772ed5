internal import ParallaxCore
internal import ParallaxSearch

extension RerankInput.Side {
  /// The list of a question: those of its candidates that have a vector here.
  func list(_ question: Int) throws -> RankedVectors {
    try RankedVectors(
      question: questions[question], rows: rows[question].compactMap(\.self), of: matrix)
  }

  /// The rows that are the question.
  func ownRows(_ question: Int) -> Set<Int> { own.isEmpty ? [] : own[question] }

  /// The scores of that list's candidates, for all candidates of the question.
  func spread(_ scores: [Double], over question: Int) -> [Double?] {
    var next = scores[...]
    return rows[question].map { $0 == nil ? nil : next.popFirst() }
  }

  /// Ranks the list of each question anew.
  ///
  /// - Throws: `cancelled`, and what `body` throws.
  func scores(
    progress: (Int) -> Void, _ body: (_ list: RankedVectors, _ question: Int) throws -> [Double]
  ) throws -> [[Double?]] {
    try questions.indices.map { question in
      try Task.checkCancellation()
      let scores = try body(list(question), question)
      progress(question + 1)
      return spread(scores, over: question)
    }
  }
}
