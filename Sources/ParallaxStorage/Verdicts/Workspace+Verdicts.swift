internal import ParallaxCore

extension Workspace {
  /// Keeps verdicts in one transaction, each in place of an earlier one of the same pair.
  ///
  /// - Throws: `read-only`.
  package func keep(_ verdicts: [Verdict]) throws {
    try write { connection in
      let insert = try connection.prepare(
        """
        INSERT INTO verdict (one, other, answer, at, judge, score, identity)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (one, other) DO UPDATE SET
          answer = excluded.answer, at = excluded.at, judge = excluded.judge,
          score = excluded.score, identity = excluded.identity
        """)
      for verdict in verdicts {
        try insert.run([
          .blob(verdict.pair.one.bytes), .blob(verdict.pair.other.bytes),
          .text(verdict.answer.rawValue), .text(verdict.at),
          verdict.judge.map { .text($0) } ?? .null, verdict.score.map { .real($0) } ?? .null,
          verdict.identity.map { .text($0) } ?? .null,
        ])
      }
    }
  }

  /// All verdicts, in the order of their pairs.
  ///
  /// - Throws: `damaged-data`.
  package func verdicts() throws -> [Verdict] {
    try read { try Self.verdicts($0) }
  }

  /// Those of two contents that items of a collection have now, in the order of their pairs.
  ///
  /// - Throws: `damaged-data`.
  package func verdicts(in collection: ItemCollection) throws -> [Verdict] {
    try read { connection in
      try Self.verdicts(
        connection,
        """
        WHERE one IN (SELECT hash FROM item WHERE collection = ?1)
          AND other IN (SELECT hash FROM item WHERE collection = ?1)
        """, [.integer(collection.rowID)])
    }
  }

  /// The verdict of a pair; `nil` where there is none.
  ///
  /// - Throws: `damaged-data`.
  package func verdict(of pair: ContentPair) throws -> Verdict? {
    try read { connection in
      try Self.verdicts(
        connection, "WHERE one = ? AND other = ?", [.blob(pair.one.bytes), .blob(pair.other.bytes)]
      ).first
    }
  }

  /// Takes verdicts back.
  ///
  /// - Returns: how many there were.
  /// - Throws: `read-only`.
  package func dropVerdicts(of pairs: some Collection<ContentPair>) throws -> Int {
    try write { connection in
      let delete = try connection.prepare(
        "DELETE FROM verdict WHERE one = ? AND other = ? RETURNING 1")
      return try pairs.reduce(into: 0) { count, pair in
        try delete.bind([.blob(pair.one.bytes), .blob(pair.other.bytes)])
        while try delete.step() { count += 1 }
      }
    }
  }

  /// Removes the rows that say nothing, after a person has accepted the damage.
  static func discardDamagedVerdicts(_ connection: borrowing Connection) throws {
    try connection.run(
      """
      DELETE FROM verdict WHERE length(one) <> 32 OR length(other) <> 32 OR one >= other
        OR answer NOT IN ('duplicate', 'distinct')
      """)
  }

  private static func verdicts(
    _ connection: borrowing Connection, _ condition: String = "", _ values: [SQLValue] = []
  ) throws -> [Verdict] {
    try connection.rows(
      """
      SELECT one, other, answer, at, judge, score, identity FROM verdict \(condition)
      ORDER BY one, other
      """, values
    ) { row in
      guard let one = ContentHash(bytes: row.blob(0)), let other = ContentHash(bytes: row.blob(1)),
        let pair = ContentPair(one, other), pair.one == one,
        let answer = Verdict.Answer(rawValue: row.text(2))
      else {
        throw ParallaxError(
          .damagedData, "a verdict is damaged",
          hint: "restore the workspace from a copy, or remove it with 'workspace check --accept'")
      }
      return Verdict(
        pair, answer, at: row.text(3), judge: row.isNull(4) ? nil : row.text(4),
        score: row.isNull(5) ? nil : row.real(5), identity: row.isNull(6) ? nil : row.text(6))
    }
  }
}
