internal import ParallaxCore
internal import ParallaxWorkbench
private import Synchronization

/// Shows the progress of work as it comes, and keeps its notes and warnings for its end.
final class EventCollector: Sendable {
  private let reporter: ProgressReporter
  private let said = Mutex<(notes: [String], warnings: [String])>(([], []))

  init(_ console: Console) { reporter = ProgressReporter(console: console) }

  var notes: [String] { said.withLock(\.notes) }

  /// Each once, however many systems it is about.
  var warnings: [String] {
    var known: Set<String> = []
    return said.withLock(\.warnings).filter { known.insert($0).inserted }
  }

  var handler: EventHandler {
    { [self] event in
      switch event {
      case .progress(let progress): reporter.handler(progress)
      case .note(let text): said.withLock { $0.notes.append(text) }
      case .warning(let text): said.withLock { $0.warnings.append(text) }
      }
    }
  }
}
