internal import ParallaxCore
internal import ParallaxStorage

extension Space {
  /// Makes sure that its vectors are what a model answers.
  ///
  /// - Throws: `unsupported` for a space that `align` made.
  func checkHoldsAnswers() throws {
    guard spec.isMapped else { return }
    throw ParallaxError(
      .unsupported,
      "'\(reference)' holds vectors that 'align' mapped; its model embeds only the queries",
      hint: "to add images, embed them into the old space, drop '\(reference)' and align again")
  }
}
