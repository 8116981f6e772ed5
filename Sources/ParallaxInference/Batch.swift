import ParallaxCore

/// How many items one run of a session takes.
///
/// Where the model leaves the choice, each item runs alone: then its vector is a
/// function of the item by construction (a product of two matrices may be summed
/// in another order for another number of rows), and on a processor that is
/// also faster, because one picture's activations stay in its caches.
struct Batch: Sendable {
  /// The first dimension of the session's inputs.
  let slots: Int
  /// Items handed over at a time; the last one is repeated to fill the slots.
  let items: Int

  /// - Parameters:
  ///   - dimension: the first dimension as the model declares it.
  ///   - mayShare: whether items of one run leave each other alone.
  init(_ dimension: OnnxSession.Dimension, mayShare: Bool) {
    if case .fixed(let size) = dimension { slots = max(1, size) } else { slots = 1 }
    items = mayShare ? slots : 1
  }

  /// Ranges of items that run together.
  func ranges(of count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: items).map { $0..<min($0 + items, count) }
  }

  /// One answer an item, in order.
  ///
  /// Items that the model fails on together are tried each alone, so that the one at fault is found.
  ///
  /// - Parameter run: vectors of some of the items, as many as `items` at most.
  /// - Throws: what `run` throws, but for `inference-failed`, which is an answer.
  func answers(
    for count: Int, _ run: (Range<Int>) throws -> [[Float]]
  ) throws -> [Result<[Float], ParallaxError>] {
    func answers(_ range: Range<Int>) throws -> [Result<[Float], ParallaxError>] {
      do {
        return try run(range).map { .success($0) }
      } catch let error as ParallaxError where error.code == .inferenceFailed {
        if range.count == 1 { return [.failure(error)] }
        return try range.flatMap { try answers($0..<($0 + 1)) }
      }
    }
    return try ranges(of: count).flatMap(answers)
  }
}
