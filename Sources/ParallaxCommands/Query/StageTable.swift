internal import ParallaxCore
internal import ParallaxWorkbench

/// What made the scores of hits, a row each: the terms of the question, and of a list that was looked at
/// again what each stage said.
struct StageTable {
  /// One hit with all that is known of it.
  struct Hit {
    var rank: Int
    var id: ItemID
    var stage: RerankStage?
  }

  /// Of the results; empty where no list was looked at again.
  let rerankings: [RerankRecord]
  /// `nil` where scores of the first stage are no sums of terms.
  let contributions: Contributions?
  /// What the last reranker says of pairs; `nil` where it says no more than a score.
  let details: Details?

  /// By rank, in the order in which they are shown.
  typealias Details = [Int: [(name: String, value: String)]]

  var columns: [Table.Column] {
    let usual: [Table.Column] = [
      .init("rank", .integer, isKey: true), .init("id", .text, isKey: true),
      .init("term", .text), .init("weight", .real), .init("contribution", .real),
    ]
    if rerankings.isEmpty { return usual }
    return Array(usual[..<2])
      + [.init("stage", .integer, isKey: true), .init("stage_rank", .integer, isKey: true)]
      + usual[2...] + (details == nil ? [] : [.init("value", .text)])
  }

  /// - Parameter row: of the contributions.
  func rows(of hit: Hit, _ row: [Double]?) -> [[Value]] {
    let sums = zip(contributions?.terms ?? [], zip(contributions?.weights ?? [], row ?? [])).map {
      [Value.text($0), .real($1.0), .real($1.1)]
    }
    let start = [Value(hit.rank), .text(hit.id.rawValue)]
    guard let last = rerankings.last else { return sums.map { start + $0 } }
    let stage = hit.stage ?? RerankStage(firstRank: hit.rank, firstScore: nil, secondScore: nil)
    let before = rerankings.dropLast().last.map { "score of \($0.name)" } ?? "score"
    let whole: [Value] = [
      .text(before), last.blend.map { .real(1 - $0) } ?? .real(0),
      Value(score: stage.firstScore, rerankings.dropLast().scoreKind),
    ]
    // Terms explain the first stage where that is a search.
    let first = sums.isEmpty || rerankings.count > 1 ? [whole] : sums
    let second: [Value] = [
      .text("score of \(last.name)"), .real(last.blend ?? 1),
      Value(score: stage.secondScore, rerankings.last.scoreKind),
    ]
    let rows =
      first.map { start + [Value(1), Value(stage.firstRank)] + $0 }
      + [start + [Value(2), Value(hit.rank)] + second]
    guard let details else { return rows }
    return rows.map { $0 + [.null] }
      + (details[hit.rank] ?? []).map { detail in
        start + [Value(2), Value(hit.rank), .text(detail.name), .null, .null, .text(detail.value)]
      }
  }
}
