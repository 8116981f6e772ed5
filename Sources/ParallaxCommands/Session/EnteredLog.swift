/// The statements of a session that succeeded: its newest ones, so that a long session's memory stays
/// bounded.
struct EnteredLog {
  /// Statements that are kept at least.
  static let limit = 10_000

  private let limit: Int
  private(set) var entries: [Entered] = []
  /// The newest input of those that are no longer kept; 0 while all are.
  private(set) var newestForgotten = 0

  init(limit: Int = Self.limit) { self.limit = limit }

  mutating func append(_ entered: Entered) {
    entries.append(entered)
    // Some at a time: each removal moves all that stay.
    let excess = entries.count - limit
    guard excess > limit / 10 else { return }
    newestForgotten = entries[excess - 1].number
    entries.removeFirst(excess)
  }

  /// What is said where the commands of `inputs` are asked for and some are gone; `nil` for all inputs.
  func gap(in inputs: ClosedRange<Int>?) -> String? {
    guard newestForgotten > 0, inputs.map({ $0.lowerBound <= newestForgotten }) ?? true else {
      return nil
    }
    return
      "a session keeps its newest \(limit) commands; those up to input \(newestForgotten) are left out"
  }
}
