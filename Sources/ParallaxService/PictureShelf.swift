internal import ParallaxCore
private import Synchronization

/// Small pictures that were made, up to some bytes; those that were asked for longest ago go first.
final class PictureShelf: Sendable {
  struct Key: Hashable, Sendable {
    var content: ContentHash
    /// Pixels along the longer side.
    var side: Int
  }

  private struct Entry {
    var bytes: [UInt8]
    var used: Int
  }

  private struct State {
    var entries: [Key: Entry] = [:]
    var bytes = 0
    var clock = 0
  }

  private let limit: Int
  private let state = Mutex(State())

  init(bytes limit: Int) { self.limit = limit }

  subscript(key: Key) -> [UInt8]? {
    state.withLock { state in
      state.clock += 1
      state.entries[key]?.used = state.clock
      return state.entries[key]?.bytes
    }
  }

  func keep(_ bytes: [UInt8], as key: Key) {
    state.withLock { state in
      guard bytes.count <= limit / 16 else { return }
      state.clock += 1
      state.bytes += bytes.count - (state.entries[key]?.bytes.count ?? 0)
      state.entries[key] = Entry(bytes: bytes, used: state.clock)
      guard state.bytes > limit else { return }
      // A quarter at once, so that not every picture sorts them all.
      for (old, entry) in state.entries.sorted(by: { $0.value.used < $1.value.used }) {
        if state.bytes <= limit / 4 * 3 { break }
        state.bytes -= entry.bytes.count
        state.entries[old] = nil
      }
    }
  }

  var byteCount: Int { state.withLock { $0.bytes } }
}
