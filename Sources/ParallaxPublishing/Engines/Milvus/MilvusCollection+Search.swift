internal import ParallaxCore
internal import ParallaxText

extension MilvusCollection {
  /// Further hits, so that those of equal scores are ordered by id, and the most that Milvus gives.
  private static let (margin, mostHits) = (16, 16_384)

  func nearest(
    _ question: EngineQuestion, in record: EngineRecord
  ) async throws -> EngineAnswer {
    let schema = record.schema
    try schema.check(question)
    let index = MilvusIndex(rawValue: schema.options[.index] ?? "") ?? .hnsw
    let count = min(question.count + Self.margin, Self.mostHits)
    let search = try index.searching(question, count: count, schema.options)
    try await load(schema.name)
    let writer = try Self.search(question, count: count, in: schema, with: search.json)
    let reply = try await wire.ask("Search", writer)
    let found = try reading { try MilvusHits(search: reply) }
    let items = found.rows.texts[MilvusColumns.item] ?? []
    guard items.count == found.scores.count else {
      throw ParallaxError.answerless(wire.address.text, "scores and ids")
    }
    let isExact = index == .none
    let answer = EngineAnswer(
      hits: zip(items, found.scores).map {
        EngineHit(item: ItemID($0), score: score($1, schema.similarity))
      }, isExact: isExact, method: search.words)
    return EngineAnswer(
      hits: Array(answer.hits.prefix(question.count)), isExact: isExact, method: search.words)
  }

  /// - Parameter parameters: of the index, as JSON.
  static func search(
    _ question: EngineQuestion, count: Int, in schema: EngineSchema, with parameters: String
  ) throws(ParallaxError) -> ProtobufWriter {
    var writer = naming(schema.name)
    if let filter = question.filter {
      writer.text(5, try MilvusFilter(filter, MilvusColumns(schema.fields)).text)
    }
    writer.message(6) {
      $0.message(1) {
        $0.text(1, "$0")
        $0.number(2, MilvusColumns.DataType.vector.rawValue)
        $0.data(3, question.vector.withUnsafeBytes { Array($0) })
      }
    }
    writer.number(7, 1)
    writer.text(8, MilvusColumns.item)
    writer.pair(9, "anns_field", MilvusColumns.vector)
    writer.pair(9, "topk", String(count))
    writer.pair(9, "metric_type", schema.metric)
    writer.pair(9, "params", parameters)
    writer.pair(9, "round_decimal", "-1")
    writer.number(12, 1)
    return writer
  }

  /// Milvus gives cosines and products as they are, and the squares of distances.
  private func score(_ number: Float, _ similarity: Similarity) -> Float {
    similarity == .euclidean ? -max(0, number).squareRoot() : number
  }
}
