internal import ParallaxCore

/// The tables of publications, as statements.
enum PostgresLayout {
  /// What makes the tables, or brings the fields of a table from those of `kept` to those of `schema`.
  static func statements(making schema: EngineSchema, over kept: EngineSchema?) -> [String] {
    let table = PostgresColumns.quoted(schema.name)
    let columns = PostgresColumns(schema.fields)
    func definition(_ field: EngineField) -> String {
      "\(columns.name(of: field)) \(PostgresColumns.type(of: field))"
    }
    guard let kept else {
      let type = "\(schema.options[.type] ?? "vector")(\(schema.dimension))"
      let definitions =
        [
          "point_id uuid PRIMARY KEY", "item_id text COLLATE \"C\" NOT NULL",
          "checksum bigint NOT NULL", "embedding \(type) NOT NULL",
        ] + schema.fields.map(definition)
      return [
        registry,
        "CREATE TABLE \(table) (\(definitions.joined(separator: ", ")))",
        "COMMENT ON TABLE \(table) IS "
          + literal("published by Parallax; \(PostgresTable.registry) says of what"),
      ]
    }
    let before = PostgresColumns(kept.fields)
    func stays(_ field: EngineField) -> Bool {
      kept.fields.contains(field) && schema.fields.contains(field)
        && before.name(of: field) == columns.name(of: field)
    }
    let changes =
      kept.fields.filter { !stays($0) }.map { "DROP COLUMN \(before.name(of: $0))" }
      + schema.fields.filter { !stays($0) }.map { "ADD COLUMN \(definition($0))" }
    var statements = [registry]
    if !changes.isEmpty {
      statements.append("ALTER TABLE \(table) \(changes.joined(separator: ", "))")
    }
    if index(kept) != index(schema) {
      statements.append("DROP INDEX IF EXISTS \(PostgresColumns.quoted(indexName(schema)))")
    }
    return statements
  }

  private static let registry = """
    CREATE TABLE IF NOT EXISTS \(PostgresTable.registry) (
      name text COLLATE "C" PRIMARY KEY, layout bigint NOT NULL, collection text NOT NULL,
      space text NOT NULL, identity text NOT NULL, dimension bigint NOT NULL,
      similarity text NOT NULL, options text NOT NULL, fields text NOT NULL, publisher text NOT NULL,
      state text NOT NULL,
      points bigint, updated timestamptz NOT NULL DEFAULT now())
    """

  private static func literal(_ text: String) -> String {
    "'\(text.replacing("'", with: "''"))'"
  }

  /// No publication has a name with a point.
  static func indexName(_ schema: EngineSchema) -> String { "\(schema.name).embedding" }

  /// What makes the index where there is none; `nil` for no index.
  static func index(_ schema: EngineSchema) -> String? {
    let options = schema.options
    let parameters: String
    switch options[.index] {
    case "hnsw":
      parameters =
        "m = \(options.number(.connectivity) ?? 16), "
        + "ef_construction = \(options.number(.construction) ?? 64)"
    case "ivfflat": parameters = "lists = \(options.number(.lists) ?? 100)"
    default: return nil
    }
    let measure =
      switch schema.similarity {
      case .cosine: "cosine"
      case .dot: "ip"
      case .euclidean: "l2"
      }
    return """
      CREATE INDEX IF NOT EXISTS \(PostgresColumns.quoted(indexName(schema))) \
      ON \(PostgresColumns.quoted(schema.name)) \
      USING \(options[.index] ?? "hnsw") (embedding \(options[.type] ?? "vector")_\(measure)_ops) \
      WITH (\(parameters))
      """
  }

  /// The columns of a row in their order, and what an update sets.
  static func columns(_ schema: EngineSchema) -> (names: String, changes: String) {
    let columns = PostgresColumns(schema.fields)
    let others =
      ["item_id", "checksum", "embedding"] + schema.fields.map { columns.name(of: $0) }
    return (
      (["point_id"] + others).joined(separator: ", "),
      others.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
    )
  }
}

/// Rows of a copy in binary form, some at a time.
struct PostgresRowBuffer {
  private static let size = 1 << 20

  private let fields: [EngineField]
  private let isHalf: Bool
  private var bytes: [UInt8]

  init(_ schema: EngineSchema) {
    fields = schema.fields
    isHalf = schema.options[.type] == "halfvec"
    bytes = []
    bytes.reserveCapacity(Self.size + (64 << 10))
    bytes += Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00]
    bytes.appendBig(Int32(0))
    bytes.appendBig(Int32(0))
  }

  var isFull: Bool { bytes.count >= Self.size }

  mutating func append(_ points: EngineBatch, _ index: Int) {
    let pair = points.pairs[index]
    bytes.appendBig(Int16(4 + fields.count))
    bytes.appendBig(Int32(16))
    bytes.append(pair.id)
    let id = points.items[index].rawValue
    bytes.appendBig(Int32(id.utf8.count))
    bytes.append(contentsOf: id.utf8)
    bytes.appendBig(Int32(8))
    bytes.appendBig(pair.checksum)
    bytes.appendVector(points.vector(index), isHalf: isHalf)
    for (field, value) in zip(fields, points.values[index]) { bytes.appendField(value, field) }
  }

  mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  /// With what ends a copy.
  mutating func takeLast() -> [UInt8] {
    bytes.appendBig(Int16(-1))
    return take()
  }
}
