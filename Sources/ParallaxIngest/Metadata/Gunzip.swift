private import CZlib
import ParallaxCore

/// Reads gzip, also of several parts one behind the other.
enum Gunzip {
  static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// - Throws: `invalid-value` for damaged bytes and beyond `limit` bytes of text; `cancelled`.
  static func inflated(_ bytes: [UInt8], source: String, limit: Int) throws -> [UInt8] {
    var text: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    var stream = z_stream()
    guard czlib_begin_gunzip(&stream) == Z_OK else {
      throw ParallaxError(.invalidValue, "'\(source)' cannot be unpacked: out of memory")
    }
    defer { inflateEnd(&stream) }
    var input = bytes
    try input.withUnsafeMutableBufferPointer { input in
      stream.next_in = input.baseAddress
      // At most 2 GiB are read of a file.
      stream.avail_in = UInt32(clamping: input.count)
      while true {
        guard !Task.isCancelled else {
          throw ParallaxError(.cancelled, "cancelled while unpacking '\(source)'")
        }
        let (code, count) = piece.withUnsafeMutableBufferPointer { piece in
          stream.next_out = piece.baseAddress
          stream.avail_out = UInt32(piece.count)
          let code = inflate(&stream, Z_NO_FLUSH)
          return (code, piece.count - Int(stream.avail_out))
        }
        text += piece[..<count]
        guard text.count <= limit else {
          throw ParallaxError(.invalidValue, "'\(source)' holds more than 2 GiB of text")
        }
        switch code {
        case Z_OK: continue
        case Z_STREAM_END where stream.avail_in == 0: return
        case Z_STREAM_END: guard inflateReset(&stream) == Z_OK else { throw damaged(source) }
        default: throw damaged(source)
        }
      }
    }
    return text
  }

  private static func damaged(_ source: String) -> ParallaxError {
    ParallaxError(
      .invalidValue, "'\(source)' is a damaged or incomplete gzip file",
      hint: "'gzip -t' checks it")
  }
}
