internal import ParallaxCore

extension PostgresTable {
  /// What pgvector keeps at most while it searches a graph.
  private static let mostCandidates = 1_000

  func nearest(
    _ question: EngineQuestion, in record: EngineRecord
  ) async throws -> EngineAnswer {
    let schema = record.schema
    let index = schema.options[.index] ?? "none"
    let isIndexed =
      index != "none" && question.similarity == schema.similarity && !question.isExact
    if let expansion = question.expansion, expansion > Self.mostCandidates {
      throw ParallaxError(
        .unsupported, "pgvector keeps at most \(Self.mostCandidates) candidates; got \(expansion)",
        parameter: "ef")
    }
    guard isIndexed else {
      return EngineAnswer(
        hits: try hits(question, schema, isExact: true), isExact: true, method: "exact")
    }
    let (settings, words) = Self.settings(question, index)
    let found = try hits(question, schema, isExact: false, settings)
    // An index that gives up early leaves out what passes a condition.
    guard found.count < question.count, question.filter != nil else {
      return EngineAnswer(hits: found, isExact: false, method: words)
    }
    return EngineAnswer(
      hits: try hits(question, schema, isExact: true), isExact: true,
      method: "exact, where the index gave fewer hits")
  }

  private static func settings(
    _ question: EngineQuestion, _ index: String
  ) -> (statements: [String], words: String) {
    if index == "ivfflat" {
      let probes = question.probes ?? 10
      return (
        [
          "SET LOCAL ivfflat.probes = \(probes)",
          "SET LOCAL ivfflat.iterative_scan = relaxed_order",
        ], "ivfflat, probes \(probes)"
      )
    }
    let expansion = min(question.expansion ?? max(100, question.count), mostCandidates)
    return (
      [
        "SET LOCAL hnsw.ef_search = \(expansion)",
        "SET LOCAL hnsw.iterative_scan = strict_order",
      ], "hnsw, ef \(expansion)"
    )
  }

  private func hits(
    _ question: EngineQuestion, _ schema: EngineSchema, isExact: Bool, _ settings: [String] = []
  ) throws -> [EngineHit] {
    let sign =
      switch question.similarity {
      case .cosine: "<=>"
      case .dot: "<#>"
      case .euclidean: "<->"
      }
    var parameters = [PostgresParameter(question.vector)]
    var condition = ""
    if let filter = question.filter {
      let compiled = PostgresFilter(
        filter, try named { try columns(of: schema) }, after: parameters)
      condition = "WHERE \(compiled.sql)"
      parameters = compiled.parameters
    }
    let distance = "embedding \(sign) $1::\(schema.options[.type] ?? "vector")"
    let order = isExact ? "distance, item_id" : distance
    let settings = isExact ? ["SET LOCAL enable_indexscan = off"] : settings
    return try named {
      try connection.run("BEGIN READ ONLY")
      do {
        for setting in settings { try connection.run(setting) }
        let rows = try connection.run(
          """
          SELECT item_id, \(distance) AS distance FROM \(PostgresColumns.quoted(schema.name)) \(condition)
          ORDER BY \(order) LIMIT \(question.count)
          """, parameters)
        try connection.run("COMMIT")
        return (0..<rows.count).map { row in
          EngineHit(
            item: ItemID(rows.text(row, 0)),
            score: Self.score(rows.real(row, 1) ?? 1, question.similarity))
        }
      } catch {
        if (error as? PostgresFailure)?.kind == .refused {
          _ = try? connection.run("ROLLBACK")
        }
        throw error
      }
    }
  }

  /// The engine's distance as the score that the search here gives.
  private static func score(_ distance: Double, _ similarity: Similarity) -> Float {
    switch similarity {
    case .cosine: Float(1 - distance)
    // Both are given as distances already: the negated product, and the length.
    case .dot, .euclidean: Float(-distance)
    }
  }
}
