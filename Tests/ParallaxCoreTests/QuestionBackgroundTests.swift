import Testing

@testable import ParallaxCore

/// How far scores lie above those of unrelated questions; expected numbers are worked out by hand.
@Suite struct QuestionBackgroundTests {
  /// Along two axes; their length does not count.
  private static let axes = QuestionBackground(
    vectors: [2, 0, 0, 0, 0.5, 0], dimension: 3, threshold: 4)

  @Test func `a standing is a score less the mean of the background's, over their spread`() throws {
    let axes = try #require(Self.axes)
    // The background scores 0.6 and 0.8: a mean of 0.7, a standard deviation of 0.1.
    let standing = try #require(axes.standing(of: 0.9, with: [0.6, 0.8, 0]))
    #expect(abs(standing - 2) < 1e-6)
    #expect(abs(try #require(axes.standing(of: 0.5, with: [0.8, 0.6, 0])) + 2) < 1e-6)
    #expect(axes.threshold == 4)
  }

  @Test func `where the background does not differ there is no standing`() throws {
    let axes = try #require(Self.axes)
    #expect(axes.standing(of: 1, with: [0, 0, 1]) == nil)
    #expect(axes.standing(of: 1, with: [1, 0]) == nil)
  }

  @Test func `a shortened background is of prefixes at unit length`() throws {
    let background = try #require(
      QuestionBackground(vectors: [0.6, 0, 0.8, 0, 1, 0], dimension: 3, threshold: 4))
    let short = try #require(background.shortened(to: 2))
    #expect(short.dimension == 2 && short.threshold == 4)
    // 0.6 became 1: scores of 1 and 0 with the first axis.
    #expect(abs(try #require(short.standing(of: 1, with: [1, 0])) - 1) < 1e-6)
    #expect(background.shortened(to: 3) == background)
    #expect(background.shortened(to: 4) == nil)
  }

  @Test(
    arguments: [
      ([], 2), ([1, 0], 2), ([1, 0, 1], 2), ([1, 0, 0, 0], 2), ([1, 0], 0), ([1, 0, .nan, 0], 2),
    ] as [([Float], Int)])
  func `what is no background is none`(vectors: [Float], dimension: Int) {
    #expect(QuestionBackground(vectors: vectors, dimension: dimension, threshold: 1) == nil)
  }
}
