package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

package struct WorkspaceCommand: Command {
  private enum Action: String, CaseIterable, Sendable { case check }

  private static let action = ObjectKey<Action>.required("ACTION", .choice)
  private static let accepts = OptionKey.flag(
    "accept", help: "keep what can be read, and remove what is damaged")

  package static let signature = CommandSignature(
    verb: "workspace", group: "Session", summary: "look for damage in the workspace",
    discussion: """
      check reads the whole file: the trees of the database, a checksum over the rows of every \
      table, every vector and every kept reply. It lists everything that differs from what was \
      stored, and exits with code 3 if it finds anything. After a session that did not end \
      properly, it runs automatically, without vectors and replies.

      It is best to restore a damaged workspace from a copy. --accept keeps what can be read and \
      treats it as correct from now on; damaged vectors and replies are removed.
      """,
    objects: [action],
    options: [accepts, OptionKey.yes],
    examples: ["workspace check", "workspace check --accept --yes"],
    producesResult: true)

  private let accepts: Bool
  private let yes: Bool
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    accepts = try arguments[Self.accepts]
    yes = try arguments[OptionKey.yes]
    canonical = arguments.canonical
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let start = ContinuousClock().now
    let (workspace, progress) = (session.workspace, session.progress())
    let faults = try await offMainActor { try workspace.check(progress: progress) }
    let time = Wording.milliseconds(Clock.milliseconds(since: start))
    guard !faults.isEmpty else {
      return .note("nothing in '\(workspace.path)' is damaged · \(time)")
    }
    var output = CommandOutput(
      .table(Self.table(faults)), provenance: Provenance(command: canonical),
      footer: ["\(Wording.count(faults.count)) damaged · \(time)"])
    if accepts {
      try session.confirm(
        "keep what can be read and remove what is damaged", of: Self.self, yes: yes)
      try await offMainActor { try workspace.acceptDamage() }
      for collection in try workspace.collections() {
        session.bench.spaces.unload(collection)
      }
      output.notes.append("what is there now counts as right")
    } else {
      output.failure = ParallaxError(
        .checkFailed, "'\(workspace.path)' is damaged",
        hint: "restore it from a copy, or keep what can be read with 'workspace check --accept'")
    }
    return output
  }

  private static func table(_ faults: [WorkspaceFault]) -> Table {
    Table(
      columns: [.init("part", .text, isKey: true), .init("problem", .text, isKey: true)],
      rows: faults.map { [.text($0.part), .text($0.problem)] })
  }
}

extension Session {
  /// Looks for damage after a session that did not end properly: the machine may have lost its
  /// power while it wrote.
  ///
  /// - Returns: `nil` to continue, or the exit code; the findings have been reported.
  package func checkAfterUncleanEnd() async -> Int32? {
    guard workspace.endedUncleanly else { return nil }
    let start = ContinuousClock().now
    let (workspace, progress) = (workspace, progress())
    let report = ErrorReport(session: self)
    do {
      let faults = try await offMainActor { try workspace.check(.rows, progress: progress) }
      guard let first = faults.first else {
        let time = Wording.milliseconds(Clock.milliseconds(since: start))
        console.note("the last session did not end properly; nothing is damaged · \(time)")
        return nil
      }
      let more = faults.count > 1 ? ", and \(faults.count - 1) more" : ""
      let damage = ParallaxError(
        .damagedData, "'\(workspace.path)' is damaged: \(first.part): \(first.problem)\(more)",
        hint:
          "'workspace check' lists everything; until it is restored or accepted, answers may be "
          + "wrong")
      if settings[.strict] { return report.report(damage) }
      console.noteBlock(report.formatter.warning(damage))
    } catch let error as ParallaxError where error.code == .cancelled && isInteractive {
      console.note("the check was cancelled; 'workspace check' runs it")
    } catch {
      return report.report(error)
    }
    return nil
  }
}
