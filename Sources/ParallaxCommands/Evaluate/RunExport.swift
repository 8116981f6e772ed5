internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

/// Writes a run in TREC's form, with a table of its ids beside it.
struct RunExport {
  /// Endings of files in TREC's form.
  static let endings = [".run", ".trec"]

  private let run: SystemRun
  /// In the last field of each line.
  private let name: String
  private let provenance: Provenance

  static func isPath(_ path: String) -> Bool {
    endings.contains { path.lowercased().hasSuffix($0) }
  }

  /// The file that tells the item of each id.
  static func idsPath(for path: String) -> String { path + ".ids.csv" }

  /// - Throws: `unsupported` for a result that is no run.
  init(of result: NamedResult) throws {
    switch result.content {
    case .run(let run): self.run = run
    case .evaluation(let evaluation) where evaluation.systems.count == 1:
      run = evaluation.countedRun(0)
    case .evaluation, .difference, .ranking, .table, .gate, .groups, .judgements:
      throw ParallaxError(
        .unsupported, "'\(result.name)' is no run, which '.run' and '.trec' are endings of",
        hint: "'query --queries FILE' gives a run; the other endings are \(FormatRegistry.endings)")
    }
    name = result.name == "_" ? "parallax" : result.name
    provenance = result.provenance
  }

  /// - Throws: as `FileWriter.write`; `invalid-value` for an empty id; `cancelled`.
  @MainActor func write(
    to path: String, replace: Bool, in session: Session
  ) async throws -> CommandOutput {
    let (workspace, files) = (session.workspace, session.files)
    let (count, escaped) = try await offMainActor {
      let paths = try paths(in: workspace)
      var (lines, escaped) = (0, [TRECIdentifier]())
      let main = FileWriter.File(path) { write in
        escaped = try TRECFormat.write(run.run, name: name) { line in
          lines += 1
          if lines % 4_096 == 0 { try Task.checkCancellation() }
          try write(Array(line.utf8))
        }
      }
      let ids = FileWriter.File(Self.idsPath(for: path)) { write in
        try CSVFormat().write(
          Self.idColumns,
          { row in
            for id in Set(run.run.lists.values.joined().map(\.id)).sorted() {
              try row([
                .text(TRECIdentifier(id.rawValue).written), .text(id.rawValue), Value(paths[id]),
              ])
            }
          }
        ) { try write(Array($0.utf8)) }
      }
      let side = Exporter.sideFile(
        of: path, format: "trec",
        provenance: provenance.fields.map { ($0.name, Value.text($0.value)) }
      ) { lines }
      try files.write([main, ids, side], replace: replace)
      return (lines, escaped.count)
    }
    return CommandOutput(notes: notes(path, count, escaped))
  }

  private static let idColumns: [Table.Column] = [
    .init("id", .text), .init("item", .text), .init("path", .text),
  ]

  private func notes(_ path: String, _ count: Int, _ escaped: Int) -> [String] {
    var notes = [
      "wrote \(Wording.count(count, "line")) to '\(path)', and their items to "
        + "'\(Self.idsPath(for: path))'"
    ]
    if escaped > 0 {
      notes.append(
        "\(Wording.count(escaped, "id has", "ids have")) characters that TREC's form cannot hold: "
          + "'!' and two digits stand for each")
    }
    let empty = run.lists.count { $0.hits.isEmpty } + run.unanswered.count
    if empty > 0 {
      notes.append(
        "\(Wording.count(empty, "question has", "questions have")) no hit, and so no line")
    }
    if !run.isOrderedByScore {
      notes.append("scores are 1 / rank, since the order is not that of the scores")
    }
    return notes
  }

  /// The path of each item, as far as it is known.
  private func paths(in workspace: Workspace) throws -> [ItemID: String] {
    var paths: [ItemID: String] = [:]
    let collections = run.collection.map { [$0] } ?? run.spaces.map(\.collection)
    let ids = Set(run.run.lists.values.joined().map(\.id))
    for collection in collections {
      for (id, item) in try workspace.items(named: ids, in: collection) where paths[id] == nil {
        paths[id] = item.path
      }
    }
    return paths
  }
}
