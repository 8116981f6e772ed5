internal import ParallaxCore
internal import ParallaxReporting
private import Synchronization

/// Shows progress on the notes stream: a line that rewrites itself on a terminal
/// (after 500 ms, at most ten times a second), elsewhere one line every 10 % of work
/// that lasts longer than two seconds.
final class ProgressReporter: Sendable {
  private struct State {
    var lastShown: ContinuousClock.Instant?
    var lastTenth = 0
    var activity = ""
    var started: ContinuousClock.Instant
  }

  private let console: Console
  private let state: Mutex<State>
  private let clock = ContinuousClock()

  init(console: Console) {
    self.console = console
    state = Mutex(State(started: ContinuousClock().now))
  }

  /// To be given to whatever reports progress.
  var handler: ProgressHandler { { [self] in report($0) } }

  private func report(_ progress: Progress) {
    let now = clock.now
    let line: String? = state.withLock { state in
      if progress.activity != state.activity {
        state.activity = progress.activity
        state.lastTenth = 0
        state.started = now
      }
      return console.notes.isTerminal
        ? Self.terminalLine(progress, now: now, state: &state)
        : Self.plainLine(progress, now: now, state: &state)
    }
    guard let line else { return }
    if console.notes.isTerminal { console.showTransient(line) } else { console.note(line) }
  }

  private static func terminalLine(
    _ progress: Progress, now: ContinuousClock.Instant, state: inout State
  ) -> String? {
    guard state.started.duration(to: now) >= .milliseconds(500) else { return nil }
    if let last = state.lastShown, last.duration(to: now) < .milliseconds(100) { return nil }
    state.lastShown = now
    let seconds = state.started.duration(to: now) / .seconds(1)
    let rate = seconds > 0 ? Double(progress.completed) / seconds : 0
    var line = text(progress)
    if rate > 0 { line += " · \(Int(rate.rounded()))/s" }
    if let total = progress.total, rate > 0 {
      line += " · \(Int((Double(total - progress.completed) / rate).rounded(.up))) s left"
    }
    return line
  }

  private static func plainLine(
    _ progress: Progress, now: ContinuousClock.Instant, state: inout State
  ) -> String? {
    guard let total = progress.total, total > 0,
      state.started.duration(to: now) >= .seconds(2)
    else { return nil }
    let tenth = progress.completed * 10 / total
    guard tenth > state.lastTenth, tenth < 10 else { return nil }
    state.lastTenth = tenth
    return text(progress)
  }

  private static func text(_ progress: Progress) -> String {
    let total = progress.total.map { " of \(Wording.count($0))" } ?? ""
    return "\(progress.activity): \(Wording.count(progress.completed))\(total) \(progress.unit)"
  }
}
