#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// What one image may cost before it is refused.
package struct DecodeLimits: Sendable, Hashable {
  /// Pixels the header may announce, and the result may have.
  package var pixels: Int
  /// Pixels along the longer side.
  package var side: Int
  /// Time for one image, reading its bytes included; its worker is killed after that.
  package var time: Duration
  /// Bytes of address space a worker may take beyond what it has after its start, besides those of
  /// the file.
  package var memory: Int
  /// Bytes a file may have.
  package var fileBytes: Int

  /// The limits of a session; `PARALLAX_DECODE_SECONDS` in the environment sets the time.
  package static let `default`: DecodeLimits = {
    let named = getenv("PARALLAX_DECODE_SECONDS").flatMap { Double(String(cString: $0)) }
    guard let named, (0.001...86_400).contains(named) else { return DecodeLimits() }
    return DecodeLimits(time: .milliseconds(Int64(named * 1000)))
  }()

  package init(
    pixels: Int = 100_000_000, side: Int = 100_000, time: Duration = .seconds(20),
    memory: Int = 1_536 << 20, fileBytes: Int = 1_000_000_000
  ) {
    self.pixels = pixels
    self.side = side
    self.time = time
    self.memory = memory
    self.fileBytes = fileBytes
  }

  /// The time limit in seconds, as messages write it.
  var seconds: String {
    let seconds = time / .seconds(1)
    return seconds == seconds.rounded() ? "\(Int64(seconds))" : "\(seconds)"
  }
}
