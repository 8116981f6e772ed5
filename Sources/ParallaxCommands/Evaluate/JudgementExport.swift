internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxSystem
internal import ParallaxWorkbench

/// Writes judgements in TREC's form: those of an evaluation as they counted, or those that are kept.
struct JudgementExport {
  private static let ending = ".qrels"

  private let judgements: Judgements
  /// Whether items that are not named are judged, which TREC's form cannot say.
  private let isOfAll: Bool
  private let provenance: Provenance

  static func isPath(_ path: String) -> Bool { path.lowercased().hasSuffix(ending) }

  /// - Throws: `unsupported` for a result without judgements.
  init(of result: NamedResult) throws {
    switch result.content {
    case .evaluation(let evaluation):
      judgements = evaluation.countedJudgements
      isOfAll = evaluation.judgements.itemCount != nil
    case .judgements(let listing) where listing.counted != nil:
      judgements = (listing.counted ?? []).judgements
      isOfAll = false
    default:
      throw ParallaxError(
        .unsupported, "'\(result.name)' has no judgements, which '\(Self.ending)' is the ending of",
        hint: "'eval', 'compare' and 'judgements SET' give results with judgements")
    }
    provenance = result.provenance
  }

  /// - Throws: as `FileWriter.write`; `invalid-value` for an empty id; `cancelled`.
  func write(
    to path: String, replace: Bool, with files: FileWriter
  ) async throws -> CommandOutput {
    let (count, escaped) = try await offMainActor {
      let escaped = try TRECFormat.write(judgements) { _ in try Task.checkCancellation() }
      var lines = 0
      var all = [
        FileWriter.File(path) { write in
          _ = try TRECFormat.write(judgements) { line in
            lines += 1
            try write(Array(line.utf8))
          }
        }
      ]
      if !escaped.isEmpty { all.append(Self.ids(escaped, beside: path)) }
      all.append(
        Exporter.sideFile(
          of: path, format: "trec",
          provenance: provenance.fields.map { ($0.name, Value.text($0.value)) }
        ) { lines })
      try files.write(all, replace: replace)
      return (lines, escaped.count)
    }
    var notes = ["wrote \(Wording.count(count, "judgement")) to '\(path)'"]
    if escaped > 0 {
      notes.append(
        "\(Wording.count(escaped, "id has", "ids have")) characters that TREC's form cannot hold: see "
          + "'\(RunExport.idsPath(for: path))'")
    }
    if isOfAll {
      notes.append(
        "the rule judged all items, of which the file has the relevant ones: bpref and judged@k need "
          + "the others and differ in other programs")
    }
    return CommandOutput(notes: notes)
  }

  private static func ids(
    _ escaped: [TRECIdentifier], beside path: String
  ) -> FileWriter.File {
    FileWriter.File(RunExport.idsPath(for: path)) { write in
      try CSVFormat().write(
        [.init("id", .text), .init("original", .text)],
        { row in for id in escaped { try row([.text(id.written), .text(id.id)]) } }
      ) { try write(Array($0.utf8)) }
    }
  }
}
