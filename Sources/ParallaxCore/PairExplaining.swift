/// A reranker that can say more of a pair than its score.
package protocol PairExplaining: Reranker {
  /// What made the score of one candidate, by name, in the order in which it is shown.
  ///
  /// - Throws: as ``Reranker/scores(of:for:)``, and what is wrong with the candidate.
  func explanation(
    of candidate: ModelInput, for question: ModelInput
  ) async throws -> [(name: String, value: String)]
}
