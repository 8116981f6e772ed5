import Synchronization
import Testing

@testable import ParallaxHTTP

@Suite struct ConcurrencyGateTests {
  private final class Counts: Sendable {
    private let state = Mutex((now: 0, most: 0))
    var most: Int { state.withLock { $0.most } }

    func enter() { state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
    func leave() { state.withLock { $0.now -= 1 } }
  }

  // A gate that admits fewer would wait for ever.
  @Test(.timeLimit(.minutes(10))) func `as many at once as the bound, and never more`() async throws
  {
    let gate = ConcurrencyGate(most: 3)
    let counts = Counts()
    try await withThrowingTaskGroup { group in
      for _ in 0..<40 {
        group.addTask {
          try await gate.whenFree {
            counts.enter()
            // The first ones stay until three are inside.
            while counts.most < 3 { await Task.yield() }
            await Task.yield()
            counts.leave()
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(counts.most == 3)
  }

  @Test func `haste halves the bound and successes raise it again`() {
    let gate = ConcurrencyGate(most: 16)
    gate.backOff()
    gate.backOff()
    #expect(gate.bound == 4)
    for _ in 0..<4 { gate.succeeded() }
    #expect(gate.bound == 5)
    for _ in 0..<500 { gate.succeeded() }
    #expect(gate.bound == 16)
    for _ in 0..<10 { gate.backOff() }
    #expect(gate.bound == 1)
  }

  @Test func `one that waits can be cancelled and takes no place`() async throws {
    let gate = ConcurrencyGate(most: 1)
    let entered = AsyncStream<Void>.makeStream()
    let release = AsyncStream<Void>.makeStream()
    let first = Task {
      try await gate.whenFree {
        entered.continuation.yield()
        for await _ in release.stream { break }
      }
    }
    for await _ in entered.stream { break }
    let second = Task { try await gate.whenFree { true } }
    second.cancel()
    await #expect(throws: CancellationError.self) { try await second.value }
    release.continuation.yield()
    try await first.value
    #expect(try await gate.whenFree { true })
  }
}
