import ParallaxCore
import ParallaxDigest
import ParallaxEvaluation
import ParallaxStatistics
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

/// Labels of pairs, and what a calibration makes of them.
@Suite struct PairLabelTests {
  private static func pair(_ one: String, _ other: String) throws -> ContentPair {
    try #require(ContentPair(Digest.sha256(one), Digest.sha256(other)))
  }

  private static func verdict(
    _ one: String, _ other: String, _ answer: Verdict.Answer
  ) throws -> Verdict {
    Verdict(try pair(one, other), answer, at: "2026-01-01T00:00:00Z")
  }

  @Test func `labels stand before verdicts, and what follows from both counts`() throws {
    let verdicts = try [
      Self.verdict("a", "b", .duplicate), Self.verdict("b", "c", .distinct),
      Self.verdict("x", "y", .duplicate),
    ]
    var given = LabelledPairs()
    given.duplicates = [try Self.pair("b", "c")]
    given.distinct = [try Self.pair("x", "y"), try Self.pair("c", "d")]
    let labels = PairLabels(verdicts, given)
    func answer(_ one: String, _ other: String) -> Verdict.Answer? {
      labels.answer(Digest.sha256(one), Digest.sha256(other))
    }
    #expect(answer("a", "c") == .duplicate && answer("y", "x") == .distinct)
    #expect(answer("a", "d") == .distinct && answer("a", "x") == nil && answer("a", "a") == nil)
    #expect(
      Set(labels.duplicates(of: Digest.sha256("c"))) == [Digest.sha256("a"), Digest.sha256("b")])
    #expect(labels.duplicates.count == 2 && labels.distinct.count == 2)
    #expect(labels.contradictions.isEmpty)
  }

  @Test func `a calibration leaves out duplicates of duplicates`() async throws {
    try await VectorBench.inNewFolder { bench in
      let ids = (0..<7).map { "i\($0)" }
      // The first three are one picture, and nearer to one another than to the rest.
      let vectors: [[Float]] = [
        [1, 0], [1, 0.01], [1, 0.02], [0, 1], [0.1, 1], [-1, 0.3], [-1, -0.4],
      ]
      let space = try await bench.space("p", Array(zip(ids, vectors)).map { ($0, $1) })
      let entry = try await bench.bench.spaces.loading(space)
      let labels = PairLabels(
        try [Self.verdict("i0", "i1", .duplicate), Self.verdict("i1", "i2", .duplicate)])
      let pictures = try DistinctPictures(entry, nil, labels, in: bench.bench.workspace)
      let alarms = try await pictures.falseAlarms(seed: 1) { _ in }
      let nearest = Dictionary(uniqueKeysWithValues: alarms.nearest.map { ($0.item, $0.other) })
      for row in 0..<3 { #expect(nearest[row] == 4, "\(nearest)") }
      // Pairs that hang together are one piece of evidence.
      let judged = pictures.scores(of: labels.duplicates)
      #expect(judged.scores.count == 2 && judged.clusters.count == 1)
      // No picture is in two random pairs.
      let none = try DistinctPictures(entry, nil, PairLabels([]), in: bench.bench.workspace)
      for seed in 1...5 as ClosedRange<UInt64> {
        #expect(try none.randomScores(seed: seed).count == 3)
      }
    }
  }
}
