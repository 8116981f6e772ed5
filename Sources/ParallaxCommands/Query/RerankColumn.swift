internal import ParallaxCore
internal import ParallaxWorkbench

/// The columns that a list has beside its own when it was looked at again.
enum RerankColumn: String, CaseIterable {
  case firstRank = "stage1_rank"
  case firstScore = "stage1_score"
  case secondScore = "stage2_score"

  /// Those that a table shows: that of the second stage where the score is another.
  ///
  /// - Parameters:
  ///   - stages: of the hits, `nil` where a list was not looked at again.
  ///   - scores: of the hits.
  static func usual(for stages: [RerankStage?], _ scores: [Float]) -> [RerankColumn] {
    guard stages.contains(where: { $0 != nil }) else { return [] }
    let isBlended = zip(stages, scores).contains { stage, score in
      stage?.secondScore.map { Float($0) != score } ?? false
    }
    return isBlended ? allCases : [.firstRank, .firstScore]
  }

  var column: Table.Column {
    switch self {
    case .firstRank: .init(rawValue, .integer, isKey: true)
    case .firstScore, .secondScore: .init(rawValue, .real, isKey: true)
    }
  }

  func value(_ stage: RerankStage?) -> Value {
    switch self {
    case .firstRank: stage.map { Value($0.firstRank) } ?? .null
    case .firstScore: stage?.firstScore.map { .real($0) } ?? .null
    case .secondScore: stage?.secondScore.map { .real($0) } ?? .null
    }
  }
}
