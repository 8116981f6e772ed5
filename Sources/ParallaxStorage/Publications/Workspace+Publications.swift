package import ParallaxCore
private import ParallaxDigest

extension Workspace {
  /// The random id by which an engine knows what this workspace published; a copy of the file has the same.
  package func publisherID() throws -> String {
    try read { try $0.first("SELECT id FROM publisher") { $0.text(0) } } ?? ""
  }

  /// Keeps a publication in the place of one of the same space, address and name.
  package func keep(_ publication: Publication) throws {
    try write { connection in
      try Self.forget(publication, connection)
      let certificate = publication.certificate
      try connection.run(
        """
        INSERT INTO publication
          (collection, space, identity, url, name, engine, similarity, options, published, points,
           stamp, measured, depth, questions, seed, wanted, found, low, high)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
          .integer(publication.collection.rowID), .text(publication.space),
          .text(publication.identity), .text(publication.url), .text(publication.name),
          .text(publication.engine), .text(publication.similarity.rawValue),
          .text(publication.options), .text(publication.published), SQLValue(publication.count),
          SQLValue(publication.stamp), SQLValue(certificate?.measured),
          SQLValue(certificate?.depth), SQLValue(certificate?.questions),
          SQLValue(certificate?.seed), SQLValue(certificate?.wanted),
          SQLValue(certificate?.found), certificate.map { .real($0.low) } ?? .null,
          certificate.map { .real($0.high) } ?? .null,
        ])
    }
  }

  /// Forgets a publication.
  package func forget(_ publication: Publication) throws {
    try write { try Self.forget(publication, $0) }
  }

  private static func forget(
    _ publication: Publication, _ connection: borrowing Connection
  ) throws {
    try connection.run(
      "DELETE FROM publication WHERE collection = ? AND space = ? AND url = ? AND name = ?",
      [
        .integer(publication.collection.rowID), .text(publication.space),
        .text(publication.url), .text(publication.name),
      ])
  }

  /// The publications of a collection, in the order in which they were published last.
  package func publications(of collection: ItemCollection) throws -> [Publication] {
    try read { connection in
      try connection.rows(
        """
        SELECT space, identity, url, name, engine, similarity, options, published, points, stamp,
          measured, depth, questions, seed, wanted, found, low, high
        FROM publication WHERE collection = ? ORDER BY id
        """, [.integer(collection.rowID)]
      ) { row in
        Publication(
          collection: collection, space: row.text(0), identity: row.text(1), url: row.text(2),
          name: row.text(3), engine: row.text(4),
          similarity: Similarity(rawValue: row.text(5)) ?? .cosine, options: row.text(6),
          published: row.text(7), count: Int(row.integer(8)), stamp: row.optionalText(9),
          certificate: row.optionalText(10).map { measured in
            Publication.Certificate(
              measured: measured, depth: Int(row.integer(11)), questions: Int(row.integer(12)),
              seed: Int(row.integer(13)), wanted: Int(row.integer(14)),
              found: Int(row.integer(15)), low: row.real(16), high: row.real(17))
          })
      }
    }
  }

  /// What tells one state of a space's items, metadata and vectors from another, from their seals.
  ///
  /// - Returns: `nil` where no seals are kept.
  package func stamp(of space: Space) throws -> String? {
    try read { connection in
      guard try Seals.areKept(connection) else { return nil }
      let collection = space.collection.rowID
      let fields = try connection.rows(
        "SELECT id FROM field WHERE collection = ? ORDER BY id", [.integer(collection)]
      ) { $0.integer(0) }
      let parts =
        [("item", collection), ("chunk", space.rowID), ("field", collection)]
        + fields.map { ("metadata", $0) }
      var text = ""
      for (table, key) in parts {
        let sum = try SealSum.kept(ofTable: table, key: key, connection)
        text += "\(table) \(key) \(sum.count) \(sum.value)\n"
      }
      return String(Digest.sha256(text).hexadecimal.prefix(32))
    }
  }

  /// The metadata fields as a table would bring them, oldest first.
  package func fieldDeclarations(in collection: ItemCollection) throws -> [FieldDeclaration] {
    try read { connection in
      try FieldCatalog(collection, connection).metadata.map {
        FieldDeclaration(name: $0.name, kind: $0.kind, isFixed: $0.isFixed, isList: $0.isList)
      }
    }
  }
}
