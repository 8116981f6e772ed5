import ParallaxCore
import ParallaxSearch

extension Bench {
  private static let depth = 100
  private static let bankSize = 1_000

  /// The first hundred of each query ranked anew, without the search that found them; the bank is of rows of
  /// the space, and every row's nearness to it is computed anew.
  func reranking() throws -> [Measurement] {
    let found = try queries.map {
      try index.nearest(to: $0, count: Self.depth, allowed: nil, minimumScore: nil).map(\.row)
    }
    let lists = Dictionary(zip(queries, found)) { first, _ in first }
    let step = max(1, matrix.rowCount / Self.bankSize)
    let bank = try QuestionBank(
      stride(from: 0, to: matrix.rowCount, by: step).prefix(Self.bankSize).map { matrix.row($0) },
      dimension: matrix.dimension)
    func measured(
      _ name: String, _ body: (RankedVectors) throws -> [Double]
    ) throws -> Measurement {
      try single("rerank-\(name)") { query in
        let list = try RankedVectors(question: query, rows: lists[query] ?? [], of: matrix)
        let scores = try body(list)
        precondition(scores.count == Self.depth, "a score for each candidate")
      }
    }
    func near(_ list: RankedVectors) -> [QuestionBank.Nearness] {
      bank.nearness(of: list.rows, in: matrix, beta: 20, neighbours: 11)
    }
    return [
      try measured("aqe") { try QueryExpansion.scores(of: $0) },
      try measured("k-reciprocal") { ReciprocalNeighbours.scores(of: $0) },
      try measured("inverted-softmax") {
        InvertedSoftmax.scores(of: $0, nearness: near($0)) { _ in true }
      },
      try measured("csls") { CrossDomainScaling.scores(of: $0, nearness: near($0)) },
      try measured("mmr") { list in
        let hits = zip(list.rows, list.cosines).map { SearchHit(row: $0, score: Float($1)) }
        return Diversity.marginal(hits, of: matrix, lambda: 0.5, count: Self.depth)
          .map { Double($0.score) }
      },
    ]
  }
}
