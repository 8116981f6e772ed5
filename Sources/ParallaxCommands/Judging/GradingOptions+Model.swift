internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxWorkbench

extension GradingOptions {
  /// Has the model grade, or says what would be graded.
  @MainActor func output(
    of judging: Judging, in session: Session, _ events: EventCollector
  ) async throws -> CommandOutput {
    guard let model else {
      return CommandOutput(
        notes: events.notes + [judging.opening.joined(separator: " · "), "nothing was asked"],
        warnings: events.warnings)
    }
    let request = seeded(model, in: session)
    if isDryRun {
      let forecast = try await session.bench.forecast(
        grading: judging, request, budget: session.budget)
      return CommandOutput(
        .table(forecast.table), notes: events.notes + forecast.remarks,
        warnings: events.warnings + forecast.warnings)
    }
    try session.refuse(events.warnings, hint: "nothing was asked for")
    let done = try await session.bench.grade(
      judging, request, budget: session.budget, events.handler)
    var parts = [
      "'\(judging.judge.name)' graded \(Wording.count(done.graded, "answer")) in '\(name)'"
    ]
    if done.known > 0 { parts.append("\(Wording.count(done.known)) of them known from before") }
    if let money = done.money, money > 0 { parts.append("about \(Wording.dollars(money))") }
    return CommandOutput(
      notes: events.notes + [parts.joined(separator: ", ")], warnings: events.warnings)
  }
}
