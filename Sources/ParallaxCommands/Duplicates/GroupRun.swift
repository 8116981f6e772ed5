internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxSearch
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

/// What `dedupe` and `cluster` do alike: find the groups of a collection, and say how.
struct GroupRun {
  /// Where a script that moves what would go is written.
  struct Script {
    var path: String
    var replaces: Bool
    var parameter: ParallaxError.Parameter
  }

  let collection: ItemCollection
  /// `nil` where pictures are compared, not vectors.
  let space: Space?
  let request: GroupRequest
  /// As it was typed.
  let command: String
  var script: Script?

  /// - Parameter summary: the first parts of the line under the table.
  @MainActor func output(
    in session: Session, summary: (ItemGroups) -> [String]
  ) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let events = EventCollector(session.console)
    let found = try await session.bench.groups(
      of: collection, in: space, request, events.handler)
    let milliseconds = Clock.milliseconds(since: start)
    let listing = GroupListing(found)
    var output = CommandOutput(
      .table(listing.table), content: .groups(listing),
      provenance: Provenance(
        command: command,
        spaces: space.map { [.init(name: $0.reference, value: $0.spec.identity)] } ?? [],
        timings: [.init(step: "compare", milliseconds: milliseconds)],
        collection: space == nil ? collection.name : nil),
      footer: summary(found)
        + (request.basis.hasDegrees ? [request.linkage.guarantee] : [])
        + [found.recall.map(Self.words)].compactMap(\.self)
        + found.verdicts.footer
        + [Wording.milliseconds(milliseconds)],
      notes: events.notes, warnings: events.warnings + found.coverage + found.verdicts.warnings)
    if let script { try await write(script, of: found, into: &output, session) }
    return output
  }

  /// `through the index, which found 1 204 of 1 210 pairs of 256 sampled images (at least 0.99, 95 %)`
  private static func words(_ recall: GraphPairs.Recall) -> String {
    "through the index, which found \(Wording.count(recall.found)) of "
      + "\(Wording.count(recall.wanted, "pair")) of \(Wording.count(recall.rows)) sampled "
      + "(at least \(Wording.thousandths(recall.lowerBound)), 95 %)"
  }

  @MainActor private func write(
    _ script: Script, of found: ItemGroups, into output: inout CommandOutput, _ session: Session
  ) async throws {
    let workspace = session.workspace
    let moves = try await offMainActor {
      MoveScript(of: found, among: try workspace.items(in: found.collection))
    }
    if moves.unlisted > 0 {
      output.warnings.append(
        "\(Wording.count(moves.unlisted, "image")) that would go \(moves.unlisted == 1 ? "is" : "are") "
          + "not in '\(script.path)': an image that stays has the same file")
    }
    if moves.unmovable > 0 {
      output.warnings.append(
        "\(Wording.count(moves.unmovable, "image")) that would go \(moves.unmovable == 1 ? "is" : "are") "
          + "not in '\(script.path)': in an archive or on another machine, where nothing is moved")
    }
    try session.refuseToWrite(output.warnings)
    let file = FileWriter.File(script.path) { write in
      try moves.write(command: command, created: Clock.now(), write)
    }
    try attributing(to: script.parameter) {
      try session.files.write([file], replace: script.replaces)
    }
    output.notes.append(
      "wrote a script that moves \(Wording.count(moves.count, "file")) to '\(script.path)'; nothing is moved "
        + "before you run it")
  }
}
