internal import ParallaxCore
internal import ParallaxText

/// Publications in Qdrant. What each is stands in its collection's metadata.
struct QdrantCollection: EngineConnection {
  private static let page = 10_000
  /// Numbers of the vectors of one request, which Qdrant takes up to 32 MB of.
  private static let numbers = 250_000
  /// Further hits, so that those of equal scores are ordered by id.
  private static let margin = 16

  let wire: EngineWire
  let version: String

  func close() {}

  /// Qdrant has no locks: points have ids that follow from the items, so two programs write the same.
  func lock(_ name: String) async throws {}

  // MARK: What is there

  func record(named name: String) async throws -> EngineRecord? {
    guard let found = try await wire.find("GET", "/collections/\(name)")?["result"] else {
      return nil
    }
    guard let noted = found["config"]?["metadata"]?["parallax"] else {
      throw ParallaxError(
        .notOurs,
        "Qdrant has a collection '\(name)' that Parallax did not make, and leaves it alone",
        hint: "--name chooses another collection")
    }
    guard let record = EngineRecord(note: noted, of: name) else {
      throw ParallaxError.answerless(wire.address.text, "what Parallax noted of '\(name)'")
    }
    return record
  }

  func pairs(in schema: EngineSchema, after last: PointID?) async throws -> [EnginePair] {
    // A page begins with the id that it is asked for.
    let offset = last.map { ",\"offset\":\"\($0.text)\"" } ?? ""
    let result = try await ask(
      "POST", "\(path(schema))/points/scroll",
      "{\"limit\":\(Self.page + 1),\"with_payload\":[\"checksum\"],\"with_vector\":false\(offset)}")
    let pairs = try (result?["points"]?.elements ?? []).map { try pair($0) }
    return last == nil ? pairs : pairs.filter { $0.id != last }
  }

  private func pair(_ point: JSONTree) throws -> EnginePair {
    guard let id = point["id"]?.text.flatMap({ PointID($0) }),
      let checksum = point["payload"]?["checksum"]?.text.flatMap({ Int64($0) })
    else { throw ParallaxError.answerless(wire.address.text, "ids and checksums") }
    return EnginePair(id: id, checksum: checksum)
  }

  func count(in schema: EngineSchema) async throws -> Int {
    let result = try await ask("POST", "\(path(schema))/points/count", "{\"exact\":true}")
    guard let count = result?["count"]?.whole else {
      throw ParallaxError.answerless(wire.address.text, "a number of points")
    }
    return count
  }

  func stored(_ ids: [PointID], in schema: EngineSchema) async throws -> [StoredPoint] {
    let result = try await ask(
      "POST", "\(path(schema))/points",
      "{\"ids\":[\(list(ids))],\"with_payload\":[\"checksum\"],\"with_vector\":true}")
    return try (result?.elements ?? []).map { point in
      guard let vector = point["vector"]?.reals else {
        throw ParallaxError.answerless(wire.address.text, "vectors")
      }
      return StoredPoint(pair: try pair(point), vector: vector)
    }
  }

  /// For cosines Qdrant keeps vectors of unit length, which it computes itself.
  func isKept(_ vector: [Float], as stored: [Float], in schema: EngineSchema) -> Bool {
    guard schema.similarity == .cosine else { return vector == stored }
    guard vector.count == stored.count, let unit = Vector.normalized(vector) else { return false }
    return zip(unit, stored).allSatisfy { abs($0 - $1) < 1e-5 }
  }

  // MARK: Changing it

  func begin(_ schema: EngineSchema, over kept: EngineRecord?) async throws {
    let noted = "\"metadata\":{\"parallax\":\(schema.note(count: nil))}"
    guard let kept else {
      let options = schema.options
      let distance =
        switch schema.similarity {
        case .cosine: "Cosine"
        case .dot: "Dot"
        case .euclidean: "Euclid"
        }
      var parts = [
        "\"vectors\":{\"size\":\(schema.dimension),\"distance\":\"\(distance)\","
          + "\"on_disk\":\(options[.onDisk] == "yes")}",
        "\"shard_number\":\(options.number(.shards) ?? 1)",
        "\"replication_factor\":\(options.number(.replicas) ?? 1)",
        "\"hnsw_config\":{\"m\":\(options.number(.connectivity) ?? 16),"
          + "\"ef_construct\":\(options.number(.construction) ?? 100)}",
        noted,
      ]
      switch options[.quantization] {
      case "scalar": parts.append("\"quantization_config\":{\"scalar\":{\"type\":\"int8\"}}")
      case "binary": parts.append("\"quantization_config\":{\"binary\":{}}")
      default: break
      }
      _ = try await ask("PUT", path(schema), "{\(parts.joined(separator: ","))}")
      guard try await record(named: schema.name) != nil else {
        throw ParallaxError.answerless(wire.address.text, "the collection that was made")
      }
      return try await index(schema.fields, schema)
    }
    try schema.checkKeeps(kept.schema)
    _ = try await ask("PATCH", path(schema), "{\(noted)}")
    // Of a publish that has not come to its end nobody knows which fields got theirs.
    let fields =
      kept.isComplete
      ? schema.fields.filter { !kept.schema.fields.contains($0) } : schema.fields
    try await index(fields, schema)
  }

  private func index(_ fields: [EngineField], _ schema: EngineSchema) async throws {
    let keys = PayloadKeys(schema.fields)
    for field in fields {
      var wanted: [(String, String)] = []
      switch field.kind {
      case .boolean: wanted = [(keys.name(of: field), "bool")]
      case .integer: wanted = [(keys.name(of: field), "integer")]
      case .real: wanted = [(keys.name(of: field), "float")]
      case .text where field.name == "item.text": break
      case .text: wanted = [(keys.name(of: field), "keyword")]
      case .date: wanted = [(keys.name(of: field), "keyword"), (keys.order(of: field), "integer")]
      }
      for (key, type) in wanted {
        _ = try await ask(
          "PUT", "\(path(schema))/index?wait=true",
          "{\"field_name\":\(JSON.string(key)),\"field_schema\":\"\(type)\"}")
      }
    }
  }

  func write(_ points: EngineBatch, areNew: Bool, to schema: EngineSchema) async throws {
    let keys = PayloadKeys(schema.fields)
    let most = max(1, Self.numbers / schema.dimension)
    for start in stride(from: 0, to: points.count, by: most) {
      try Task.checkCancellation()
      let parts = (start..<min(start + most, points.count)).map { index in
        "{\"id\":\"\(points.pairs[index].id.text)\",\"vector\":[\(Self.numbers(points.vector(index)))],"
          + "\"payload\":\(payload(points, index, schema, keys))}"
      }
      _ = try await ask(
        "PUT", "\(path(schema))/points?wait=true",
        "{\"points\":[\(parts.joined(separator: ","))]}")
    }
  }

  private func payload(
    _ points: EngineBatch, _ index: Int, _ schema: EngineSchema, _ keys: PayloadKeys
  ) -> String {
    var parts = [
      "\"item_id\":\(JSON.string(points.items[index].rawValue))",
      "\"checksum\":\"\(points.pairs[index].checksum)\"",
    ]
    for (field, value) in zip(schema.fields, points.values[index]) where value.typed != .null {
      parts.append("\(JSON.string(keys.name(of: field))):\(value.json)")
      guard field.kind == .date else { continue }
      parts.append("\(JSON.string(keys.order(of: field))):\(DateOrder.json(of: value.typed))")
    }
    return "{\(parts.joined(separator: ","))}"
  }

  private static func numbers(_ vector: some Collection<Float>) -> String {
    vector.map { "\($0)" }.joined(separator: ",")
  }

  func delete(_ ids: [PointID], from schema: EngineSchema) async throws {
    _ = try await ask(
      "POST", "\(path(schema))/points/delete?wait=true", "{\"points\":[\(list(ids))]}")
  }

  func finish(_ schema: EngineSchema, count: Int) async throws {
    try await waitForIndex(schema)
    _ = try await ask(
      "PATCH", path(schema),
      "{\"metadata\":{\"parallax\":\(schema.note(count: count))}}")
  }

  /// A collection is yellow while Qdrant builds its graph, green afterwards, and red when it failed.
  private func waitForIndex(_ schema: EngineSchema) async throws {
    while true {
      let status = try await ask("GET", path(schema))?["status"]?.text
      if status == "red" {
        throw ParallaxError(
          .engine, "'\(wire.address.text)' failed to build the index of '\(schema.name)'",
          hint: "its log says why; what was written is kept, the same command goes on")
      }
      guard status == "yellow" else { return }
      do { try await Task.sleep(for: .milliseconds(250)) } catch {
        throw ParallaxError(.cancelled, "cancelled")
      }
    }
  }

  func drop(_ record: EngineRecord) async throws {
    _ = try await wire.find("DELETE", path(record.schema))
  }

  // MARK: Asking it

  func nearest(
    _ question: EngineQuestion, in record: EngineRecord
  ) async throws -> EngineAnswer {
    let schema = record.schema
    try schema.check(question)
    let expansion = question.expansion ?? max(128, question.count)
    let isQuantized = !["none", nil].contains(schema.options[.quantization])
    var parts = [
      "\"query\":[\(Self.numbers(question.vector))]",
      "\"limit\":\(question.count + Self.margin)", "\"with_payload\":[\"item_id\"]",
      // Scores are those of the vectors, not of the short codes.
      "\"params\":{\(question.isExact ? "\"exact\":true" : "\"hnsw_ef\":\(expansion)")"
        + (isQuantized ? ",\"quantization\":{\"rescore\":true}}" : "}"),
    ]
    if let filter = question.filter {
      parts.append("\"filter\":\(try QdrantFilter(filter, PayloadKeys(schema.fields)).json)")
    }
    let result = try await ask(
      "POST", "\(path(schema))/points/query", "{\(parts.joined(separator: ","))}")
    let hits = try (result?["points"]?.elements ?? []).map { point in
      guard let score = point["score"]?.number, let item = point["payload"]?["item_id"]?.text else {
        throw ParallaxError.answerless(wire.address.text, "scores and ids")
      }
      return EngineHit(
        item: ItemID(item),
        score: Float(question.similarity == .euclidean ? -score : score))
    }
    let answer = EngineAnswer(
      hits: hits, isExact: question.isExact,
      method: question.isExact ? "exact" : "hnsw, ef \(expansion)")
    return EngineAnswer(
      hits: Array(answer.hits.prefix(question.count)), isExact: answer.isExact,
      method: answer.method)
  }

  /// The `result` of a reply.
  private func ask(_ method: String, _ path: String, _ body: String? = nil) async throws
    -> JSONTree?
  {
    try await wire.ask(method, path, body)?["result"]
  }

  private func path(_ schema: EngineSchema) -> String { "/collections/\(schema.name)" }

  private func list(_ ids: [PointID]) -> String {
    ids.map { "\"\($0.text)\"" }.joined(separator: ",")
  }
}
