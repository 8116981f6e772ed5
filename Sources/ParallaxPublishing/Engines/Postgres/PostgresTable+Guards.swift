internal import ParallaxCore
private import ParallaxDigest

/// What keeps programs out of each other's way.
extension PostgresTable {
  /// One program at a time writes to a table. The lock goes with the connection, also when that of a
  /// program that was killed ends.
  func lock(_ name: String) async throws {
    let key = Self.key("publication \(name)")
    for _ in 0..<100 {
      let isLocked = try named {
        try connection.run(
          "SELECT pg_try_advisory_lock($1)", [PostgresParameter(key)]
        ).bytes(0, 0)?.first == 1
      }
      if isLocked { return }
      do { try await Task.sleep(for: .milliseconds(100)) } catch {
        throw ParallaxError(.cancelled, "cancelled")
      }
    }
    throw ParallaxError(
      .engine, "another program is publishing to '\(name)'", hint: "wait until it has ended")
  }

  /// Until the end of the transaction: the table of publications goes with the last one, and must not go
  /// while another program adds one.
  func lockRegistry() throws {
    try connection.run(
      "SELECT pg_advisory_xact_lock($1)", [PostgresParameter(Self.key("registry"))])
  }

  private static func key(_ what: String) -> Int64 {
    Int64(
      bitPattern: Digest.sha256("parallax \(what)").bytes.prefix(8)
        .reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  /// The statement that makes an index is content with anything else of its name.
  func checkIndex(_ schema: EngineSchema) throws {
    let rows = try connection.run(
      """
      SELECT count(*) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
      WHERE indrelid = to_regclass($1) AND relname = $2 AND indisvalid
      """,
      [
        PostgresParameter(PostgresColumns.quoted(schema.name)),
        PostgresParameter(PostgresLayout.indexName(schema)),
      ])
    guard rows.integer(0, 0) != 1 else { return }
    throw ParallaxError(
      .notOurs,
      "the database has a '\(PostgresLayout.indexName(schema))' that is no index of "
        + "'\(schema.name)'",
      hint:
        "rename or drop it there, or --name chooses another table; then the same command goes on")
  }
}
