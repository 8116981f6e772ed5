package import ParallaxCore
private import ParallaxSystem

extension Workspace {
  /// Makes a space, or returns the one of that name when it has the same identity.
  ///
  /// - Throws: `already-exists` naming the parts of the identity that differ, `invalid-value` for a
  ///   name that cannot be typed bare.
  package func createSpace(
    named name: String, in collection: ItemCollection, spec: EmbeddingSpec
  ) throws -> Space {
    try write { try Self.createSpace(named: name, in: collection, spec: spec, $0) }
  }

  static func createSpace(
    named name: String, in collection: ItemCollection, spec: EmbeddingSpec,
    _ connection: borrowing Connection
  ) throws -> Space {
    try ObjectName.check(name, kind: "space")
    guard spec.dimension > 0 else {
      throw ParallaxError(.invalidValue, "a dimension is at least 1; got \(spec.dimension)")
    }
    if let present = try spaces(in: collection, connection).first(where: { $0.name == name }) {
      try requireSameIdentity(present, as: spec)
      return present
    }
    let created = Clock.now()
    try connection.run(
      """
      INSERT INTO space
        (provider, model, version, task, query_task, dimension, preprocessing, normalized,
         content, collection, name, created)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, spec.bindings + [.integer(collection.rowID), .text(name), .text(created)])
    return Space(
      rowID: connection.lastInsertedRowID, collection: collection, name: name, spec: spec,
      created: created)
  }

  /// - Throws: `unknown-name` with a near name.
  package func space(named name: String, in collection: ItemCollection) throws -> Space {
    try read { try Self.space(named: name, in: collection, $0) }
  }

  /// Removes a space with its vectors.
  ///
  /// - Throws: `unknown-name` with a near name.
  package func dropSpace(named name: String, in collection: ItemCollection) throws {
    try write { connection in
      let space = try Self.space(named: name, in: collection, connection)
      try connection.run("DELETE FROM space WHERE id = ?", [.integer(space.rowID)])
    }
    try releaseFreePages()
  }

  /// The spaces of a collection, by name. Takes no longer in a larger one.
  package func spaces(in collection: ItemCollection) throws -> [Space] {
    try read { try Self.spaces(in: collection, $0) }
  }

  /// Whether no vector was ever stored in a space.
  package func isEmpty(_ space: Space) throws -> Bool {
    try read { connection in
      try connection.integer(
        "SELECT EXISTS (SELECT 1 FROM chunk WHERE space = ?)", [.integer(space.rowID)]) == 0
    }
  }

  static func spaces(
    in collection: ItemCollection, _ connection: borrowing Connection
  ) throws -> [Space] {
    try connection.rows(
      "SELECT \(EmbeddingSpec.columns), id, name, created FROM space WHERE collection = ? ORDER BY name",
      [.integer(collection.rowID)]
    ) {
      Space(
        rowID: $0.integer(9), collection: collection, name: $0.text(10),
        spec: try EmbeddingSpec($0), created: $0.text(11))
    }
  }

  private static func space(
    named name: String, in collection: ItemCollection, _ connection: borrowing Connection
  ) throws -> Space {
    let spaces = try spaces(in: collection, connection)
    if let found = spaces.first(where: { $0.name == name }) { return found }
    throw ParallaxError(
      .unknownName, "'\(collection.name)' has no space '\(name)'",
      hint: Suggestion.hint(for: name, among: spaces.map(\.name))
        ?? (spaces.isEmpty ? "make one with 'embed \(collection.name) --as \(name)'" : nil))
  }

  private static func requireSameIdentity(_ space: Space, as spec: EmbeddingSpec) throws {
    let differences = space.spec.differences(from: spec)
    guard !differences.isEmpty else { return }
    let listed = differences.map { "\($0.name) is '\($0.own)' there and '\($0.other)' here" }
    throw ParallaxError(
      .alreadyExists,
      "'\(space.reference)' has another identity: \(listed.joined(separator: ", "))",
      hint: "a space never mixes two; choose another name with --as, or drop the space first")
  }
}

extension EmbeddingSpec {
  /// The columns that hold a space's identity.
  static let columns =
    "provider, model, version, task, query_task, dimension, preprocessing, normalized, content"

  /// In the order of ``columns``.
  var bindings: [SQLValue] {
    [
      .text(provider), .text(model), .text(version), SQLValue(task), SQLValue(queryTask),
      SQLValue(dimension), .text(preprocessing), .integer(isNormalized ? 1 : 0),
      .text(content.rawValue),
    ]
  }

  /// More than any model has; what is read beyond it nothing wrote.
  private static let dimensions: ClosedRange<Int64> = 1...(1 << 24)

  /// From a row that begins with ``columns``.
  ///
  /// - Throws: `damaged-data` for values that no space has.
  init(_ row: borrowing Statement) throws {
    let dimension = row.integer(5)
    guard Self.dimensions.contains(dimension), let content = EmbeddedContent(rawValue: row.text(8))
    else {
      throw ParallaxError(
        .damagedData,
        "a space is damaged: its dimension is \(dimension), its content '\(row.text(8))'",
        hint: "'workspace check' lists all of the damage; restore the workspace from a copy")
    }
    self.init(
      provider: row.text(0), model: row.text(1), version: row.text(2), task: row.optionalText(3),
      queryTask: row.optionalText(4), dimension: Int(dimension), preprocessing: row.text(6),
      isNormalized: row.integer(7) != 0, content: content)
  }
}
