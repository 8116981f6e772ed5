/// What one image may cost before it is refused.
package struct DecodeLimits: Sendable, Hashable {
  /// Pixels the header may announce, all frames that are decoded together.
  package var pixels: Int
  /// Pixels along the longer side.
  package var side: Int
  /// Time for one image, including the wait for its bytes; the worker is killed after it.
  package var time: Duration
  /// Bytes of address space a worker may take beyond what it has after its start.
  package var memory: Int

  package static let `default` = DecodeLimits()

  package init(
    pixels: Int = 100_000_000, side: Int = 100_000, time: Duration = .seconds(20),
    memory: Int = 1_536 << 20
  ) {
    self.pixels = pixels
    self.side = side
    self.time = time
    self.memory = memory
  }
}
