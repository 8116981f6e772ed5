private import Synchronization

/// Says why nothing seems to happen, once for all the requests that wait together.
final class WaitNotice: Sendable {
  /// Shorter waits need no words.
  private static let least: Duration = .seconds(5)

  private let notify: @Sendable (String) -> Void
  /// When the last announced wait ends.
  private let announced = Mutex(ContinuousClock.now)

  init(_ notify: @escaping @Sendable (String) -> Void) { self.notify = notify }

  func announce(_ wait: Duration, _ reason: String) {
    guard wait >= Self.least else { return }
    let end = ContinuousClock.now + wait
    let isNews = announced.withLock { last in
      guard end > last + Self.least else { return false }
      last = end
      return true
    }
    if isNews { notify("waiting \(HTTPClient.seconds(wait)): \(reason) (Ctrl-C cancels)") }
  }
}
