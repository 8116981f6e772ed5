internal import ParallaxCore
internal import ParallaxText
private import Synchronization

/// Publications in Chroma. What each is stands in its collection's metadata.
final class ChromaCollection: EngineConnection {
  /// Records of one page: their whole metadata is sent.
  private static let page = 2_000
  /// Numbers of the vectors of one request.
  private static let numbers = 1_000_000
  /// Further hits, so that those of equal scores are ordered by id.
  private static let margin = 16
  private static let key = "parallax"

  let version: String
  private let wire: EngineWire
  private let base: String
  private let mostRecords: Int
  /// Chroma's own ids of collections, by name.
  private let ids = Mutex<[String: String]>([:])
  /// What is there, ascending by id: Chroma gives pages in an order of its own.
  private let there = Mutex<[EnginePair]>([])

  init(wire: EngineWire, version: String, base: String, mostRecords: Int) {
    self.wire = wire
    self.version = version
    self.base = base
    self.mostRecords = mostRecords
  }

  func close() {}

  /// Chroma has no locks: records have ids that follow from the items, so two programs write the same.
  func lock(_ name: String) async throws {}

  // MARK: What is there

  func record(named name: String) async throws -> EngineRecord? {
    guard let found = try await wire.find("GET", "\(base)/\(name)") else { return nil }
    guard let noted = found["metadata"]?[Self.key]?.text else {
      throw ParallaxError(
        .notOurs,
        "Chroma has a collection '\(name)' that Parallax did not make, and leaves it alone",
        hint: "--name chooses another collection")
    }
    guard let id = found["id"]?.text, let note = JSONTree(Array(noted.utf8)),
      let record = EngineRecord(note: note, of: name)
    else {
      throw ParallaxError.answerless(wire.address.text, "what Parallax noted of '\(name)'")
    }
    ids.withLock { $0[name] = id }
    return record
  }

  func pairs(in schema: EngineSchema, after last: PointID?) async throws -> [EnginePair] {
    guard let last else {
      let all = try await all(in: schema)
      there.withLock { $0 = all }
      return Array(all.prefix(Self.page))
    }
    return there.withLock { all in
      var (start, end) = (0, all.count)
      while start < end {
        let middle = (start + end) / 2
        if all[middle].id > last { end = middle } else { start = middle + 1 }
      }
      return Array(all[start...].prefix(Self.page))
    }
  }

  private func all(in schema: EngineSchema) async throws -> [EnginePair] {
    var found: [EnginePair] = []
    while true {
      let page = try await ask(
        "get",
        "{\"limit\":\(Self.page),\"offset\":\(found.count),\"include\":[\"metadatas\"]}", schema)
      let pairs = try pairs(page)
      found += pairs
      guard pairs.count == Self.page else { break }
    }
    found.sort { $0.id < $1.id }
    return found
  }

  private func pairs(_ page: JSONTree?) throws -> [EnginePair] {
    let (ids, metadata) = (page?["ids"]?.elements ?? [], page?["metadatas"]?.elements ?? [])
    return try zip(ids, metadata).map { id, metadata in
      guard let id = id.text.flatMap({ PointID($0) }),
        let checksum = metadata["checksum"]?.text.flatMap({ Int64($0) })
      else { throw ParallaxError.answerless(wire.address.text, "ids and checksums") }
      return EnginePair(id: id, checksum: checksum)
    }
  }

  func count(in schema: EngineSchema) async throws -> Int {
    guard let count = try await wire.ask("GET", "\(try await path(schema))/count")?.number else {
      throw ParallaxError.answerless(wire.address.text, "a number of records")
    }
    return Int(count)
  }

  func stored(_ ids: [PointID], in schema: EngineSchema) async throws -> [StoredPoint] {
    let page = try await ask(
      "get", "{\"ids\":[\(list(ids))],\"include\":[\"metadatas\",\"embeddings\"]}", schema)
    let vectors = page?["embeddings"]?.elements ?? []
    return try zip(pairs(page), vectors).map { pair, vector in
      guard let vector = vector.reals else {
        throw ParallaxError.answerless(wire.address.text, "vectors")
      }
      return StoredPoint(pair: pair, vector: vector)
    }
  }

  /// For cosines Chroma keeps vectors of unit length and their lengths, and multiplies them again.
  func isKept(_ vector: [Float], as stored: [Float], in schema: EngineSchema) -> Bool {
    guard schema.similarity == .cosine else { return vector == stored }
    let largest = vector.reduce(Float(0)) { max($0, abs($1)) }
    return vector.count == stored.count
      && zip(vector, stored).allSatisfy { abs($0 - $1) <= 1e-5 * largest }
  }

  // MARK: Changing it

  func begin(_ schema: EngineSchema, over kept: EngineRecord?) async throws {
    if let kept {
      try schema.checkKeeps(kept.schema)
      return try await note(schema, count: nil)
    }
    let space =
      switch schema.similarity {
      case .cosine: "cosine"
      case .dot: "ip"
      case .euclidean: "l2"
      }
    let graph =
      "{\"space\":\"\(space)\",\"max_neighbors\":\(schema.options.number(.connectivity) ?? 16),"
      + "\"ef_construction\":\(schema.options.number(.construction) ?? 100),"
      + "\"ef_search\":\(ChromaEngine.expansion)}"
    let metadata = "{\"\(Self.key)\":\(JSON.string(schema.note(count: nil)))}"
    _ = try await wire.ask(
      "POST", base,
      "{\"name\":\"\(schema.name)\",\"metadata\":\(metadata),\"configuration\":{\"hnsw\":\(graph)}}"
    )
    guard try await record(named: schema.name) != nil else {
      throw ParallaxError.answerless(wire.address.text, "the collection that was made")
    }
  }

  private func note(_ schema: EngineSchema, count: Int?) async throws {
    _ = try await wire.ask(
      "PUT", try await path(schema),
      "{\"new_metadata\":{\"\(Self.key)\":\(JSON.string(schema.note(count: count)))}}")
  }

  func write(_ points: EngineBatch, areNew: Bool, to schema: EngineSchema) async throws {
    let keys = PayloadKeys(schema.fields)
    let most = max(1, min(mostRecords, Self.numbers / schema.dimension))
    for start in stride(from: 0, to: points.count, by: most) {
      try Task.checkCancellation()
      let part = start..<min(start + most, points.count)
      let ids = list(part.map { points.pairs[$0].id })
      let vectors = part.map { index in
        let bytes = points.vector(index).withUnsafeBytes { Array($0) }
        return "\"\(Base64.text(of: bytes))\""
      }
      let metadata = part.map { self.metadata(points, $0, schema, keys) }
      _ = try await ask(
        "upsert",
        "{\"ids\":[\(ids)],\"embeddings\":[\(vectors.joined(separator: ","))],"
          + "\"metadatas\":[\(metadata.joined(separator: ","))]}", schema)
    }
  }

  /// A key that is not named would stay as it was: what is missing is named as null.
  private func metadata(
    _ points: EngineBatch, _ index: Int, _ schema: EngineSchema, _ keys: PayloadKeys
  ) -> String {
    var parts = [
      "\"item_id\":\(JSON.string(points.items[index].rawValue))",
      "\"checksum\":\"\(points.pairs[index].checksum)\"",
    ]
    for (field, value) in zip(schema.fields, points.values[index]) {
      let json = value.json
      let isKnown = !["null", "[]"].contains(json)
      parts.append("\(JSON.string(keys.known(field))):\(isKnown)")
      parts.append("\(JSON.string(keys.name(of: field))):\(isKnown ? json : "null")")
      guard field.kind == .date, !field.isList else { continue }
      parts.append("\(JSON.string(keys.order(of: field))):\(DateOrder.json(of: value.typed))")
    }
    return "{\(parts.joined(separator: ","))}"
  }

  func delete(_ ids: [PointID], from schema: EngineSchema) async throws {
    for start in stride(from: 0, to: ids.count, by: mostRecords) {
      let part = Array(ids[start..<min(start + mostRecords, ids.count)])
      _ = try await ask("delete", "{\"ids\":[\(list(part))]}", schema)
    }
  }

  func finish(_ schema: EngineSchema, count: Int) async throws {
    try await note(schema, count: count)
  }

  func drop(_ record: EngineRecord) async throws {
    _ = try await wire.find("DELETE", "\(base)/\(record.schema.name)")
  }

  // MARK: Asking it

  func nearest(
    _ question: EngineQuestion, in record: EngineRecord
  ) async throws -> EngineAnswer {
    let schema = record.schema
    try schema.check(question)
    try Self.check(question)
    let vector = question.vector.map { "\($0)" }.joined(separator: ",")
    var parts = [
      "\"query_embeddings\":[[\(vector)]]", "\"n_results\":\(question.count + Self.margin)",
      "\"include\":[\"metadatas\",\"distances\"]",
    ]
    if let filter = question.filter {
      parts.append("\"where\":\(try ChromaFilter(filter, PayloadKeys(schema.fields)).json)")
    }
    let result = try await ask("query", "{\(parts.joined(separator: ","))}", schema)
    let distances = result?["distances"]?.elements?.first?.elements ?? []
    let metadata = result?["metadatas"]?.elements?.first?.elements ?? []
    let hits = try zip(distances, metadata).map { distance, metadata in
      guard let distance = distance.number, let item = metadata["item_id"]?.text else {
        throw ParallaxError.answerless(wire.address.text, "distances and ids")
      }
      // Chroma's distances are 1 - cosine, 1 - product and the squared distance.
      let score = schema.similarity == .euclidean ? -max(0, distance).squareRoot() : 1 - distance
      return EngineHit(item: ItemID(item), score: Float(score))
    }
    let method = "hnsw, ef \(ChromaEngine.expansion)"
    let answer = EngineAnswer(hits: hits, isExact: false, method: method)
    return EngineAnswer(
      hits: Array(answer.hits.prefix(question.count)), isExact: false, method: method)
  }

  /// - Throws: `unsupported` for what Chroma decides itself.
  private static func check(_ question: EngineQuestion) throws(ParallaxError) {
    let others = [(question.isExact, "exact"), (question.expansion != nil, "ef")]
    guard let other = others.first(where: \.0)?.1 else { return }
    throw ParallaxError(
      .unsupported, "Chroma has no --\(other) of a question",
      hint: "leave --on out: the search here has it",
      parameter: ParallaxError.Parameter(name: other))
  }

  // MARK: Paths

  private func ask(_ verb: String, _ body: String, _ schema: EngineSchema) async throws
    -> JSONTree?
  {
    try await wire.ask("POST", "\(try await path(schema))/\(verb)", body)
  }

  private func path(_ schema: EngineSchema) async throws -> String {
    if let id = ids.withLock({ $0[schema.name] }) { return "\(base)/\(id)" }
    guard try await record(named: schema.name) != nil,
      let id = ids.withLock({ $0[schema.name] })
    else {
      throw ParallaxError(.engine, "'\(schema.name)' is gone from '\(wire.address.text)'")
    }
    return "\(base)/\(id)"
  }

  private func list(_ ids: [PointID]) -> String {
    ids.map { "\"\($0.text)\"" }.joined(separator: ",")
  }
}
