private import Synchronization

/// Bounds the requests under way, and learns the bound that a server bears.
///
/// Additive increase, multiplicative decrease: a refusal for haste halves the bound, as many
/// successes as the bound raise it by one, up to the most that was allowed.
package final class ConcurrencyGate: Sendable {
  private struct State {
    var bound: Int
    var running = 0
    var successes = 0
    var lastTicket = 0
    /// In order of arrival.
    var waiting: [(ticket: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    /// Cancelled before they began to wait.
    var cancelled: Set<Int> = []
  }

  private let most: Int
  private let state: Mutex<State>

  package init(most: Int) {
    self.most = max(1, most)
    state = Mutex(State(bound: max(1, most)))
  }

  /// The bound as it stands.
  package var bound: Int { state.withLock { $0.bound } }

  /// Runs `body` when there is room.
  ///
  /// - Throws: `CancellationError` when the task was cancelled while it waited; what `body` throws.
  package func whenFree<Result>(_ body: () async throws -> Result) async throws -> Result {
    guard await enter() else { throw CancellationError() }
    defer { leave() }
    return try await body()
  }

  package func succeeded() {
    state.withLock { state in
      state.successes += 1
      guard state.successes >= state.bound, state.bound < most else { return }
      state.successes = 0
      state.bound += 1
    }
    admit()
  }

  /// Admits half as many from here on: the server reported too many requests.
  package func backOff() {
    state.withLock { state in
      state.successes = 0
      state.bound = max(1, state.bound / 2)
    }
  }

  /// - Returns: `false` when cancelled.
  private func enter() async -> Bool {
    let ticket = state.withLock { state in
      state.lastTicket += 1
      return state.lastTicket
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.withLock { state in
          if state.cancelled.remove(ticket) != nil { return false }
          if state.running < state.bound, state.waiting.isEmpty {
            state.running += 1
            return true
          }
          state.waiting.append((ticket, continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let waiting = state.withLock { state -> CheckedContinuation<Bool, Never>? in
        guard let index = state.waiting.firstIndex(where: { $0.ticket == ticket }) else {
          state.cancelled.insert(ticket)
          return nil
        }
        return state.waiting.remove(at: index).continuation
      }
      waiting?.resume(returning: false)
    }
  }

  private func leave() {
    state.withLock { $0.running -= 1 }
    admit()
  }

  private func admit() {
    let admitted = state.withLock { state in
      var admitted: [CheckedContinuation<Bool, Never>] = []
      while state.running < state.bound, !state.waiting.isEmpty {
        state.running += 1
        admitted.append(state.waiting.removeFirst().continuation)
      }
      return admitted
    }
    for continuation in admitted { continuation.resume(returning: true) }
  }
}
