internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

/// Writes the vectors of a space for other tools, with what belongs beside them.
struct VectorExport: Sendable {
  let space: Space
  let path: String
  let format: any VectorFormat.Type
  /// Of the items; empty for the usual ones.
  let columns: [String]
  let replaces: Bool

  /// - Throws: as `FileWriter.write`; `unsupported` for an id that the form cannot hold;
  ///   `unknown-field`, about the parameter `columns`; `damaged-data`; `cancelled`.
  @MainActor func write(in session: Session, command: String) async throws -> CommandOutput {
    let events = EventCollector(session.console)
    let loaded = try await session.bench.spaces.loading(
      space, progress: { events.handler(.progress($0)) }
    ).loaded
    let provenance = Provenance(
      command: command, spaces: [.init(name: space.reference, value: space.spec.identity)],
      collection: space.collection.name)
    let (workspace, files) = (session.workspace, session.files)
    let (items, notes) = try await offMainActor {
      let notes = try write(loaded, provenance, workspace, files)
      return (try workspace.items(in: space.collection).count, notes)
    }
    return CommandOutput(notes: [note(loaded, of: items)] + notes)
  }

  /// - Returns: what is to be said of it.
  private func write(
    _ loaded: LoadedSpace, _ provenance: Provenance, _ workspace: Workspace, _ files: FileWriter
  ) throws -> [String] {
    var set = VectorSet(ids: loaded.ids, matrix: loaded.matrix)
    if format.holdsColumns {
      let table = ResultColumns(workspace: workspace, collection: space.collection)
      let known = try table.values(
        of: Set(loaded.ids), columns.isEmpty ? table.usualNamesOfItems() : columns)
      set.columns = known.columns
      set.rows = loaded.ids.map { known.values[$0] ?? known.columns.map { _ in .null } }
    }
    // The first file holds the vectors; its digest is known when the last one is written.
    let digest = PieceDigest()
    var written = try format.files(of: set, at: path)
    written[0] = written[0].seen(by: digest.add)
    let known = provenance.fields + VectorOrigin.members(of: space.spec)
    written.append(
      Exporter.sideFile(
        of: path, format: format.id,
        provenance: (known + [VectorOrigin.member(of: digest.value)])
          .map { ($0.name, Value.text($0.value)) }
      ) { loaded.ids.count })
    try files.write(written, replace: replaces)
    return format.notes(on: set)
  }

  private func note(_ loaded: LoadedSpace, of items: Int) -> String {
    let files = format.besides(path).map { "'\($0)'" }.joined(separator: ", ")
    let vectors = Wording.count(loaded.ids.count, "vector")
    let missing = items - loaded.ids.count
    let beside =
      files.isEmpty
      ? ", with the columns of their items"
      : ", and \(format.holdsColumns ? "what is known" : "the ids") of their items to \(files)"
    return "wrote \(vectors) of \(space.spec.dimension) to '\(path)'\(beside)"
      + (missing > 0
        ? "; \(Wording.count(missing, "item")) of '\(space.collection.name)' "
          + "\(missing == 1 ? "has" : "have") no vector" : "")
  }
}
