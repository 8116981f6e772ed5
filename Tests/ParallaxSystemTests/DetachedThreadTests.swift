import ParallaxSystem
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct DetachedThreadTests {
  /// Says when it goes.
  private final class Held: Sendable {
    private let onEnd: @Sendable () -> Void

    init(onEnd: @escaping @Sendable () -> Void) { self.onEnd = onEnd }

    deinit { onEnd() }
  }

  @Test func `a body runs once, and what it holds is given back`() async {
    let count = Mutex(0)
    await withCheckedContinuation { continuation in
      let held = Held { continuation.resume() }
      let isStarted = DetachedThread.start {
        withExtendedLifetime(held) { count.withLock { $0 += 1 } }
      }
      #expect(isStarted)
    }
    #expect(count.withLock { $0 } == 1)
  }
}
