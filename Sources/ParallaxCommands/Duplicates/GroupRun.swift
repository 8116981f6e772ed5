internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

/// What `dedupe` and `cluster` do alike: find the groups of a space, and say how.
struct GroupRun {
  let space: Space
  let request: GroupRequest
  /// As it was typed.
  let command: String

  /// - Parameters:
  ///   - table: the rows of the result.
  ///   - summary: the first parts of the line under it.
  @MainActor func output(
    in session: Session, _ table: (SpaceGroups) -> Table, summary: (SpaceGroups) -> [String]
  ) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let events = EventCollector(session.console)
    let found = try await session.bench.groups(of: space, request, events.handler)
    let milliseconds = Clock.milliseconds(since: start)
    return CommandOutput(
      .table(table(found)),
      provenance: Provenance(
        command: command, spaces: [.init(name: space.reference, value: space.spec.identity)],
        timings: [.init(step: "compare", milliseconds: milliseconds)]),
      footer: summary(found)
        + [request.linkage.guarantee] + found.verdicts.footer
        + [Wording.milliseconds(milliseconds)],
      notes: events.notes, warnings: events.warnings + found.coverage + found.verdicts.warnings)
  }
}
