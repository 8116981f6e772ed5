internal import ParallaxCore
internal import ParallaxWorkbench

/// What judges said of answers, as 'judgements' lists it.
package struct JudgementListing: Sendable, Hashable {
  enum Rows: Sendable, Hashable {
    case counted([KeptJudgements.Counted])
    case disagreements([KeptJudgements.Pair])
  }

  /// Of the set.
  var name: String
  var rows: Rows

  /// The grades that count; `nil` where disagreements are listed.
  var counted: [KeptJudgements.Counted]? {
    if case .counted(let counted) = rows { counted } else { nil }
  }

  /// Some rows of it.
  func keeping(_ kept: [Int]) -> JudgementListing {
    var copy = self
    switch rows {
    case .counted(let all): copy.rows = .counted(kept.map { all[$0] })
    case .disagreements(let all): copy.rows = .disagreements(kept.map { all[$0] })
    }
    return copy
  }
}
