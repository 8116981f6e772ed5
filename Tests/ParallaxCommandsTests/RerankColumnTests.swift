import ParallaxCore
import Testing

@testable import ParallaxCommands
@testable import ParallaxWorkbench

/// What a column of scores holds: counts are whole numbers.
@Suite struct RerankColumnTests {
  private static func record(_ scale: ScoreScale, blend: Double? = nil) -> RerankRecord {
    RerankRecord(
      name: "r", spec: RerankerSpec(provider: "p", model: "r", version: "1", scale: scale),
      depth: 10, blend: blend, questions: 1, pairs: 1, known: 0, failures: 0, milliseconds: 0)
  }

  private static func cells(_ rerankings: [RerankRecord]) -> [Value] {
    let stage = RerankStage(firstRank: 2, firstScore: 178, secondScore: 3)
    return RerankColumn.allCases.map { $0.value(stage, after: rerankings) }
  }

  @Test func `each column is of the reranker that gave its scores`() {
    #expect(ScoreScale.allCases.filter(\.isWhole) == [.grade, .inliers])
    #expect([RerankRecord]().scoreKind == .real)
    let twice = [Self.record(.inliers), Self.record(.grade)]
    #expect(twice.scoreKind == .integer)
    #expect(Self.cells(twice) == [.integer(2), .integer(178), .integer(3)])
    #expect(
      RerankColumn.allCases.map { $0.column(after: twice).kind } == [.integer, .integer, .integer])
    // A blend is no count, what is blended is.
    let blended = [Self.record(.rank), Self.record(.inliers, blend: 0.5)]
    #expect(blended.scoreKind == .real)
    #expect(Self.cells(blended) == [.integer(2), .real(178), .integer(3)])
    #expect(Self.cells([Self.record(.cosine)]) == [.integer(2), .real(178), .real(3)])
    #expect(Value(score: nil, .integer) == .null)
  }
}
