package import ParallaxCore
private import ParallaxSystem

extension Workspace {
  private static let jobColumns =
    EmbeddingSpec.columns
    + ", name, remote, subject, charge, state, items, answered, message, created, changed, account"
    + ", (SELECT address FROM batch_folder WHERE job = batch_job.id)"

  /// Writes a job before it is submitted.
  ///
  /// - Parameters:
  ///   - charge: names what was reserved for it.
  ///   - folder: where its files will be in a bucket; `nil` for none.
  package func begin(
    batchJob name: String, of items: [BatchItem], spec: EmbeddingSpec, subject: String,
    account: String, charge: Int64, folder: String?
  ) throws {
    try write { connection in
      let now = Clock.now()
      try connection.run(
        """
        INSERT INTO batch_job (\(EmbeddingSpec.columns), name, subject, account, charge, state, items,
          created, changed)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        spec.bindings + [
          .text(name), .text(subject), .text(account), .integer(charge),
          .text(BatchJob.State.unconfirmed.rawValue), SQLValue(items.count), .text(now),
          .text(now),
        ])
      let job = connection.lastInsertedRowID
      if let folder {
        try connection.run(
          "INSERT INTO batch_folder (job, address) VALUES (?, ?)", [.integer(job), .text(folder)])
      }
      let insert = try connection.prepare(
        "INSERT INTO batch_item (job, position, key, kind) VALUES (?, ?, ?, ?)")
      for (position, item) in items.enumerated() {
        try insert.run([
          .integer(job), SQLValue(position), .blob(item.key.bytes), .text(item.kind.rawValue),
        ])
      }
    }
  }

  /// Notes what is known of a job now.
  ///
  /// - Parameters:
  ///   - remote: the provider's name; `nil` to leave what is there.
  ///   - answered: items with a reply; `nil` to leave what is there.
  ///   - refusals: by position, why the provider gave no vector.
  ///   - releasingCharge: whether nothing was done, and nothing is owed.
  package func note(
    batchJob name: String, _ state: BatchJob.State, remote: String? = nil, answered: Int? = nil,
    message: String? = nil, refusals: [Int: String] = [:], releasingCharge: Bool = false
  ) throws {
    try write { connection in
      for (position, text) in refusals {
        try connection.run(
          """
          UPDATE batch_item SET refusal = ?
          WHERE job = (SELECT id FROM batch_job WHERE name = ?) AND position = ?
          """, [.text(text), .text(name), SQLValue(position)])
      }
      try connection.run(
        """
        UPDATE batch_job SET state = ?, remote = coalesce(?, remote),
          answered = coalesce(?, answered), message = ?, changed = ? WHERE name = ?
        """,
        [
          .text(state.rawValue), SQLValue(remote), answered.map { SQLValue($0) } ?? .null,
          SQLValue(message), .text(Clock.now()), .text(name),
        ])
      if releasingCharge {
        try connection.run(
          "DELETE FROM charge WHERE id = (SELECT charge FROM batch_job WHERE name = ?)",
          [.text(name)])
      }
    }
  }

  /// Forgets where files of a job were, which are there no more or are left to the person.
  package func forgetFolder(ofBatchJob name: String) throws {
    try write { connection in
      try connection.run(
        "DELETE FROM batch_folder WHERE job = (SELECT id FROM batch_job WHERE name = ?)",
        [.text(name)])
    }
  }

  /// Forgets a job that the provider does not have, with its charge.
  package func forget(batchJob name: String) throws {
    try write { connection in
      try connection.run(
        "DELETE FROM charge WHERE id = (SELECT charge FROM batch_job WHERE name = ?)",
        [.text(name)])
      try connection.run("DELETE FROM batch_job WHERE name = ?", [.text(name)])
    }
  }

  /// The jobs, oldest first.
  ///
  /// - Throws: `damaged-data`.
  package func batchJobs() throws -> [BatchJob] {
    try read { connection in
      try connection.rows("SELECT \(Self.jobColumns) FROM batch_job ORDER BY id") { row in
        guard let state = BatchJob.State(rawValue: row.text(13)) else {
          throw ParallaxError(
            .damagedData, "a batch job is damaged: its state is '\(row.text(13))'",
            hint: "'workspace check' lists all of the damage; restore the workspace from a copy")
        }
        return BatchJob(
          name: row.text(9), remote: row.optionalText(10), spec: try EmbeddingSpec(row),
          subject: row.text(11), account: row.text(19), charge: row.integer(12), state: state,
          items: Int(row.integer(14)), answered: Int(row.integer(15)),
          folder: row.optionalText(20), message: row.optionalText(16), created: row.text(17),
          changed: row.text(18))
      }
    }
  }

  /// What a job asks for, in its order.
  ///
  /// - Throws: `damaged-data`.
  package func items(of job: BatchJob) throws -> [BatchItem] {
    try read { connection in
      let items = try connection.rows(
        """
        SELECT position, key, batch_item.kind FROM batch_item JOIN batch_job ON batch_job.id = job
        WHERE name = ? ORDER BY position
        """, [.text(job.name)]
      ) {
        (
          Int($0.integer(0)), ContentHash(bytes: $0.blob(1)),
          CachedReply.Kind(rawValue: $0.text(2))
        )
      }
      let sound = items.enumerated().compactMap { place, item -> BatchItem? in
        guard item.0 == place, let key = item.1, let kind = item.2 else { return nil }
        return BatchItem(key: key, kind: kind)
      }
      guard sound.count == items.count, sound.count == job.items else {
        throw ParallaxError(
          .damagedData, "what the job '\(job.name)' asks for is damaged",
          hint: "'workspace check' lists all of the damage; restore the workspace from a copy")
      }
      return sound
    }
  }

  /// Those of some keys that jobs under way ask for.
  ///
  /// - Throws: `CancellationError`.
  package func keysUnderWay(among keys: [ContentHash]) throws -> Set<ContentHash> {
    try read { connection in
      let states = BatchJob.State.allCases.filter(\.isUnderWay).map { "'\($0.rawValue)'" }
        .joined(separator: ", ")
      let isAny = try connection.integer(
        "SELECT EXISTS (SELECT 1 FROM batch_job WHERE state IN (\(states)))")
      guard isAny == 1 else { return [] }
      var found: Set<ContentHash> = []
      try Self.forEachFound(
        keys,
        """
        SELECT 1 FROM batch_item JOIN batch_job ON batch_job.id = job
        WHERE key = ? AND state IN (\(states)) LIMIT 1
        """, connection
      ) { key, _ in found.insert(key) }
      return found
    }
  }

  /// Why the provider gave no vector of some keys, the last time it was asked in a job.
  ///
  /// - Throws: `CancellationError`.
  package func refusals(among keys: [ContentHash]) throws -> [ContentHash: String] {
    try read { connection in
      guard try connection.integer("SELECT EXISTS (SELECT 1 FROM batch_item)") == 1 else {
        return [:]
      }
      var found: [ContentHash: String] = [:]
      try Self.forEachFound(
        keys, "SELECT refusal FROM batch_item WHERE key = ? ORDER BY job DESC LIMIT 1", connection
      ) { key, row in found[key] = row.optionalText(0) }
      return found
    }
  }

  /// Asks `sql` for each key, and hands over the rows that there are.
  private static func forEachFound(
    _ keys: [ContentHash], _ sql: String, _ connection: borrowing Connection,
    _ body: (ContentHash, borrowing Statement) -> Void
  ) throws {
    let find = try connection.prepare(sql)
    for (place, key) in keys.enumerated() {
      if place % 1_024 == 0 { try Task.checkCancellation() }
      try find.bind([.blob(key.bytes)])
      while try find.step() { body(key, find) }
    }
  }
}
