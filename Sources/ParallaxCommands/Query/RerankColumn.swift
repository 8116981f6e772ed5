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

  /// - Parameter rerankings: of the list.
  func column(after rerankings: [RerankRecord]) -> Table.Column {
    .init(rawValue, kind(after: rerankings), isKey: true)
  }

  func value(_ stage: RerankStage?, after rerankings: [RerankRecord]) -> Value {
    let kind = kind(after: rerankings)
    return switch self {
    case .firstRank: stage.map { Value($0.firstRank) } ?? .null
    case .firstScore: Value(score: stage?.firstScore, kind)
    case .secondScore: Value(score: stage?.secondScore, kind)
    }
  }

  private func kind(after rerankings: [RerankRecord]) -> ValueKind {
    switch self {
    case .firstRank: .integer
    case .firstScore: rerankings.dropLast().scoreKind
    case .secondScore: rerankings.last.scoreKind
    }
  }
}

extension BidirectionalCollection<RerankRecord> {
  /// Of the scores that a list has after these: whole numbers where the last reranker counts.
  var scoreKind: ValueKind { last?.blend == nil ? last.scoreKind : .real }
}

extension RerankRecord? {
  /// Of the scores that this reranker gave; reals where there was none.
  var scoreKind: ValueKind { self?.spec.scale.isWhole == true ? .integer : .real }
}

extension Value {
  /// A score in a column of that kind; null for none.
  init(score: Double?, _ kind: ValueKind) {
    self =
      switch score {
      case nil: .null
      case let score? where kind == .integer:
        Int64(exactly: score).map { .integer($0) } ?? .real(score)
      case let score?: .real(score)
      }
  }
}
