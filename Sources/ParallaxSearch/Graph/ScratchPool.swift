private import CVectorGraph
private import Synchronization

/// What threads work with inside a graph, kept for the next ones.
final class ScratchPool: Sendable {
  /// `@unchecked Sendable`: one thread at a time has it.
  final class Scratch: @unchecked Sendable {
    let pointer: OpaquePointer

    fileprivate init?() {
      guard let made = cvg_make_scratch() else { return nil }
      pointer = made
    }

    deinit { cvg_free_scratch(pointer) }
  }

  private let idle = Mutex<[Scratch]>([])

  /// - Returns: `nil` without memory.
  func take() -> Scratch? { idle.withLock { $0.popLast() } ?? Scratch() }

  func give(_ scratch: Scratch?) {
    if let scratch { idle.withLock { $0.append(scratch) } }
  }
}
