internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxWorkbench

extension CommandOutput {
  /// The counts as a line, a sentence for each kind of trouble, and all issues as a result that is
  /// shown when asked for.
  init(
    _ outcome: IngestOutcome, collection: String, canonical: String, isDryRun: Bool,
    milliseconds: Double
  ) {
    let columns: [Table.Column] = [
      .init("file", .text, isKey: true, wraps: true), .init("line", .integer),
      .init("reason", .text, isMain: true, wraps: true), .init("severity", .text),
      .init("code", .text),
    ]
    let rows: [[Value]] = outcome.problems.map { issue in
      [
        .text(issue.subject), issue.line.map { Value($0) } ?? .null, .text(issue.reason),
        .text(issue.severity), .text(issue.code),
      ]
    }
    var parts = ["\(collection): \(Wording.count(outcome.inserted.count)) new"]
    for (count, word) in [
      (outcome.changed.count, "changed"), (outcome.renamed.count, "renamed"),
      (outcome.removed.count, "removed"), (outcome.unchanged, "as before"),
      (outcome.unreadable.count, "unreadable"),
    ] where count > 0 {
      parts.append("\(Wording.count(count)) \(word)")
    }
    parts.append(Wording.milliseconds(milliseconds))
    if !rows.isEmpty {
      let noun = rows.count == 1 ? "remark" : "remarks"
      parts.append("\(Wording.count(rows.count)) \(noun): show _")
    }
    var notes = outcome.notes
    if isDryRun { notes.append("nothing was changed") }
    if !outcome.missing.isEmpty {
      let count = outcome.missing.count
      notes.append(
        "\(Wording.count(count)) \(count == 1 ? "item has" : "items have") no file any more; "
          + "'sync \(collection)' removes \(count == 1 ? "it" : "them")")
    }
    self.init(
      rows.isEmpty ? .none : .kept(Table(columns: columns, rows: rows)),
      provenance: Provenance(command: canonical),
      footer: parts, notes: notes,
      warnings: outcome.warnings + outcome.failures.dropFirst().map(\.message))
    failure = outcome.failures.first
  }
}
