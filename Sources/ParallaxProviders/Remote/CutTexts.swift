private import Synchronization

/// Counts the texts of which a model reads the beginning only.
final class CutTexts: Sendable {
  /// Tokens of a text that are read; `nil` where a longer text is refused, or nothing is said of it.
  private let limit: Int?
  private let count = Mutex(0)

  init(limit: Int?) { self.limit = limit }

  /// No word is less than a token: what has more words than the limit is cut for certain.
  func note(_ inputs: [RemoteInput]) {
    guard let limit else { return }
    let cut = inputs.filter { $0.text.split(whereSeparator: \.isWhitespace).count > limit }
    count.withLock { $0 += cut.count }
  }

  /// Since this was last called.
  func drainWarnings(model: String) -> [String] {
    let count = count.withLock { count in
      defer { count = 0 }
      return count
    }
    guard let limit, count > 0 else { return [] }
    return [
      "\(count) \(count == 1 ? "text is" : "texts are") longer than the \(limit) tokens that "
        + "'\(model)' reads: what is behind them has no effect"
    ]
  }
}
