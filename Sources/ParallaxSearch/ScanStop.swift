private import Synchronization

/// Ends a scan early when nobody waits for its answer any more.
package final class ScanStop: Sendable {
  private let flag = Atomic(false)

  private let outer: ScanStop?

  /// - Parameter outer: ends the scan, too; stopping this one leaves it as it is.
  package init(within outer: ScanStop? = nil) { self.outer = outer }

  package func stop() { flag.store(true, ordering: .relaxed) }

  var isStopped: Bool { flag.load(ordering: .relaxed) || outer?.isStopped ?? false }

  /// - Throws: `CancellationError` when it was stopped: then an answer is not whole.
  func check() throws {
    if isStopped { throw CancellationError() }
  }

  /// Runs `body`, whose scans end when the present task is cancelled.
  package static func whenCancelled<Result: Sendable>(
    _ body: (ScanStop) throws -> Result
  ) async throws -> Result {
    let stop = ScanStop()
    return try await withTaskCancellationHandler {
      try body(stop)
    } onCancel: {
      stop.stop()
    }
  }
}
