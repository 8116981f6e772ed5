private import CVips
private import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The result of a transform in a worker's memory, ready to be sent.
struct TransformedPixels {
  let width: Int
  let height: Int
  /// Interleaved 8-bit sRGB, black at first.
  let bytes: UnsafeMutableBufferPointer<UInt8>

  /// - Returns: `nil` when memory runs out.
  init?(width: Int, height: Int) {
    let count = width * height * 3
    guard let start = calloc(max(1, count), 1) else { return nil }
    self.width = width
    self.height = height
    bytes = UnsafeMutableBufferPointer(
      start: start.assumingMemoryBound(to: UInt8.self), count: count)
  }

  func deallocate() { free(bytes.baseAddress) }

  /// The picture as a file without metadata; the caller deallocates it.
  func file(as encoding: PictureEncoding) throws(DecodeFailure) -> UnsafeMutableBufferPointer<UInt8>
  {
    var encoded: UnsafeMutablePointer<UInt8>?
    var size = 0
    let status = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { error in
      cvips_encode(
        bytes.baseAddress, Int32(width), Int32(height), Int32(encoding.quality), &encoded, &size,
        error.baseAddress, error.count)
    }
    guard status == 0 else {
      throw DecodeFailure(.internalError, "it cannot be encoded as \(encoding.name)")
    }
    return UnsafeMutableBufferPointer(start: encoded, count: size)
  }
}
