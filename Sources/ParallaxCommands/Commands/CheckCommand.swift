package import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
private import ParallaxSystem

package struct CheckCommand: Command {
  private static let files = ObjectKey.repeated("FILE", .path)
  private static let updates = OptionKey.flag(
    "update", help: "write what the commands print now where it differs")
  private static let isOffline = OptionKey.flag(
    "offline", help: "answer from kept replies alone; a call that would be needed is a failure")
  private static let fillsPending = OptionKey.flag(
    "pending", help: "write the output of commands that show none yet")

  private static let isStrict = OptionKey.flag(
    "strict", help: "fail where a command warns, as the setting 'strict' does")

  package static let signature = CommandSignature(
    verb: "check", group: "Session", summary: "run notebooks and compare what they print",
    discussion: """
      Each notebook runs from top to bottom in a fresh session, which no setting of yours changes; \
      what its commands print is compared with what the page shows, and each difference is shown. \
      A notebook that says what it needs ('needs: [photos@base]') runs in this workspace; any other \
      starts in an empty one, which is removed. All files are read and checked before the first one \
      runs. 'help notebooks' explains what counts as a difference.

      --update rewrites the outputs that differ and leaves everything else as it is; wildcards stay \
      where they still fit. --pending fills in only where a command shows no output yet.

      What the commands warn of is said with the line, and no part of what is compared. With --strict it \
      is a failure, and nothing is written to a page that warns.
      """,
    objects: [files], options: [updates, isOffline, fillsPending, isStrict],
    examples: ["check night.md", "check night.md --update", "check night.md tour.md --offline"])

  private let paths: [String]
  private let isOffline: Bool
  private let isStrict: Bool
  private let writing: NotebookReport.Writing

  package init(_ arguments: Arguments) throws {
    paths = try arguments[Self.files].map(PathText.expandingHome)
    for (index, path) in paths.enumerated() {
      try attributing(to: Self.files.parameter(index)) { try NotebookFile.checkEnding(of: path) }
    }
    isOffline = try arguments[Self.isOffline]
    isStrict = try arguments[Self.isStrict]
    let fillsPending = try arguments[Self.fillsPending]
    writing = try arguments[Self.updates] ? .all : fillsPending ? .pending : .nothing
  }

  package func foresee(in scope: inout ScriptScope) throws {
    for (index, path) in paths.enumerated() {
      try attributing(to: Self.files.parameter(index)) { try scope.requireFile(path) }
    }
  }

  package func demand(in scope: PlanScope) async throws -> CallDemand {
    if isOffline || scope.session.providers.isOffline { return .none }
    throw ParallaxError(.unsupported, "they are those of the notebooks")
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    guard session.scriptDepth < 16 else {
      throw ParallaxError(
        .unsupported, "scripts may run one another 16 deep; '\(paths[0])' is deeper",
        parameter: Self.files.parameter())
    }
    let files = try paths.enumerated().map { index, path in
      try attributing(to: Self.files.parameter(index)) {
        try NotebookFile(at: path, ignoresLock: writing == .all)
      }
    }
    var output = CommandOutput()
    let isStrict = isStrict || session.settings[.strict]
    var warnings = files.flatMap(\.notebook.warnings).map { "warning: \($0)" }
    var text = ""
    var wrong: [NotebookReport] = []
    for file in files {
      let report = try await check(file, isStrict: isStrict, in: session)
      warnings += report.warnings
      output.notes += try write(report, in: session)
      text += report.text(usesColor: session.console.results.usesColor)
      if !report.isRight { wrong.append(report) }
    }
    output.body = .text(text)
    for warning in warnings {
      if let hears = session.hears { hears(warning) } else { session.console.note(warning) }
    }
    if isStrict, !warnings.isEmpty {
      output.failure = ParallaxError(
        .checkFailed,
        "\(Wording.count(warnings.count, "warning")), which --strict takes for failures")
    } else if let first = wrong.first {
      let updated = wrong.first(where: \.canUpdate)?.file.path
      output.failure = ParallaxError(
        .checkFailed,
        wrong.count == 1
          ? "what '\(first.file.path)' shows is not what is printed now"
          : "what \(wrong.count) of \(files.count) notebooks show is not what is printed now",
        hint: updated.map { "'check \(Quoting.quoted($0)) --update' writes what is printed now" })
    }
    return output
  }

  @MainActor private func check(
    _ file: NotebookFile, isStrict: Bool, in session: Session
  ) async throws -> NotebookReport {
    let run = try NotebookRun(Script(file.notebook), in: session, isOffline: isOffline)
    defer { run.close() }
    let progress = session.progress()
    let isWatched = session.console.notes.isTerminal
    let outcome = try await run.run { done, total in
      guard isWatched else { return }
      progress(Progress("checking \(file.path)", completed: done, total: total, unit: "steps"))
    }
    let warns =
      !file.notebook.warnings.isEmpty || outcome.steps.contains { !$0.warnings.isEmpty }
    return NotebookReport(file, outcome, writing: isStrict && warns ? .nothing : writing)
  }

  /// Writes the page and its lock, as far as that is asked for.
  ///
  /// - Returns: what is said of it.
  @MainActor private func write(
    _ report: NotebookReport, in session: Session
  ) throws -> [String] {
    let file = report.file
    guard report.writing != .nothing else {
      if writing != .nothing { return ["nothing was written to '\(file.path)', which warns"] }
      return file.lock == nil
        ? ["'\(file.path)' has no lock yet, which names causes: --update writes it"] : []
    }
    if !report.changes.isEmpty { try file.write(report.changes, with: session.files) }
    guard report.wrong.isEmpty, writing == .all || file.lock == nil,
      try file.write(report.outcome.lock, with: session.files)
    else { return [] }
    return ["wrote '\(NotebookLock.path(beside: file.path))'"]
  }
}
