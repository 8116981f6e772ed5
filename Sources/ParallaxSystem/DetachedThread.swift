#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A thread of the system for work that blocks, which Swift's few threads must not do.
package enum DetachedThread {
  /// Runs `body` on a new thread.
  ///
  /// - Returns: `false` when the system has no thread to give.
  package static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    #if canImport(Glibc)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    let box = Unmanaged.passRetained(Box(body))
    let code = pthread_create(&thread, nil, { runBox($0) }, box.toOpaque())
    guard code == 0 else {
      box.release()
      return false
    }
    #if canImport(Glibc)
      pthread_detach(thread)
    #else
      if let thread { pthread_detach(thread) }
    #endif
    return true
  }

  fileprivate final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}

private func runBox(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let argument {
    Unmanaged<DetachedThread.Box>.fromOpaque(argument).takeRetainedValue().body()
  }
  return nil
}
