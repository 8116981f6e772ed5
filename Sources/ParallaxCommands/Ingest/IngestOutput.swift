internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxIngest
internal import ParallaxReporting
internal import ParallaxStorage

extension CommandOutput {
  /// The issues as a table, the counts as the line below it.
  init(
    _ outcome: Ingester.Outcome, collection: String, arguments: Arguments, milliseconds: Double
  ) {
    let columns: [Table.Column] = [
      .init("file", .text, isKey: true), .init("line", .integer), .init("severity", .text),
      .init("code", .text), .init("reason", .text, isMain: true, wraps: true),
    ]
    let rows: [[Value]] = outcome.issues.map { issue in
      [
        .text(issue.subject), issue.line.map { Value($0) } ?? .null,
        .text(issue.isError ? "error" : "warning"), .text(issue.code), .text(issue.reason),
      ]
    }
    let counts = outcome.counts
    var parts = ["\(collection): \(Wording.count(counts.inserted)) new"]
    if counts.updated > 0 { parts.append("\(Wording.count(counts.updated)) changed") }
    if counts.renamed > 0 { parts.append("\(Wording.count(counts.renamed)) renamed") }
    if counts.removed > 0 { parts.append("\(Wording.count(counts.removed)) removed") }
    if outcome.unchanged > 0 { parts.append("\(Wording.count(outcome.unchanged)) as before") }
    if outcome.unreadable > 0 { parts.append("\(Wording.count(outcome.unreadable)) unreadable") }
    parts.append(Wording.milliseconds(milliseconds))
    var notes = arguments.flag("dry-run") ? ["nothing was changed"] : []
    if outcome.missing > 0 {
      notes.append(
        "\(Wording.count(outcome.missing)) items have no file any more; "
          + "'sync \(collection)' removes them")
    }
    notes += outcome.issues.filter { $0.code == IngestIssue.Code.otherKind.rawValue }.map(\.reason)
    let errors = outcome.issues.count { $0.isError }
    let warnings =
      errors == 0
      ? [] : ["\(Wording.count(errors)) files or rows were left out (list: show _)"]
    self.init(
      rows.isEmpty ? .none : .table(Table(columns: columns, rows: rows)),
      provenance: Provenance(command: arguments.canonical),
      footer: parts,
      notes: notes, warnings: warnings)
  }
}
