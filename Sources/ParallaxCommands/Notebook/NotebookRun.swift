internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

/// What a step of a notebook did.
struct StepOutcome: Sendable {
  let step: Notebook.Step
  let printed: PrintedOutput
  /// Why it failed, if it did, with the exit code of a script of it alone.
  let failure: ParallaxError?
  let exitCode: Int32?
  /// What its commands warned of.
  var warnings: [String] = []
}

/// What a notebook did.
struct NotebookOutcome: Sendable {
  /// Those that ran.
  var steps: [StepOutcome] = []
  var lock = NotebookLock()
  /// Whether it ran to its end.
  var isWhole = true
}

/// Runs a notebook in a fresh session and keeps what each command prints.
///
/// A notebook that needs collections runs in the open workspace; one that needs none in an empty one of
/// its own, whose paid replies the open workspace keeps.
@MainActor
struct NotebookRun {
  let session: Session
  let script: Script
  private let temporary: TemporaryWorkspace?
  private let outer: Session

  init(_ script: Script, in outer: Session, isOffline: Bool) throws {
    self.script = script
    self.outer = outer
    var providers = outer.providers
    providers.isOffline = providers.isOffline || isOffline
    if script.needs.isEmpty {
      let temporary = try TemporaryWorkspace()
      self.temporary = temporary
      session = Session(
        bench: Workbench(
          workspace: try temporary.open(), providers: providers,
          sources: outer.bench.sources, payer: outer.workspace),
        console: .silent)
    } else {
      temporary = nil
      session = Session(
        bench: Workbench(
          workspace: outer.workspace, providers: providers, sources: outer.bench.sources),
        console: .silent)
    }
    session.scriptDepth = outer.scriptDepth + 1
    session.settings = CanonicalOutput.settings
    // Money is no matter of looks.
    let budget = SettingKey.budget.setting
    try session.settings.set(
      budget, to: outer.settings.text(of: budget).value, from: .workspace)
  }

  /// Ends the session; what was temporary is removed.
  func close() {
    outer.limitImages(from: session.settings)
    guard let temporary else { return }
    session.workspace.close()
    temporary.remove()
  }

  /// Runs the steps until one fails that should not.
  ///
  /// - Parameter each: is told after each step how many of how many are done.
  /// - Throws: what is wrong with the notebook before any of it runs; `CancellationError`.
  func run(_ each: (Int, Int) -> Void) async throws -> NotebookOutcome {
    guard let notebook = script.notebook else { return NotebookOutcome() }
    let interpreter = Interpreter(session: session)
    var printed = PrintedOutput("", values: [:])
    session.witness = { [unowned session] output in
      guard let more = try CanonicalOutput.printed(output, session.settings) else { return }
      printed.append(more)
    }
    var warnings: [String] = []
    session.hears = { warnings.append($0) }
    session.variables = script.parameters
    let pieces = try check(interpreter)
    var recorder = LockRecorder(pieces, of: script, in: session, usesAll: temporary != nil)
    var outcome = NotebookOutcome()
    for (step, piece) in zip(notebook.steps, pieces) {
      if session.wantsToQuit { break }
      (printed, warnings) = (PrintedOutput("", values: [:]), [])
      if LockRecorder.takesAway(piece) { try await recorder.note() }
      let failure = try await interpreter.failure(of: piece)
      outcome.steps.append(
        StepOutcome(
          step: step, printed: printed, failure: failure?.error, exitCode: failure?.exitCode,
          warnings: warnings))
      each(outcome.steps.count, pieces.count)
      if failure != nil, step.expected?.exitCode == nil {
        outcome.isWhole = false
        break
      }
    }
    try await recorder.note()
    outcome.lock = recorder.lock
    return outcome
  }

  private func check(_ interpreter: Interpreter) throws -> [CheckedPiece] {
    do { return try interpreter.check(script) } catch var error as ParallaxError {
      if temporary != nil, error.code.name == ParallaxError.Code.unknownName.name,
        let reference = error.location.map({ SpaceReference($0.part) }),
        (try? outer.workspace.collection(named: reference.collection)) != nil
      {
        error.hint =
          "a notebook starts in an empty workspace unless it says 'needs: [\(reference.text)]' "
          + "at its top"
      }
      throw error
    }
  }
}

extension Console {
  /// Nobody reads it.
  static var silent: Console {
    Console(results: .plain, notes: .plain, writeResults: { _ in }, writeNotes: { _ in })
  }
}
