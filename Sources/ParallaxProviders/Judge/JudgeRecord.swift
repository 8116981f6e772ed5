private import Synchronization

/// What a judge's work brought to light, beside scores.
final class JudgeRecord: Sendable {
  private struct State {
    var (replies, read, written) = (0, 0, 0)
    var agreement = OrderAgreement()
    var (lists, keptLists) = (0, 0)
    var (votes, alikeVotes) = (0, 0)
  }

  private let state = Mutex(State())

  /// - Parameter usage: what the service counted; it may leave that out.
  func note(_ usage: GenerateContentAPI.Usage?) {
    guard let usage, let read = usage.promptTokenCount?.asTokenCount else { return }
    let written = [usage.candidatesTokenCount, usage.thoughtsTokenCount]
      .reduce(0) { $0 + ($1?.asTokenCount ?? 0) }
    state.withLock { state in
      state.replies += 1
      state.read += read
      state.written += written
    }
  }

  /// - Parameter isKept: whether the list keeps the order of the first stage.
  func note(_ agreement: OrderAgreement, isKept: Bool) {
    state.withLock { state in
      state.lists += 1
      state.keptLists += isKept ? 1 : 0
      state.agreement.add(agreement)
    }
  }

  /// - Parameter alike: the pairs whose two votes are the same.
  func note(votes pairs: Int, alike: Int) {
    state.withLock { state in
      state.votes += pairs
      state.alikeVotes += alike
    }
  }

  /// Since this was last called; the warnings first, as both are of the same work.
  func drainWarnings() -> [String] {
    let (lists, kept) = state.withLock { state in
      defer { state.keptLists = 0 }
      return (state.lists, state.keptLists)
    }
    if kept == 0 { return [] }
    return [
      "\(kept) of \(lists) lists keep the order of the first stage: the judge ordered what it was shown "
        + "in another order otherwise (position bias)"
    ]
  }

  /// Since this was last called.
  func drainNotes() -> [String] {
    let state = state.withLock { state in
      let before = state
      state = State()
      return before
    }
    var notes: [String] = []
    if state.agreement.pairs > 0 {
      notes.append("two orders of each list \(state.agreement.sentence)")
    }
    if state.votes > 0 {
      notes.append(
        "\(OrderAgreement.percent(state.alikeVotes, of: state.votes)) of \(state.votes) pairs got the "
          + "same vote both ways round; the others count as equal")
    }
    if state.replies > 0 {
      notes.append(
        "the service counted \(state.read) tokens read and \(state.written) written in "
          + "\(state.replies) \(state.replies == 1 ? "answer" : "answers")")
    }
    return notes
  }
}
