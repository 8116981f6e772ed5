import Synchronization

/// Waits that take no time and are noted.
final class NotingSleep: Sendable {
  private let noted = Mutex<[Double]>([])

  /// In seconds.
  var waits: [Double] { noted.withLock { $0 } }

  func callAsFunction(_ wait: Duration) { noted.withLock { $0.append(wait / .seconds(1)) } }
}
