internal import ParallaxCore
internal import ParallaxHTTP

/// Publications in a database: a table each, and a row each in a table that says what they are.
struct PostgresTable: EngineConnection {
  /// Where it is noted what was published.
  static let registry = "parallax_publication"
  private static let pageSize = 50_000

  let connection: PostgresConnection
  private let address: EngineAddress
  /// `nil` where the extension is not installed in the database.
  private let extensionVersion: String?

  /// - Throws: `engine`, `missing-component`, `cancelled`.
  init(_ address: EngineAddress, _ settings: [(String, String)], redactor: Redactor) throws {
    self.address = address
    do {
      connection = try PostgresConnection(settings, redactor: redactor)
      let facts = try connection.run(
        """
        SELECT current_setting('server_encoding'),
          (SELECT extversion FROM pg_extension WHERE extname = 'vector')
        """)
      guard facts.text(0, 0) == "UTF8" else {
        throw ParallaxError(
          .unsupported, "the database has the encoding \(facts.text(0, 0)); publishing takes UTF8",
          hint: "create database … with encoding 'UTF8'")
      }
      extensionVersion = facts.bytes(0, 1) == nil ? nil : facts.text(0, 1)
      try Self.checkExtension(extensionVersion)
      // What nobody waits for any more ends by itself, and lets go of its locks.
      if connection.serverVersion >= 140_000 {
        _ = try? connection.run("SET client_connection_check_interval = 1000")
      }
    } catch let failure as PostgresFailure {
      throw Self.error(failure, address, isConnecting: true)
    }
  }

  func close() { connection.close() }

  var version: String {
    let number = connection.serverVersion
    // What was not there when the connection began may have been made since.
    let found = try? connection.run(Self.installed).text(0, 0)
    let words = found.map { $0.isEmpty ? "without pgvector" : "with pgvector \($0)" } ?? ""
    return "PostgreSQL \(number / 10_000).\(number % 10_000) \(words)"
  }

  private static let installed = """
    SELECT coalesce((SELECT extversion FROM pg_extension WHERE extname = 'vector'), '')
    """

  private static func checkExtension(_ version: String?) throws {
    guard let version else { return }
    let parts = version.split(separator: ".").compactMap { Int($0) }
    guard parts.count >= 2, (parts[0], parts[1]) < (0, 8) else { return }
    throw ParallaxError(
      .unsupported, "the database has pgvector \(version); publishing takes 0.8 or newer",
      hint: "install it, then: alter extension vector update")
  }

  // MARK: What is there

  func record(named name: String) async throws -> EngineRecord? {
    try named {
      let there = try connection.run(
        "SELECT to_regclass($1) IS NOT NULL, to_regclass($2) IS NOT NULL",
        [PostgresParameter(PostgresColumns.quoted(name)), PostgresParameter(Self.registry)])
      let isThere = there.bytes(0, 0)?.first == 1
      let record = there.bytes(0, 1)?.first == 1 ? try noted(name) : nil
      guard record == nil, isThere else { return isThere ? record : nil }
      throw try taken(name)
    }
  }

  private func noted(_ name: String) throws -> EngineRecord? {
    let rows: PostgresRows
    do {
      rows = try connection.run(
        """
        SELECT layout, collection, space, identity, dimension, similarity, options, fields, state, points,
          publisher
        FROM \(Self.registry) WHERE name = $1
        """, [PostgresParameter(name)])
    } catch let failure as PostgresFailure where failure.state == "42P01" {
      // It went with the last publication since it was looked for.
      return nil
    } catch let failure as PostgresFailure where failure.state == "42703" {
      throw ParallaxError(
        .notOurs, "the database has a '\(Self.registry)' that Parallax did not make",
        hint: "publish into another database or schema")
    }
    guard rows.count == 1 else { return nil }
    guard let fields = [EngineField](json: rows.text(0, 7)),
      let similarity = Similarity(rawValue: rows.text(0, 5)),
      // It stands in statements.
      let type = EngineOptions(text: rows.text(0, 6))[.type], ["vector", "halfvec"].contains(type)
    else {
      throw ParallaxError.answerless(address.text, "what Parallax noted of '\(name)'")
    }
    return EngineRecord(
      layout: Int(rows.integer(0, 0) ?? 0),
      schema: EngineSchema(
        name: name, collection: rows.text(0, 1), space: rows.text(0, 2), identity: rows.text(0, 3),
        dimension: Int(rows.integer(0, 4) ?? 0), similarity: similarity,
        options: EngineOptions(text: rows.text(0, 6)), fields: fields,
        publisher: rows.text(0, 10)),
      isComplete: rows.text(0, 8) == "complete", count: rows.integer(0, 9).map { Int($0) })
  }

  func pairs(in schema: EngineSchema, after last: PointID?) async throws -> [EnginePair] {
    try named {
      let rows = try connection.run(
        """
        SELECT point_id, checksum FROM \(PostgresColumns.quoted(schema.name))
        \(last == nil ? "WHERE $1::uuid IS NULL" : "WHERE point_id > $1")
        ORDER BY point_id LIMIT \(Self.pageSize)
        """, [PostgresParameter(last)])
      return try (0..<rows.count).map { row in
        guard let id = rows.uuid(row, 0), let checksum = rows.integer(row, 1) else {
          throw ParallaxError.answerless(address.text, "ids and checksums")
        }
        return EnginePair(id: id, checksum: checksum)
      }
    }
  }

  func count(in schema: EngineSchema) async throws -> Int {
    try named {
      let rows = try connection.run(
        "SELECT count(*) FROM \(PostgresColumns.quoted(schema.name))")
      return Int(rows.integer(0, 0) ?? 0)
    }
  }

  func stored(_ ids: [PointID], in schema: EngineSchema) async throws -> [StoredPoint] {
    try named {
      let rows = try connection.run(
        """
        SELECT point_id, checksum, embedding::real[] FROM \(PostgresColumns.quoted(schema.name))
        WHERE point_id = ANY ($1)
        """, [PostgresParameter(ids)])
      return try (0..<rows.count).map { row in
        guard let id = rows.uuid(row, 0), let checksum = rows.integer(row, 1),
          let vector = rows.reals(row, 2)
        else { throw ParallaxError.answerless(address.text, "vectors") }
        return StoredPoint(pair: EnginePair(id: id, checksum: checksum), vector: vector)
      }
    }
  }

  func isKept(_ vector: [Float], as stored: [Float], in schema: EngineSchema) -> Bool {
    schema.options[.type] == "halfvec"
      ? vector.map { Float(Float16($0)) } == stored : vector == stored
  }

  // MARK: Changing it

  func begin(_ schema: EngineSchema, over kept: EngineRecord?) async throws {
    try transaction {
      try lockRegistry()
      if extensionVersion == nil { try makeExtension() }
      try checkPartition(schema, isNew: kept == nil)
      let shared = try schema.options[.partition].map { try types(of: $0) } ?? [:]
      let statements = PostgresLayout.statements(
        making: schema, over: kept?.schema, sharing: shared)
      for statement in statements { try connection.run(statement) }
      try note(schema)
    }
  }

  private func makeExtension() throws {
    do { try connection.run("CREATE EXTENSION vector") } catch let failure as PostgresFailure
      where failure.kind == .refused
    {
      throw ParallaxError(
        .engine, "the database has no extension 'vector': \(failure.message)",
        hint: "install pgvector on the server, then as its administrator: create extension vector")
    }
    try Self.checkExtension(connection.run(Self.installed).text(0, 0))
  }

  private func note(_ schema: EngineSchema) throws {
    try connection.run(
      """
      INSERT INTO \(Self.registry) AS old
        (name, layout, collection, space, identity, dimension, similarity, options, fields, publisher,
         state)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'publishing')
      ON CONFLICT (name) DO UPDATE SET layout = excluded.layout, similarity = excluded.similarity,
        options = excluded.options, fields = excluded.fields, state = excluded.state,
        collection = excluded.collection, space = excluded.space, identity = excluded.identity,
        dimension = excluded.dimension, publisher = excluded.publisher, updated = now()
      """,
      [
        PostgresParameter(schema.name), PostgresParameter(EngineSchema.layout),
        PostgresParameter(schema.collection), PostgresParameter(schema.space),
        PostgresParameter(schema.identity), PostgresParameter(schema.dimension),
        PostgresParameter(schema.similarity.rawValue), PostgresParameter(schema.options.text),
        PostgresParameter(schema.fields.json), PostgresParameter(schema.publisher),
      ])
  }

  func write(_ points: EngineBatch, areNew: Bool, to schema: EngineSchema) async throws {
    try check(points, schema)
    let table = PostgresColumns.quoted(schema.name)
    let (names, changes) = PostgresLayout.row(of: schema, try named { try columns(of: schema) })
    if areNew { return try named { try copy(points, schema, names, into: table) } }
    try transaction {
      try connection.run("DROP TABLE IF EXISTS pg_temp.parallax_staging")
      try connection.run(
        "CREATE TEMPORARY TABLE parallax_staging (LIKE \(table) INCLUDING DEFAULTS) ON COMMIT DROP")
      try copy(points, schema, names, into: "pg_temp.parallax_staging")
      try connection.run(
        """
        INSERT INTO \(table) (\(names)) SELECT \(names) FROM pg_temp.parallax_staging
        ON CONFLICT (point_id) DO UPDATE SET \(changes)
        """)
    }
  }

  /// The server's message would name neither.
  private func check(_ points: EngineBatch, _ schema: EngineSchema) throws {
    for (item, values) in zip(points.items, points.values) {
      for (field, value) in zip(schema.fields, values) where value.holdsZero {
        throw ParallaxError(
          .unsupported,
          "'\(field.name)' of item '\(item)' has a character NUL, which PostgreSQL cannot store",
          hint: "correct the table that it was read from, and 'sync'")
      }
      if item.rawValue.utf8.contains(0) {
        throw ParallaxError(
          .unsupported, "an item's id has a character NUL, which PostgreSQL cannot store")
      }
    }
    let isHalf = schema.options[.type] == "halfvec"
    guard isHalf, let place = points.vectors.firstIndex(where: { !Float16($0).isFinite }) else {
      return
    }
    throw ParallaxError(
      .unsupported,
      "the vector of '\(points.items[place / points.dimension])' has a value beyond 65504, which a "
        + "halfvec cannot hold",
      hint: "publish it with --type vector")
  }

  private func copy(
    _ points: EngineBatch, _ schema: EngineSchema, _ names: String, into table: String
  ) throws {
    try connection.copy("COPY \(table) (\(names)) FROM STDIN (FORMAT binary)") { send in
      var rows = PostgresRowBuffer(schema)
      for index in 0..<points.count {
        rows.append(points, index)
        if rows.isFull { try send(rows.take()) }
      }
      try send(rows.takeLast())
    }
  }

  func delete(_ ids: [PointID], from schema: EngineSchema) async throws {
    try named {
      try connection.run(
        "DELETE FROM \(PostgresColumns.quoted(schema.name)) WHERE point_id = ANY ($1)",
        [PostgresParameter(ids)])
    }
  }

  func finish(_ schema: EngineSchema, count: Int) async throws {
    try named {
      if let statement = PostgresLayout.index(schema) {
        try connection.run(statement)
        try checkIndex(schema)
      }
      try connection.run("ANALYZE \(PostgresColumns.quoted(schema.name))")
      try connection.run(
        """
        UPDATE \(Self.registry) SET state = 'complete', points = $2, updated = now() WHERE name = $1
        """, [PostgresParameter(schema.name), PostgresParameter(count)])
    }
  }

  func drop(_ record: EngineRecord) async throws {
    try transaction {
      try lockRegistry()
      try connection.run("DROP TABLE IF EXISTS \(PostgresColumns.quoted(record.schema.name))")
      try dropWhole(of: record.schema)
      try connection.run(
        "DELETE FROM \(Self.registry) WHERE name = $1", [PostgresParameter(record.schema.name)])
      let rest = try connection.run("SELECT count(*) FROM \(Self.registry)")
      if rest.integer(0, 0) == 0 { try connection.run("DROP TABLE \(Self.registry)") }
    }
  }

  // MARK: Errors

  /// Runs `body`; what the server says becomes an error that a person can act on.
  @discardableResult
  func named<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let failure as PostgresFailure {
      throw Self.error(failure, address)
    }
  }

  private func transaction(_ body: () throws -> Void) throws {
    try named {
      try connection.run("BEGIN")
      do {
        try body()
        try connection.run("COMMIT")
      } catch {
        // Where it is gone, so is the transaction.
        if (error as? PostgresFailure)?.kind != .stopped {
          _ = try? connection.run("ROLLBACK")
        }
        throw error
      }
    }
  }

  private static func error(
    _ failure: PostgresFailure, _ address: EngineAddress, isConnecting: Bool = false
  ) -> ParallaxError {
    switch failure.kind {
    case .stopped: return ParallaxError(.cancelled, "cancelled")
    case .lost where isConnecting:
      return ParallaxError(
        .engine, "cannot connect to '\(address.text)': \(failure.message)",
        hint: connectionHint(failure.message))
    case .lost:
      return ParallaxError(
        .engine, "'\(address.text)' ended the connection: \(failure.message)",
        hint: "what was written is kept; the same command goes on")
    case .refused:
      return ParallaxError(
        .engine, "'\(address.text)' refused: \(failure.message)", hint: hint(failure.state))
    }
  }

  private static func connectionHint(_ message: String) -> String? {
    let message = message.lowercased()
    if message.contains("password") { return PostgresEngine.secretRule }
    if message.contains("ssl") || message.contains("certificate") {
      return
        "'?sslmode=' in the address says how the connection is protected: disable, prefer, require, "
        + "verify-ca or verify-full; '&sslrootcert=FILE' names whom to trust"
    }
    return nil
  }

  private static func hint(_ state: String) -> String? {
    switch state {
    case "42501", "25006":
      "publishing takes a user who may create and write tables; 'query --on' takes one who may read "
        + "them: grant select on that table and on \(registry)"
    case "53100": "the server's disk is full; what was written is kept, the same command goes on"
    case "57014": "somebody stopped it on the server; the same command goes on"
    default: nil
    }
  }
}

extension Value {
  /// Whether a text of it has the character that C ends texts with.
  fileprivate var holdsZero: Bool {
    switch self {
    case .text(let text), .date(let text): text.utf8.contains(0)
    case .written(_, let value): value.holdsZero
    case .list(let values): values.contains { $0.holdsZero }
    default: false
    }
  }
}
