internal import ParallaxCore

/// The tables of publications, as statements.
enum PostgresLayout {
  /// What makes the tables, or brings the fields of a table from those of `kept` to those of `schema`.
  ///
  /// - Parameter shared: of a publication that is a partition: the types of the columns of the whole table, by their
  ///   names; empty where it is not there.
  static func statements(
    making schema: EngineSchema, over kept: EngineSchema?, sharing shared: [String: String]
  ) -> [String] {
    if let whole = schema.options[.partition] {
      return statements(making: schema, over: kept, asPartOf: whole, shared)
    }
    let table = PostgresColumns.quoted(schema.name)
    let columns = PostgresColumns(schema.fields)
    func definition(_ field: EngineField) -> String {
      "\(columns.name(of: field)) \(PostgresColumns.type(of: field))"
    }
    guard let kept else {
      let definitions =
        ["point_id uuid PRIMARY KEY"] + ownColumns(schema) + schema.fields.map(definition)
      return [
        registry,
        "CREATE TABLE \(table) (\(definitions.joined(separator: ", ")))",
        comment(table, "published by Parallax; \(PostgresTable.registry) says of what"),
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
    return statements + indexChange(from: kept, to: schema)
  }

  /// A publication that is the partition of a collection: its fields are columns of the whole table.
  private static func statements(
    making schema: EngineSchema, over kept: EngineSchema?, asPartOf whole: String,
    _ shared: [String: String]
  ) -> [String] {
    let (table, parent) = (PostgresColumns.quoted(schema.name), PostgresColumns.quoted(whole))
    let columns = PostgresColumns(schema.fields, sharing: shared)
    var statements = [registry]
    if shared.isEmpty {
      let definitions =
        ["\(PostgresColumns.key) text COLLATE \"C\" NOT NULL", "point_id uuid NOT NULL"]
        + ownColumns(schema)
      statements += [
        "CREATE TABLE \(parent) (\(definitions.joined(separator: ", "))) "
          + "PARTITION BY LIST (\(PostgresColumns.key))",
        comment(
          parent,
          "published by Parallax, a partition a collection; \(PostgresTable.registry) says of what"
        ),
      ]
    }
    let missing = schema.fields.filter { field in
      columns.plainName(of: field).map { shared[$0] == nil } ?? false
    }
    if !missing.isEmpty {
      let added = missing.map {
        "ADD COLUMN \(columns.name(of: $0)) \(PostgresColumns.type(of: $0))"
      }
      statements.append("ALTER TABLE \(parent) \(added.joined(separator: ", "))")
    }
    guard let kept else {
      let collection = literal(schema.collection)
      return statements + [
        "CREATE TABLE \(table) PARTITION OF \(parent) "
          + "(\(PostgresColumns.key) DEFAULT \(collection), PRIMARY KEY (point_id)) "
          + "FOR VALUES IN (\(collection))",
        comment(table, "published by Parallax; \(PostgresTable.registry) says of what"),
      ]
    }
    // A column may be of other collections, too, and stays; what this one had in it does not.
    let used = Set(schema.fields.compactMap { columns.plainName(of: $0) })
    let before = PostgresColumns(kept.fields, sharing: shared)
    let stale = kept.fields.compactMap { before.plainName(of: $0) }
      .filter { !used.contains($0) && shared[$0] != nil }.map(PostgresColumns.quoted)
    if !stale.isEmpty {
      statements.append(
        "UPDATE \(table) SET \(stale.map { "\($0) = NULL" }.joined(separator: ", "))")
    }
    return statements + indexChange(from: kept, to: schema)
  }

  private static func indexChange(from kept: EngineSchema, to schema: EngineSchema) -> [String] {
    guard index(kept) != index(schema) else { return [] }
    return ["DROP INDEX IF EXISTS \(PostgresColumns.quoted(indexName(schema)))"]
  }

  private static func ownColumns(_ schema: EngineSchema) -> [String] {
    [
      "item_id text COLLATE \"C\" NOT NULL", "checksum bigint NOT NULL",
      "embedding \(schema.options[.type] ?? "vector")(\(schema.dimension)) NOT NULL",
    ]
  }

  private static func comment(_ table: String, _ text: String) -> String {
    "COMMENT ON TABLE \(table) IS \(literal(text))"
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
  static func row(
    of schema: EngineSchema, _ columns: PostgresColumns
  ) -> (names: String, changes: String) {
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
