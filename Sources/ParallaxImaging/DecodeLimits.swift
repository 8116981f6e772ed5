package import ParallaxCore
private import ParallaxSystem

/// What one image may cost before it is refused.
package struct DecodeLimits: Sendable, Hashable {
  /// Pixels the header may announce.
  package var pixels: Int
  /// Pixels the result may have.
  package var outputPixels: Int
  /// Pixels along the longer side.
  package var side: Int
  /// Time for one image, reading its bytes included; its worker is killed after that.
  package var time: Duration
  /// Time beyond that for each million bytes of the file.
  package var timePerMegabyte: Duration
  /// Bytes of address space a worker may take beyond what it has after its start, besides those of
  /// the file.
  package var memory: Int
  /// Bytes a file may have.
  package var fileBytes: Int

  /// The limits of a session; `PARALLAX_DECODE_SECONDS` in the environment sets the time.
  package static let `default`: DecodeLimits = {
    let named = Environment.variables["PARALLAX_DECODE_SECONDS"].flatMap(Double.init)
    guard let named, (0.001...86_400).contains(named) else { return DecodeLimits() }
    return DecodeLimits(time: .milliseconds(Int64(named * 1000)), timePerMegabyte: .zero)
  }()

  package init(
    pixels: Int = 250_000_000, outputPixels: Int = 100_000_000, side: Int = 100_000,
    time: Duration = .seconds(20), timePerMegabyte: Duration = .seconds(4),
    memory: Int? = nil, fileBytes: Int = 1_000_000_000
  ) {
    self.pixels = pixels
    self.outputPixels = outputPixels
    self.side = side
    self.time = time
    self.timePerMegabyte = timePerMegabyte
    self.memory = memory ?? Self.memory(forPixels: pixels)
    self.fileBytes = fileBytes
  }

  /// What the hungriest decoders need for pictures of so many pixels: AVIF keeps about eight bytes
  /// for each.
  package static func memory(forPixels pixels: Int) -> Int {
    (512 << 20) + pixels.multipliedReportingOverflow(by: 8).partialValue
  }

  /// The error for a file with too many bytes.
  package static func tooLarge(_ path: String, _ size: Int, limit: Int) -> ParallaxError {
    FileContents.tooLarge(size, limit: limit).error(for: path)
  }

  /// The time for a file of `size` bytes.
  func time(forBytes size: Int) -> Duration {
    time + min(timePerMegabyte * min(size, fileBytes) / 1_000_000, Self.longestExtraTime)
  }

  private static let longestExtraTime: Duration = .seconds(180)

  /// A time in seconds, as messages write it.
  static func seconds(_ time: Duration) -> String {
    let seconds = time / .seconds(1)
    return seconds == seconds.rounded() ? "\(Int64(seconds))" : "\(seconds)"
  }
}
