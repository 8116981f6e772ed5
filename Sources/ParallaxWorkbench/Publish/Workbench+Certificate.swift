internal import ParallaxCore
internal import ParallaxPublishing
internal import ParallaxSearch
internal import ParallaxStatistics
internal import ParallaxStorage
private import ParallaxSystem

extension Workbench {
  private static let depth = 10
  private static let seed = 1
  /// How much of the exact answers the engine's ordinary search finds, asked by items of the space.
  func certificate(
    of space: Space, _ record: EngineRecord, _ connection: any EngineConnection, questions: Int,
    _ handler: @escaping EventHandler
  ) async throws -> Publication.Certificate {
    let entry = try await spaces.loading(space, progress: { handler(.progress($0)) })
    let similarity = record.schema.similarity
    let index = ExactIndex(matrix: entry.loaded.matrix, similarity: similarity)
    var generator = SeededGenerator(seed: UInt64(Self.seed))
    let rows = (0..<index.rowCount).shuffled(using: &generator).prefix(questions)
    var outcomes: [Bool] = []
    var clusters: [Int] = []
    for (number, row) in rows.enumerated() {
      let vector = entry.loaded.matrix.row(row)
      let exact = try index.nearest(
        to: vector, count: Self.depth, allowed: nil, minimumScore: nil)
      guard let least = exact.last?.score else { continue }
      let answer = try await connection.nearest(
        EngineQuestion(vector: vector, count: Self.depth, similarity: similarity), in: record)
      // By the scores here: copies of a picture have equal ones, and any of them is as good.
      let hits = answer.hits.compactMap { entry.loaded.row(of: $0.item) }
      let found = try index.nearest(
        to: vector, count: hits.count, allowed: RowSet(capacity: index.rowCount, rows: hits),
        minimumScore: least
      ).count
      outcomes += exact.indices.map { $0 < found }
      clusters += exact.map { _ in number }
      handler(
        .progress(
          Progress("measuring", completed: number + 1, total: rows.count, unit: "questions")))
    }
    let share = ClusteredShare(of: outcomes, in: Clusters(clusters))
    let interval = share.interval()
    return Publication.Certificate(
      measured: Clock.now(), depth: Self.depth, questions: rows.count, seed: Self.seed,
      wanted: share.trials, found: share.successes, low: interval.low, high: interval.high)
  }
}
