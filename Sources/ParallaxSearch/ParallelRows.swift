private import Dispatch
private import ParallaxSystem
private import Synchronization

/// Work over the rows of a matrix, a block at a time, on several threads.
struct ParallelRows: Sendable {
  /// Below this many values a second thread costs more than it brings.
  private static let fewest = 4_000_000

  let rowCount: Int
  /// Rows a thread takes at a time.
  let block: Int
  let threads: Int

  /// - Parameter threads: at most this many; `nil` for one a processor.
  init(rowCount: Int, dimension: Int, block: Int, threads: Int?) {
    self.rowCount = rowCount
    self.block = block
    let blocks = (rowCount + block - 1) / block
    let most = max(1, threads ?? Processors.count)
    self.threads = rowCount * dimension < Self.fewest ? 1 : max(1, min(most, blocks))
  }

  /// Hands every block to `body` once, with the state of the thread that took it.
  ///
  /// - Parameter stop: leaves out the blocks that are not begun yet.
  /// - Returns: the states, in no order.
  func run<State: Sendable>(
    until stop: ScanStop? = nil, _ make: @Sendable () -> State,
    _ body: @Sendable (inout State, Range<Int>) -> Void
  ) -> [State] {
    let next = Atomic(0)
    let states = Mutex<[State]>([])
    let blocks = (rowCount + block - 1) / block
    @Sendable func work(_: Int) {
      var state = make()
      while stop?.isStopped != true {
        let number = next.add(1, ordering: .relaxed).oldValue
        guard number < blocks else { break }
        body(&state, number * block..<min((number + 1) * block, rowCount))
      }
      states.withLock { $0.append(state) }
    }
    if threads == 1 {
      work(0)
    } else {
      withoutActuallyEscaping(work) {
        DispatchQueue.concurrentPerform(iterations: threads, execute: $0)
      }
    }
    return states.withLock { $0 }
  }

  /// What `body` makes of each row, in their order.
  func collect<Element: Sendable>(_ body: @Sendable (Int) -> Element) -> [Element] {
    run {
      [(first: Int, elements: [Element])]()
    } _: { parts, range in
      parts.append((range.lowerBound, range.map(body)))
    }.flatMap(\.self).sorted { $0.first < $1.first }.flatMap(\.elements)
  }
}
