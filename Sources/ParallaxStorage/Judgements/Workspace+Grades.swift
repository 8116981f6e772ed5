internal import ParallaxCore

extension Workspace {
  /// The sets of judgements, by name.
  package func judgementSets() throws -> [JudgementSetRecord] {
    try read { try Self.judgementSets($0) }
  }

  /// The set of a name; `nil` where there is none.
  package func judgementSet(named name: String) throws -> JudgementSetRecord? {
    try read { try Self.judgementSets($0, "WHERE name = ?", [.text(name)]).first }
  }

  /// Makes a set of judgements, or finds the one of that name.
  ///
  /// - Throws: `unsupported` for one that judges the items of another collection; `read-only`.
  package func judgementSet(
    named name: String, of collection: ItemCollection, at created: String
  ) throws -> JudgementSetRecord {
    try write { connection in
      try connection.run(
        "INSERT INTO judgement_set (name, collection, created) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [.text(name), .text(collection.name), .text(created)])
      guard
        let set = try Self.judgementSets(connection, "WHERE name = ?", [.text(name)]).first
      else { throw ParallaxError(.damagedData, "the judgements '\(name)' cannot be read") }
      try set.check(collection)
      return set
    }
  }

  /// Keeps grades in one transaction, each in place of an earlier one of the same pair and judge, and
  /// one that settles in place of any other that does.
  ///
  /// - Parameter questions: what some questions ask, in place of what was kept of them.
  /// - Throws: `read-only`.
  package func keep(
    _ grades: [Grade], in set: JudgementSetRecord, asking questions: [String: [JudgedTerm]] = [:]
  ) throws {
    try write { connection in
      try Self.keep(questions, in: set, connection)
      let insert = try connection.prepare(
        """
        INSERT INTO grade (judgement_set, question, item, judge, kind, grade, at, hash, identity)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (judgement_set, question, item, kind, judge) DO UPDATE SET
          grade = excluded.grade, at = excluded.at, hash = excluded.hash,
          identity = excluded.identity
        """)
      for grade in grades {
        if grade.kind == .settled { try Self.drop(.settled, of: grade, in: set, connection) }
        try insert.run([
          .integer(set.rowID), .text(grade.question), .text(grade.item.rawValue),
          .text(grade.judge), .text(grade.kind.rawValue), SQLValue(grade.grade), .text(grade.at),
          .blob(grade.hash.bytes), grade.identity.map { .text($0) } ?? .null,
        ])
      }
    }
  }

  /// Takes one grade back.
  ///
  /// - Throws: `read-only`.
  package func drop(_ grade: Grade, in set: JudgementSetRecord) throws {
    try write { connection in
      try connection.run(
        """
        DELETE FROM grade WHERE judgement_set = ? AND question = ? AND item = ? AND kind = ?
          AND judge = ?
        """,
        [
          .integer(set.rowID), .text(grade.question), .text(grade.item.rawValue),
          .text(grade.kind.rawValue), .text(grade.judge),
        ])
    }
  }

  private static func drop(
    _ kind: Grade.Kind, of grade: Grade, in set: JudgementSetRecord,
    _ connection: borrowing Connection
  ) throws {
    try connection.run(
      "DELETE FROM grade WHERE judgement_set = ? AND question = ? AND item = ? AND kind = ?",
      [
        .integer(set.rowID), .text(grade.question), .text(grade.item.rawValue),
        .text(kind.rawValue),
      ])
  }

  /// The grades of a set, by question, item, kind and judge.
  ///
  /// - Throws: `damaged-data`.
  package func grades(in set: JudgementSetRecord) throws -> [Grade] {
    try read { connection in
      try connection.rows(
        """
        SELECT question, item, judge, kind, grade, at, hash, identity FROM grade
        WHERE judgement_set = ?
        ORDER BY question, item, kind, judge
        """, [.integer(set.rowID)]
      ) { row in
        let value = Int(row.integer(4))
        guard let kind = Grade.Kind(rawValue: row.text(3)), Grade.scale.contains(value),
          let hash = ContentHash(bytes: row.blob(6))
        else { throw Self.damagedGrade(set) }
        return Grade(
          value, of: ItemID(row.text(1)), for: row.text(0), by: row.text(2), kind, at: row.text(5),
          hash: hash, identity: row.isNull(7) ? nil : row.text(7))
      }
    }
  }

  private static func keep(
    _ questions: [String: [JudgedTerm]], in set: JudgementSetRecord,
    _ connection: borrowing Connection
  ) throws {
    let delete = try connection.prepare(
      "DELETE FROM judged_term WHERE judgement_set = ? AND question = ?")
    let insert = try connection.prepare(
      """
      INSERT INTO judged_term (judgement_set, question, position, kind, value, weight, hash)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """)
    for (question, terms) in questions.sorted(by: { $0.key < $1.key }) {
      try delete.run([.integer(set.rowID), .text(question)])
      for (position, term) in terms.enumerated() {
        try insert.run([
          .integer(set.rowID), .text(question), SQLValue(position), .text(term.kind.rawValue),
          .text(term.value), .real(term.weight), term.hash.map { .blob($0.bytes) } ?? .null,
        ])
      }
    }
  }

  /// What the questions of a set ask, in order.
  ///
  /// - Throws: `damaged-data`.
  package func judgedTerms(in set: JudgementSetRecord) throws -> [String: [JudgedTerm]] {
    try read { connection in
      let rows = try connection.rows(
        """
        SELECT question, kind, value, weight, hash FROM judged_term WHERE judgement_set = ?
        ORDER BY question, position
        """, [.integer(set.rowID)]
      ) { row -> (String, JudgedTerm) in
        let hash = row.isNull(4) ? nil : ContentHash(bytes: row.blob(4))
        guard let kind = JudgedTerm.Kind(rawValue: row.text(1)), row.isNull(4) || hash != nil else {
          throw Self.damagedGrade(set)
        }
        return (row.text(0), JudgedTerm(kind, row.text(2), weight: row.real(3), hash: hash))
      }
      return Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1) }
    }
  }

  /// How many grades of each kind there are, those of a picture that has changed among them.
  ///
  /// - Parameter judge: whose; `nil` for everybody's.
  package func gradeCounts(
    in set: JudgementSetRecord, of judge: String? = nil
  ) throws -> [Grade.Kind: Int] {
    try read { connection in
      let rows = try connection.rows(
        "SELECT kind, count(*) FROM grade WHERE judgement_set = ?1"
          + (judge == nil ? "" : " AND judge = ?2") + " GROUP BY kind",
        [.integer(set.rowID)] + (judge.map { [.text($0)] } ?? [])
      ) { (Grade.Kind(rawValue: $0.text(0)), Int($0.integer(1))) }
      return rows.reduce(into: [:]) { counts, row in
        if let kind = row.0 { counts[kind] = row.1 }
      }
    }
  }

  /// Removes a set, or what one judge said in it.
  ///
  /// - Returns: how many grades were removed.
  /// - Throws: `read-only`.
  package func dropJudgements(
    in set: JudgementSetRecord, of judge: String? = nil
  ) throws -> Int {
    try write { connection in
      let condition = "WHERE judgement_set = ?1" + (judge == nil ? "" : " AND judge = ?2")
      let values: [SQLValue] = [.integer(set.rowID)] + (judge.map { [.text($0)] } ?? [])
      let count = try connection.rows("SELECT count(*) FROM grade \(condition)", values) {
        Int($0.integer(0))
      }.first
      try connection.run("DELETE FROM grade \(condition)", values)
      if judge == nil {
        try connection.run("DELETE FROM judgement_set WHERE id = ?", [.integer(set.rowID)])
      }
      return count ?? 0
    }
  }

  /// Removes the rows that say nothing, after a person has accepted the damage.
  static func discardDamagedGrades(_ connection: borrowing Connection) throws {
    try connection.run(
      """
      DELETE FROM grade WHERE length(hash) <> 32 OR grade NOT BETWEEN 0 AND 3
        OR kind NOT IN ('person', 'model', 'settled')
      """)
    try connection.run(
      """
      DELETE FROM judged_term WHERE kind NOT IN ('text', 'image', 'item') OR length(hash) <> 32
      """)
  }

  private static func judgementSets(
    _ connection: borrowing Connection, _ condition: String = "", _ values: [SQLValue] = []
  ) throws -> [JudgementSetRecord] {
    try connection.rows(
      "SELECT id, name, collection, created FROM judgement_set \(condition) ORDER BY name", values
    ) {
      JudgementSetRecord(
        rowID: $0.integer(0), name: $0.text(1), collection: $0.text(2), created: $0.text(3))
    }
  }

  private static func damagedGrade(_ set: JudgementSetRecord) -> ParallaxError {
    ParallaxError(
      .damagedData, "a grade of the judgements '\(set.name)' is damaged",
      hint: "restore the workspace from a copy, or remove it with 'workspace check --accept'")
  }
}
