internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting

/// Whether a command of a notebook did what the notebook says.
struct StepVerdict: Sendable {
  enum Kind: Sendable {
    /// Nothing is expected of it.
    case notCompared
    case asExpected
    /// It prints something, and the notebook shows nothing yet.
    case pending
    case differs
    /// It failed and should not.
    case failed(ParallaxError)
  }

  let outcome: StepOutcome
  let kind: Kind
  /// `nil` where nothing is expected of it.
  let comparison: OutputComparison?
  /// How it ended otherwise than it should.
  let ending: String?

  init(_ outcome: StepOutcome) {
    self.outcome = outcome
    guard let expected = outcome.step.expected else {
      kind = outcome.failure.map { .failed($0) } ?? .notCompared
      (comparison, ending) = (nil, nil)
      return
    }
    let comparison = OutputComparison(
      expected.lines, outcome.output,
      OutputRules(
        tolerance: expected.options.tolerance, rowsAreSet: expected.options.rowsAreSet,
        overlap: expected.options.overlap))
    self.comparison = comparison
    switch (expected.exitCode, outcome.exitCode) {
    case (let code?, nil): ending = "it succeeds, and exit: \(code) is expected"
    case (let code?, let found?) where code != found:
      ending = "it ends with exit: \(found), and exit: \(code) is expected"
    default: ending = nil
    }
    kind =
      if let failure = outcome.failure, expected.exitCode == nil {
        .failed(failure)
      } else if comparison.isSame, ending == nil {
        .asExpected
      } else if expected.lines.isEmpty, expected.exitCode == nil {
        .pending
      } else {
        .differs
      }
  }

  var isRight: Bool {
    switch kind {
    case .notCompared, .asExpected: true
    case .pending, .differs, .failed: false
    }
  }

  var hasFailed: Bool {
    if case .failed = kind { true } else { false }
  }

  /// The lines to write in the place of those expected; `nil` where none are to be.
  func update(_ writing: NotebookReport.Writing) -> [String]? {
    let lines: [String]
    switch kind {
    case .notCompared, .asExpected, .failed: return nil
    case .pending:
      guard writing != .nothing else { return nil }
      lines = OutputComparison.written(outcome.output)
    case .differs:
      guard writing == .all, let comparison else { return nil }
      lines = comparison.updated
    }
    return lines + (outcome.exitCode.map { ["exit: \($0)"] } ?? [])
  }
}

extension StepOutcome {
  /// What it printed, with the block of its error.
  var output: PrintedOutput {
    guard let failure else { return printed }
    var output = printed
    output.append(PrintedOutput(CanonicalOutput.block(of: failure)))
    return output
  }
}
