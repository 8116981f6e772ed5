private import Dispatch
private import Synchronization

/// Numbers for threads inside USearch, each held by one at a time.
final class ThreadSlots: Sendable {
  let count = min(64, max(16, 2 * ParallelRows.processors))
  /// A bit for each number that is taken.
  private let taken = Atomic<UInt64>(0)
  private let available: DispatchSemaphore

  init() { available = DispatchSemaphore(value: count) }

  /// Waits for a free number.
  func take() -> Int {
    available.wait()
    while true {
      let present = taken.load(ordering: .relaxed)
      let slot = (~present).trailingZeroBitCount
      // The semaphore says that one is free: another thread was faster at this one.
      guard slot < count else { continue }
      let (done, _) = taken.compareExchange(
        expected: present, desired: present | 1 << UInt64(slot), ordering: .acquiringAndReleasing)
      if done { return slot }
    }
  }

  func give(_ slot: Int) {
    taken.bitwiseAnd(~(1 << UInt64(slot)), ordering: .acquiringAndReleasing)
    available.signal()
  }
}
