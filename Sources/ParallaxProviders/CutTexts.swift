private import Synchronization

/// Counts the texts of candidates of which a reranker reads the beginning only.
final class CutTexts: Sendable {
  /// Tokens of a text that are read; `nil` where a longer text is refused, or nothing is said of it.
  private let limit: Int?
  /// What shares these tokens with the text, within a sentence; empty for nothing.
  private let companion: String
  private let count = Mutex(0)

  init(limit: Int?, with companion: String = "") {
    self.limit = limit
    self.companion = companion
  }

  func note() { count.withLock { $0 += 1 } }

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
      "\(count) \(count == 1 ? "text is" : "texts are") longer\(companion) than the \(limit) tokens "
        + "that '\(model)' reads: what is behind them has no effect"
    ]
  }
}
