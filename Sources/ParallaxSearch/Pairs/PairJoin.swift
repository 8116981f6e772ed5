package import ParallaxCore
private import Synchronization

/// Finds every pair of rows whose cosine is at least a floor: of a matrix with itself, or of one with another.
///
/// Exact: the pairs and scores are those of comparing each row with each other by ``ExactIndex``, bit for bit, with any
/// kernels and any number of threads. Pairs come in order, by left and then by right row, a block of left rows at a time; memory
/// grows with the rows and with the pairs of a block, never with the square of the rows.
///
/// Where it pays, int8 codes on a few axes rule pairs out first, with proof (``Kernel/near(_:_:_:_:masks:stride:)``), and only the rest is
/// compared. A row without a direction (of zeros) has no pairs.
package struct PairJoin: Sendable {
  let left: PairSide
  let right: PairSide
  let isSelf: Bool
  let floor: Float

  /// Pairs of different rows of a matrix, each once: `left` < `right`.
  ///
  /// - Parameters:
  ///   - floor: the least cosine of a pair, from -1 to 1.
  ///   - threads: at most this many; `nil` for one a processor.
  package init(
    _ matrix: VectorMatrix, floor: Float, kernel: Kernel = .best, threads: Int? = nil
  ) {
    left = PairSide(matrix, kernel, threads)
    right = left
    isSelf = true
    self.floor = floor
  }

  /// Pairs of a row of one matrix and a row of another of the same dimension.
  package init(
    _ left: VectorMatrix, with right: VectorMatrix, floor: Float, kernel: Kernel = .best,
    threads: Int? = nil
  ) {
    precondition(left.dimension == right.dimension, "matrices of different dimensions")
    self.left = PairSide(left, kernel, threads)
    self.right = PairSide(right, kernel, threads)
    isSelf = false
    self.floor = floor
  }

  /// How pairs are looked for.
  package enum Method: Sendable, Hashable {
    /// Whichever a sample shows to be the cheapest.
    case automatic
    /// Every pair is compared.
    case plain
    /// Codes on this many axes first; a multiple of 16, at most 256.
    case codes(Int)
  }

  /// What a search for pairs did.
  package struct Summary: Sendable, Hashable {
    package var pairs = 0
    /// Pairs of rows that there are.
    package var compared = 0
    /// Those whose scores were computed.
    package var scored = 0
    /// Axes of the codes; `nil` where every pair was compared.
    package var axes: Int?
    /// Rows of zeros, of both matrices.
    package var withoutDirection = 0
  }

  /// Below this many pairs, choosing costs more than comparing all.
  private static let fewest = 4_096 * 4_096

  /// - Parameters:
  ///   - stop: ends the search within milliseconds.
  ///   - step: called now and then with the pairs compared so far; from one thread at a time.
  ///   - deliver: called with the pairs of each block of left rows that has some, in order, from one thread at a time.
  /// - Throws: `CancellationError` when it was stopped, and what `step` and `deliver` throw; then the pairs are not all.
  package func run(
    _ method: Method = .automatic, until stop: ScanStop? = nil,
    step: @escaping @Sendable (Int) throws -> Void = { _ in },
    deliver: @escaping @Sendable ([RowPair]) throws -> Void
  ) throws -> Summary {
    var summary = Summary(compared: comparisons(before: left.rowCount))
    summary.withoutDirection = (isSelf ? [left] : [left, right]).reduce(0) {
      $0 + $1.lengths.inverses.count { $0 == 0 }
    }
    guard summary.compared > 0 else { return summary }
    let plan = try plan(method, until: stop)
    summary.axes = plan?.axes.count
    let work = PairWork(self, plan, until: stop)
    try stop?.check()
    let halt = ScanStop(within: stop)
    let delivery = PairDelivery(deliver, step) { comparisons(before: $0) }
    let rows = ParallelRows(
      rowCount: left.rowCount, dimension: right.rowCount * left.matrix.dimension,
      block: blockRows(plan), threads: left.threads)
    let scored = rows.run(until: halt) {
      PairBlock(rows.block)
    } _: { block, range in
      guard let pairs = work.pairs(of: range, &block, until: halt) else { return }
      if !delivery.take(pairs, of: range) { halt.stop() }
    }.reduce(0) { $0 + $1.scored }
    summary.pairs = try delivery.finish()
    try halt.check()
    summary.scored = scored
    return summary
  }

  private func plan(_ method: Method, until stop: ScanStop?) throws -> PairPlan? {
    let widths: [Int]
    switch method {
    case .plain: return nil
    case .automatic where comparisons(before: left.rowCount) < Self.fewest: return nil
    case .automatic: widths = PairPlan.widths
    case .codes(let width): widths = [width]
    }
    return try PairPlan.cheapest(
      isSelf ? [left] : [left, right], floor: floor, widths: widths,
      isForced: method != .automatic, until: stop)
  }

  /// Left rows whose pairs are held at a time: many share what is read, and the pairs of all must fit.
  private func blockRows(_ plan: PairPlan?) -> Int {
    let most = 1 << 22
    let perRow = max(1, Int((plan?.share ?? 1) * Double(right.rowCount)))
    return min(256, max(16, most / perRow / 16 * 16))
  }

  /// Pairs whose left row is before one.
  private func comparisons(before row: Int) -> Int {
    isSelf ? row * (2 * right.rowCount - row - 1) / 2 : row * right.rowCount
  }
}

/// The rows on one side of pairs.
struct PairSide: Sendable {
  let matrix: VectorMatrix
  let lengths: RowLengths
  let kernel: Kernel
  let threads: Int?

  init(_ matrix: VectorMatrix, _ kernel: Kernel, _ threads: Int?) {
    self.matrix = matrix
    self.kernel = kernel
    self.threads = threads
    lengths = RowLengths(of: matrix, dimension: matrix.dimension, kernel, threads)
  }

  var rowCount: Int { matrix.rowCount }

  /// Calls `body` with where the values of a row and those after it begin; the pointer must not escape.
  func withRow(_ row: Int, _ body: (UnsafePointer<Float>) -> Void) {
    matrix.withValues { values in
      if let start = values.baseAddress { body(start + row * matrix.dimension) }
    }
  }

  /// Some rows as the kernels take them.
  func withPart(_ range: Range<Int>, _ body: (Kernel.Part) -> Void) {
    withRow(0) { body(Kernel.Part(rows: $0, dimension: matrix.dimension, range: range)) }
  }
}

/// Hands on the pairs of blocks in the order of the rows, whichever thread is the first with its own.
private final class PairDelivery: Sendable {
  private struct State {
    var next = 0
    var waiting: [Int: (range: Range<Int>, pairs: [RowPair])] = [:]
    var pairs = 0
    var failure: (any Error)?
  }

  private let state = Mutex(State())
  private let deliver: @Sendable ([RowPair]) throws -> Void
  private let step: @Sendable (Int) throws -> Void
  private let comparisons: @Sendable (Int) -> Int

  init(
    _ deliver: @escaping @Sendable ([RowPair]) throws -> Void,
    _ step: @escaping @Sendable (Int) throws -> Void,
    comparisons: @escaping @Sendable (Int) -> Int
  ) {
    self.deliver = deliver
    self.step = step
    self.comparisons = comparisons
  }

  /// - Returns: whether more is wanted.
  func take(_ pairs: [RowPair], of range: Range<Int>) -> Bool {
    state.withLock { state in
      guard state.failure == nil else { return false }
      state.waiting[range.lowerBound] = (range, pairs)
      do {
        while let (range, pairs) = state.waiting.removeValue(forKey: state.next) {
          state.next = range.upperBound
          state.pairs += pairs.count
          if !pairs.isEmpty { try deliver(pairs) }
          try step(comparisons(range.upperBound))
        }
      } catch {
        state.failure = error
        return false
      }
      return true
    }
  }

  /// - Returns: how many pairs were handed on.
  func finish() throws -> Int {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      return state.pairs
    }
  }
}
