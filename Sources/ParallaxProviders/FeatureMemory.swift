internal import ParallaxCore
private import ParallaxGeometry
private import Synchronization

/// Local features of pictures by the hash of their bytes, for as long as the program runs: the oldest go
/// when it is full.
final class FeatureMemory: Sendable {
  static let shared = FeatureMemory(bytes: 128 << 20)

  private struct State {
    var kept: [ContentHash: LookedAt] = [:]
    /// In the order in which they came.
    var order: [ContentHash] = []
    /// Those before it in `order` are gone.
    var oldest = 0
    var bytes = 0
  }

  private let capacity: Int
  private let state = Mutex(State())

  /// - Parameter bytes: that the features take in all, at most.
  init(bytes: Int) { capacity = bytes }

  subscript(hash: ContentHash) -> LookedAt? {
    get { state.withLock { $0.kept[hash] } }
    set {
      guard let newValue else { return }
      state.withLock { state in
        guard state.kept.updateValue(newValue, forKey: hash) == nil else { return }
        state.order.append(hash)
        state.bytes += newValue.features.bytes
        while state.bytes > capacity, state.oldest < state.order.count {
          let gone = state.kept.removeValue(forKey: state.order[state.oldest])
          state.bytes -= gone?.features.bytes ?? 0
          state.oldest += 1
        }
        if state.oldest > 1000 {
          state.order.removeFirst(state.oldest)
          state.oldest = 0
        }
      }
    }
  }
}
