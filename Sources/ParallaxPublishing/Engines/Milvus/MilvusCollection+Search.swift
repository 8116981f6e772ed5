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
    // Refuses what the index does not have before anything is asked.
    _ = try index.searching(question, count: count, schema.options)
    try await load(schema.name)
    // Where every row is compared none is left out, and nothing has to be counted.
    let passing = index == .none ? 0 : try await passing(question.filter, in: schema)
    // Where few rows pass, most of what an index looks at does not.
    var factor = max(1, (record.count ?? 0) / max(1, passing ?? .max))
    while true {
      let search = try index.searching(
        question, count: count, schema.options, widerBy: min(factor, Self.mostHits))
      let hits = try await hits(
        Self.search(question, count: count, in: schema, with: search.json), schema)
      let wanted = min(question.count, passing ?? record.count ?? 0)
      if hits.count < wanted, !search.isWidest {
        factor *= 4
        continue
      }
      let (isExact, isShort) = (index == .none, hits.count < wanted)
      let method = search.words + (isShort ? ", \(hits.count) of \(wanted) found" : "")
      let answer = EngineAnswer(hits: hits, isExact: isExact, method: method)
      return EngineAnswer(
        hits: Array(answer.hits.prefix(question.count)), isExact: isExact, method: method)
    }
  }

  /// - Returns: how many rows pass a condition; `nil` without one.
  private func passing(_ filter: EngineFilter?, in schema: EngineSchema) async throws -> Int? {
    guard let filter else { return nil }
    return try await count(
      try MilvusFilter(filter, MilvusColumns(schema.fields)).text, in: schema.name)
  }

  private func hits(_ search: ProtobufWriter, _ schema: EngineSchema) async throws -> [EngineHit] {
    let reply = try await wire.ask("Search", search)
    let found = try reading { try MilvusHits(search: reply) }
    let items = found.rows.texts[MilvusColumns.item] ?? []
    guard items.count == found.scores.count else {
      throw ParallaxError.answerless(wire.address.text, "scores and ids")
    }
    return zip(items, found.scores).map {
      EngineHit(item: ItemID($0), score: score($1, schema.similarity))
    }
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
