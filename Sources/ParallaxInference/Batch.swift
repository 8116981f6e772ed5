/// How many items one run of a session takes.
struct Batch: Sendable {
  /// Items handed over at a time.
  let items: Int
  /// The batch the model insists on.
  private let fixed: Int?

  /// - Parameters:
  ///   - dimension: the first dimension of the session's input.
  ///   - isDynamicallyQuantized: whether items of one run influence each other, so
  ///     that each must run alone.
  ///   - preferred: items at a time where the model leaves the choice.
  init(_ dimension: OnnxSession.Dimension, isDynamicallyQuantized: Bool, preferred: Int) {
    if case .fixed(let size) = dimension { fixed = max(1, size) } else { fixed = nil }
    items = isDynamicallyQuantized ? 1 : fixed ?? preferred
  }

  /// The first dimension of the input when `count` items run.
  func slots(for count: Int) -> Int { fixed ?? count }
}
