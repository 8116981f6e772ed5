internal import ParallaxCore
private import ParallaxSystem

/// What was spent, as the limits of a session want to know it.
package struct Spending: Sendable, Hashable {
  /// Millionths of a US dollar, in the whole workspace.
  package var micros = 0
  /// Items that one provider was asked for in the last 24 hours.
  package var items = 0
  /// When the first of those was, in ISO 8601.
  package var oldest: String?

  package init() {}

  /// When the last 24 hours before a moment began, in ISO 8601.
  package static func dayStart(before moment: Int) -> String {
    Clock.text(secondsSince1970: moment - 24 * 3_600)
  }
}

/// How charges may be added up.
package enum ChargeGroup: String, Sendable, CaseIterable {
  case collection, model, day

  fileprivate var expression: String {
    switch self {
    case .collection:
      "CASE instr(subject, '@') WHEN 0 THEN subject "
        + "ELSE substr(subject, 1, instr(subject, '@') - 1) END"
    case .model: "provider || '/' || model"
    case .day: "substr(at, 1, 10)"
    }
  }

  /// The group of one charge.
  package func name(of charge: Charge, at moment: String) -> String {
    switch self {
    case .collection: String(charge.subject.prefix { $0 != "@" })
    case .model: "\(charge.provider)/\(charge.model)"
    case .day: String(moment.prefix(10))
    }
  }
}

extension Workspace {
  /// Writes a charge *before* what it pays for is asked, unless `check` refuses it.
  ///
  /// The check and the charge see one state: requests under way count, and a kill leaves the charges
  /// of those whose answer never arrives.
  ///
  /// - Parameter moment: seconds since 1970.
  /// - Returns: what ``release(charge:)`` takes it back by.
  /// - Throws: what `check` throws; nothing is written then.
  package func write(
    _ charge: Charge, at moment: Int, unless check: (Spending) throws -> Void
  ) throws -> Int64 {
    try write { connection in
      try check(try Self.spending(provider: charge.provider, at: moment, connection))
      try connection.run(
        """
        INSERT INTO charge (at, provider, model, subject, kind, items, micros)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        [
          .text(Clock.text(secondsSince1970: moment)), .text(charge.provider), .text(charge.model),
          .text(charge.subject), .text(charge.kind.rawValue), SQLValue(charge.items),
          charge.micros.map { SQLValue($0) } ?? .null,
        ])
      return connection.lastInsertedRowID
    }
  }

  /// Takes back a charge whose request was refused.
  package func release(charge: Int64) throws {
    try write { try $0.run("DELETE FROM charge WHERE id = ?", [.integer(charge)]) }
  }

  /// What was charged so far.
  ///
  /// - Parameter moment: the present, in seconds since 1970.
  package func spending(provider: String, at moment: Int) throws -> Spending {
    try read { try Self.spending(provider: provider, at: moment, $0) }
  }

  private static func spending(
    provider: String, at moment: Int, _ connection: borrowing Connection
  ) throws -> Spending {
    var spending = Spending()
    let micros = try connection.integer("SELECT coalesce(sum(micros), 0) FROM charge")
    let recent = try connection.first(
      "SELECT coalesce(sum(items), 0), min(at) FROM charge WHERE provider = ? AND at >= ?",
      [.text(provider), .text(Spending.dayStart(before: moment))]
    ) { (Int($0.integer(0)), $0.optionalText(1)) }
    if let recent { (spending.items, spending.oldest) = recent }
    // Beyond any sum of money: nothing wrote that, and it must not decide what may be spent.
    let possible: ClosedRange<Int64> = 0...(1 << 53)
    guard possible.contains(micros), possible.contains(Int64(spending.items)) else {
      throw ParallaxError(
        .damagedData,
        "the charges are damaged: they add up to \(micros) millionths for \(spending.items) items",
        hint: "'workspace check' lists all of the damage; restore the workspace from a copy")
    }
    spending.micros = Int(micros)
    return spending
  }

  /// Everything charged, in groups; the dearest first.
  package func charges(by group: ChargeGroup) throws -> [ChargeSummary] {
    try read { connection in
      try connection.rows(
        """
        SELECT \(group.expression), sum(items), coalesce(sum(micros), 0),
          sum(CASE WHEN micros IS NULL THEN items ELSE 0 END)
        FROM charge GROUP BY 1 ORDER BY 3 DESC, 1
        """
      ) {
        ChargeSummary(
          name: $0.text(0), items: Int($0.integer(1)), micros: Int($0.integer(2)),
          unpriced: Int($0.integer(3)))
      }
    }
  }
}
