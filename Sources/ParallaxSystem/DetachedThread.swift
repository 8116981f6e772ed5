private import CVips

/// A thread of the system for work that blocks, which Swift's few threads must not do.
enum DetachedThread {
  /// Runs `body` on a new thread.
  ///
  /// - Returns: `false` when the system has no thread to give.
  static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    let box = Unmanaged.passRetained(Box(body))
    let isStarted = cvips_start_thread(runBox, box.toOpaque()) == 0
    if !isStarted { box.release() }
    return isStarted
  }

  fileprivate final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}

private func runBox(_ argument: UnsafeMutableRawPointer?) {
  guard let argument else { return }
  Unmanaged<DetachedThread.Box>.fromOpaque(argument).takeRetainedValue().body()
}
