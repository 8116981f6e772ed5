private import Dispatch
private import Synchronization

/// Numbers for threads inside USearch, each held by one at a time.
final class ThreadSlots: Sendable {
  let count = max(16, 2 * ParallelRows.processors)
  private let free: Mutex<[Int]>
  private let available: DispatchSemaphore

  init() {
    free = Mutex(Array(0..<count))
    available = DispatchSemaphore(value: count)
  }

  /// Waits for a free number.
  func take() -> Int {
    available.wait()
    return free.withLock { $0.removeLast() }
  }

  func give(_ slot: Int) {
    free.withLock { $0.append(slot) }
    available.signal()
  }
}
