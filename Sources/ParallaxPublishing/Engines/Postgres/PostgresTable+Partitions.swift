internal import ParallaxCore

/// Publications that are the partitions of one table, a collection each.
extension PostgresTable {
  /// The columns of a publication's fields.
  func columns(of schema: EngineSchema) throws -> PostgresColumns {
    guard let whole = schema.options[.partition] else { return PostgresColumns(schema.fields) }
    return PostgresColumns(schema.fields, sharing: try types(of: whole))
  }

  /// The types of a table's columns, by their names; empty where there is no such table.
  func types(of table: String) throws -> [String: String] {
    let rows = try connection.run(
      """
      SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute
      WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped
      """, [PostgresParameter(PostgresColumns.quoted(table))])
    return Dictionary(
      uniqueKeysWithValues: (0..<rows.count).map { (rows.text($0, 0), rows.text($0, 1)) })
  }

  func check(_ schema: EngineSchema, over kept: EngineRecord?) async throws {
    try named { try checkPartition(schema, isNew: kept == nil) }
  }

  /// Refuses a whole table that is not ours, or holds what does not belong together.
  func checkPartition(_ schema: EngineSchema, isNew: Bool) throws {
    guard isNew, let whole = schema.options[.partition] else { return }
    let option = EngineOption.partition.parameter
    guard whole != schema.name, whole.lowercased() != Self.registry else {
      throw ParallaxError(
        .unsupported, "a table is no partition of itself: '\(whole)' is taken",
        hint: "--partition names the table of all collections, --name the part of this one",
        parameter: option)
    }
    guard try !types(of: whole).isEmpty else { return }
    let parts = try publications().filter { $0.whole == whole }
    guard let first = parts.first else {
      throw ParallaxError(
        .notOurs,
        "the database has a '\(whole)' that Parallax did not partition, and leaves it alone",
        hint: "--partition chooses another table", parameter: option)
    }
    let other = "--partition chooses another table"
    if let same = parts.first(where: { $0.collection == schema.collection }) {
      throw ParallaxError(
        .notOurs,
        "'\(whole)' has a partition of a collection '\(schema.collection)' already: '\(same.name)'",
        hint: other, parameter: option)
    }
    guard first.identity == schema.identity else {
      let differences = EngineRecord.differences(first.identity, schema.identity)
      throw ParallaxError(
        .notOurs,
        "'\(whole)' holds vectors of another identity: \(differences.joined(separator: "; "))",
        hint: "spaces never mix: \(other)", parameter: option)
    }
    guard first.type == schema.options[.type] else {
      throw ParallaxError(
        .unsupported,
        "the partitions of '\(whole)' have --type \(first.type ?? ""), and a table has one type",
        hint: "--type \(first.type ?? ""), or \(other)", parameter: EngineOption.type.parameter)
    }
  }

  private struct Part {
    var name: String
    var collection: String
    var identity: String
    var type: String?
    var whole: String?
  }

  private func publications() throws -> [Part] {
    let isThere = try connection.run(
      "SELECT to_regclass($1) IS NOT NULL", [PostgresParameter(Self.registry)])
    guard isThere.bytes(0, 0)?.first == 1 else { return [] }
    let rows = try connection.run(
      "SELECT name, collection, identity, options FROM \(Self.registry) ORDER BY name")
    return (0..<rows.count).map { row in
      let options = EngineOptions(text: rows.text(row, 3))
      return Part(
        name: rows.text(row, 0), collection: rows.text(row, 1), identity: rows.text(row, 2),
        type: options[.type], whole: options[.partition])
    }
  }

  /// What of a name is no publication, in an error.
  func taken(_ name: String) throws -> ParallaxError {
    if let part = try publications().first(where: { $0.whole == name }) {
      return ParallaxError(
        .notOurs,
        "'\(name)' is the table of several collections, and each is published as a partition",
        hint: "--name names a partition such as '\(part.name)'")
    }
    return ParallaxError(
      .notOurs, "the database has a '\(name)' that Parallax did not make, and leaves it alone",
      hint: "--name chooses another table")
  }

  func remark(on schema: EngineSchema, over kept: EngineRecord?) -> String? {
    guard let whole = schema.options[.partition], let columns = try? columns(of: schema) else {
      return nil
    }
    let moved = schema.fields.compactMap { field in
      columns.plainName(of: field).flatMap { $0 == field.name ? nil : "'\(field.name)' is '\($0)'" }
    }
    if moved.isEmpty { return nil }
    return "fields whose names are taken in '\(whole)' have other columns there: "
      + moved.joined(separator: ", ")
  }

  /// The whole table goes with its last partition.
  func dropWhole(of schema: EngineSchema) throws {
    guard let whole = schema.options[.partition] else { return }
    let table = PostgresColumns.quoted(whole)
    let rest = try connection.run(
      "SELECT count(*) FROM pg_inherits WHERE inhparent = to_regclass($1)",
      [PostgresParameter(table)])
    if rest.integer(0, 0) == 0 { try connection.run("DROP TABLE IF EXISTS \(table)") }
  }
}
