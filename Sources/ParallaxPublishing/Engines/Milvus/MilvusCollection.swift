internal import ParallaxCore
private import Synchronization

/// Publications in Milvus. What each is stands in its collection's properties.
final class MilvusCollection: EngineConnection {
  /// Rows of one page; Milvus gives at most 16,384.
  private static let page = 10_000
  /// Numbers of the vectors of one request, and bytes of all of it: Milvus takes 64 MiB.
  private static let (numbers, longestRequest) = (1_000_000, 32 << 20)
  /// Rows that are deleted at once.
  private static let deletions = 1_000
  /// What Milvus says of a collection, and of an index, that is not there; the first is of old versions.
  private static let (noCollection, noIndex): (Set<Int64>, Set<Int64>) = ([4, 100], [11, 700])
  private static let key = "parallax"

  let version: String
  /// Whether Milvus Lite answers, which builds an index when a collection is loaded, and no other time.
  private let isLite: Bool
  let wire: MilvusWire
  /// Collections that are in the server's memory, which they must be to be read.
  private let loaded = Mutex<Set<String>>([])
  /// What was in a collection before its columns changed; read once.
  private let before = Mutex<[EnginePair]?>(nil)

  init(wire: MilvusWire, version: String, isLite: Bool) {
    self.wire = wire
    self.version = version
    self.isLite = isLite
  }

  func close() {}

  /// Milvus has no locks: rows have ids that follow from the items, so two programs write the same.
  func lock(_ name: String) async throws {}

  // MARK: What is there

  func record(named name: String) async throws -> EngineRecord? {
    guard
      let reply = try await wire.find(
        "DescribeCollection", Self.naming(name), absence: Self.noCollection)
    else { return nil }
    let found = try reading { try MilvusDescription(reply) }
    // An alias leads to a collection of another name.
    guard let noted = found.properties[Self.key], found.name.isEmpty || found.name == name else {
      throw ParallaxError(
        .notOurs,
        "Milvus has a collection '\(name)' that Parallax did not make, and leaves it alone",
        hint: "--name chooses another collection")
    }
    guard let note = JSONTree(Array(noted.utf8)), let record = EngineRecord(note: note, of: name)
    else {
      throw ParallaxError.answerless(wire.address.text, "what Parallax noted of '\(name)'")
    }
    return record
  }

  func pairs(in schema: EngineSchema, after last: PointID?) async throws -> [EnginePair] {
    if let all = before.withLock({ $0 }) {
      // Once, from the beginning to the end.
      let page = Array(all.drop { pair in last.map { pair.id <= $0 } ?? false }.prefix(Self.page))
      if page.isEmpty { before.withLock { $0 = nil } }
      return page
    }
    try await load(schema.name)
    // Milvus answers a query that goes through all by the order of its keys, and only such a one.
    let rows = try await query(
      "\(MilvusColumns.id) > \"\(last?.text ?? "")\"", [MilvusColumns.checksum], in: schema.name,
      parameters: [
        ("limit", String(Self.page)), ("iterator", "True"), ("reduce_stop_for_best", "True"),
      ])
    return try pairs(rows).sorted { $0.id < $1.id }
  }

  private func pairs(_ rows: MilvusRows) throws -> [EnginePair] {
    let ids = (rows.texts[MilvusColumns.id] ?? []).compactMap { PointID($0) }
    let checksums = rows.numbers[MilvusColumns.checksum] ?? []
    guard ids.count == rows.texts[MilvusColumns.id]?.count ?? 0, ids.count == checksums.count
    else { throw ParallaxError.answerless(wire.address.text, "ids and checksums") }
    return zip(ids, checksums).map { EnginePair(id: $0, checksum: $1) }
  }

  func count(in schema: EngineSchema) async throws -> Int {
    try await load(schema.name)
    return try await count("", in: schema.name)
  }

  /// - Parameter expression: that the rows pass; empty for all.
  func count(_ expression: String, in name: String) async throws -> Int {
    let rows = try await query(expression, ["count(*)"], in: name)
    guard let count = rows.numbers["count(*)"]?.first else {
      throw ParallaxError.answerless(wire.address.text, "a number of rows")
    }
    return Int(count)
  }

  func stored(_ ids: [PointID], in schema: EngineSchema) async throws -> [StoredPoint] {
    guard !ids.isEmpty else { return [] }
    try await load(schema.name)
    let rows = try await query(
      Self.among(ids), [MilvusColumns.checksum, MilvusColumns.vector], in: schema.name)
    let pairs = try pairs(rows)
    if pairs.isEmpty { return [] }
    guard let vectors = rows.split(into: pairs.count) else {
      throw ParallaxError.answerless(wire.address.text, "vectors")
    }
    return zip(pairs, vectors).map { StoredPoint(pair: $0, vector: Array($1)) }
  }

  func isKept(_ vector: [Float], as stored: [Float], in schema: EngineSchema) -> Bool {
    vector == stored
  }

  private func query(
    _ expression: String, _ columns: [String], in name: String,
    parameters: [(String, String)] = []
  ) async throws -> MilvusRows {
    var writer = Self.naming(name)
    if !expression.isEmpty { writer.text(4, expression) }
    let isCount = columns == ["count(*)"]
    for column in (isCount ? [] : [MilvusColumns.id]) + columns { writer.text(5, column) }
    for (key, value) in parameters { writer.pair(9, key, value) }
    let reply = try await wire.ask("Query", writer)
    return try reading { try MilvusRows(query: reply) }
  }

  // MARK: Changing it

  func remark(on schema: EngineSchema, over kept: EngineRecord?) -> String? {
    guard let kept, kept.schema.fields != schema.fields else { return nil }
    return
      "the fields have changed, and Milvus keeps columns: the collection '\(schema.name)' is made anew, "
      + "without aliases and indexes that others gave it"
  }

  func begin(_ schema: EngineSchema, over kept: EngineRecord?) async throws {
    let columns = MilvusColumns(schema.fields)
    try columns.check()
    if isLite { try MilvusIndex.checkLite(schema.options) }
    if let kept {
      try schema.checkKeeps(kept.schema)
      if kept.schema.fields == schema.fields {
        try await note(schema, count: nil)
        return try await prepare(schema)
      }
      // A collection keeps its columns. Every row changes with them, so nothing is moved twice.
      let all = try await all(in: kept.schema)
      try await drop(kept)
      before.withLock { $0 = all }
    }
    var writer = Self.naming(schema.name)
    writer.data(4, columns.schema(named: schema.name, dimension: schema.dimension))
    writer.number(5, 1)
    writer.pair(7, Self.key, schema.note(count: nil))
    try await wire.order("CreateCollection", writer)
    try await prepare(schema)
    guard try await record(named: schema.name) != nil else {
      throw ParallaxError.answerless(wire.address.text, "the collection that was made")
    }
  }

  private func all(in schema: EngineSchema) async throws -> [EnginePair] {
    try await prepare(schema)
    var all: [EnginePair] = []
    while true {
      let page = try await pairs(in: schema, after: all.last?.id)
      guard !page.isEmpty else { return all }
      all += page
    }
  }

  private func note(_ schema: EngineSchema, count: Int?) async throws {
    var writer = Self.naming(schema.name)
    writer.pair(5, Self.key, schema.note(count: count))
    try await wire.order("AlterCollection", writer)
  }

  /// Makes the index, where a publish was interrupted before it did, and has the collection loaded.
  private func prepare(_ schema: EngineSchema) async throws {
    if try await indexState(of: schema) == nil {
      let index = MilvusIndex(rawValue: schema.options[.index] ?? "") ?? .hnsw
      var writer = Self.naming(schema.name)
      writer.text(4, MilvusColumns.vector)
      writer.pair(5, "index_type", index.type)
      writer.pair(5, "metric_type", schema.metric)
      writer.pair(5, "params", index.building(schema.options))
      writer.text(6, MilvusColumns.vector)
      try await wire.order("CreateIndex", writer)
    }
    try await load(schema.name)
  }

  /// - Returns: `nil` where there is no index.
  private func indexState(of schema: EngineSchema) async throws -> MilvusIndexState? {
    var writer = Self.naming(schema.name)
    writer.text(4, MilvusColumns.vector)
    guard let reply = try await wire.find("DescribeIndex", writer, absence: Self.noIndex) else {
      return nil
    }
    let state = try reading { try MilvusIndexState(reply) }
    return state.count > 0 ? state : nil
  }

  func write(_ points: EngineBatch, areNew: Bool, to schema: EngineSchema) async throws {
    let columns = MilvusColumns(schema.fields)
    let most = max(1, Self.numbers / schema.dimension)
    for start in stride(from: 0, to: points.count, by: most) {
      let rows = start..<min(start + most, points.count)
      try await write(points, rows, columns, schema.name)
    }
  }

  /// In halves where texts make the request longer than Milvus takes it.
  private func write(
    _ points: EngineBatch, _ rows: Range<Int>, _ columns: MilvusColumns, _ name: String
  ) async throws {
    try Task.checkCancellation()
    var writer = Self.naming(name)
    try columns.write(points, rows, to: &writer)
    writer.number(7, Int64(rows.count))
    guard writer.bytes.count > Self.longestRequest, rows.count > 1 else {
      _ = try await wire.ask("Upsert", writer)
      return
    }
    let middle = rows.lowerBound + rows.count / 2
    try await write(points, rows.lowerBound..<middle, columns, name)
    try await write(points, middle..<rows.upperBound, columns, name)
  }

  func delete(_ ids: [PointID], from schema: EngineSchema) async throws {
    for start in stride(from: 0, to: ids.count, by: Self.deletions) {
      var writer = Self.naming(schema.name)
      writer.text(5, Self.among(Array(ids[start..<min(start + Self.deletions, ids.count)])))
      _ = try await wire.ask("Delete", writer)
    }
  }

  func finish(_ schema: EngineSchema, count: Int) async throws {
    try await flush(schema.name)
    while true {
      guard let state = try await indexState(of: schema) else {
        throw ParallaxError(
          .engine, "the index of '\(schema.name)' is gone",
          hint: "somebody else removed it; the same command makes it anew")
      }
      if let failure = state.failure {
        throw ParallaxError(
          .engine,
          "'\(wire.address.text)' could not build the index of '\(schema.name)': \(failure)",
          hint: "what was written is kept; --index none compares every row")
      }
      if state.isFinished { break }
      try await Self.pause()
    }
    if isLite {
      try await wire.order("ReleaseCollection", Self.naming(schema.name))
      loaded.withLock { _ = $0.remove(schema.name) }
      try await load(schema.name)
    }
    try await note(schema, count: count)
  }

  private func flush(_ name: String) async throws {
    var writer = ProtobufWriter()
    writer.text(3, name)
    let reply = try await wire.ask("Flush", writer)
    let flush = try reading { try MilvusFlush(reply) }
    var question = ProtobufWriter()
    question.numbers(1, flush.segments)
    question.number(2, flush.time)
    question.text(4, name)
    while true {
      let state = try await wire.ask("GetFlushState", question)
      if try reading({ try MilvusNumber.read(2, in: state) }) != 0 { return }
      try await Self.pause()
    }
  }

  func drop(_ record: EngineRecord) async throws {
    try await wire.order("DropCollection", Self.naming(record.schema.name))
    loaded.withLock { _ = $0.remove(record.schema.name) }
  }

  // MARK: Loading

  /// Has a collection in the server's memory.
  func load(_ name: String) async throws {
    guard !loaded.withLock({ $0.contains(name) }) else { return }
    var isOrdered = false
    while true {
      var writer = ProtobufWriter()
      writer.text(2, name)
      let reply = try await wire.ask("GetLoadState", writer)
      switch try reading({ try MilvusNumber.read(2, in: reply) }) {
      case 0:
        throw ParallaxError(
          .engine, "'\(name)' is gone from '\(wire.address.text)'",
          hint: "somebody else removed it; 'publish' makes it anew")
      case 3:
        loaded.withLock { _ = $0.insert(name) }
        return
      case 1 where !isOrdered:
        try await wire.order("LoadCollection", Self.naming(name))
        isOrdered = true
      default: try await Self.pause()
      }
    }
  }

  private static func pause() async throws {
    do { try await Task.sleep(for: .milliseconds(200)) } catch {
      throw ParallaxError(.cancelled, "cancelled")
    }
  }

  // MARK: Messages

  /// What most requests begin with.
  static func naming(_ name: String) -> ProtobufWriter {
    var writer = ProtobufWriter()
    writer.text(3, name)
    return writer
  }

  private static func among(_ ids: [PointID]) -> String {
    "\(MilvusColumns.id) in [\(ids.map { "\"\($0.text)\"" }.joined(separator: ", "))]"
  }

  /// What `body` makes of a reply.
  ///
  /// - Throws: `engine` for what is no message.
  func reading<T>(_ body: () throws -> T) throws(ParallaxError) -> T {
    do { return try body() } catch {
      throw .answerless(wire.address.text, "what Milvus's service is to answer")
    }
  }
}

extension EngineSchema {
  /// As Milvus names what is compared by.
  var metric: String {
    switch similarity {
    case .cosine: "COSINE"
    case .dot: "IP"
    case .euclidean: "L2"
    }
  }
}
