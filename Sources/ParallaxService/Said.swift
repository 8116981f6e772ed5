internal import ParallaxWorkbench
private import Synchronization

/// What work says while a request is answered.
final class Said: Sendable {
  private let texts = Mutex<(notes: [String], warnings: [String])>(([], []))

  var notes: [String] { texts.withLock(\.notes) }
  var warnings: [String] { texts.withLock(\.warnings) }

  var handler: EventHandler {
    { [self] event in
      switch event {
      case .progress: break
      case .note(let text): texts.withLock { $0.notes.append(text) }
      case .warning(let text): texts.withLock { $0.warnings.append(text) }
      }
    }
  }
}
