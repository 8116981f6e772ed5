internal import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The lines of the standard input, each read when it is asked for.
package final class StandardLines {
  /// Bytes that a line may have.
  private static let limit = 1 << 16

  private var bytes: [UInt8] = []
  private var hasEnded = false

  package init() {}

  /// Whether a person types them.
  package var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

  /// The next line, without its end; `nil` behind the last one.
  ///
  /// - Throws: `unreadable-file`, also for a line that is too long or no UTF-8; `cancelled` while it is
  ///   waited for.
  package func next() throws -> String? {
    while true {
      if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
        defer { bytes.removeSubrange(...end) }
        return try text(of: bytes[..<end])
      }
      guard bytes.count <= Self.limit else {
        throw ParallaxError.unreadable(
          "standard input", "a line has more than \(Self.limit >> 10) KiB")
      }
      if hasEnded {
        guard !bytes.isEmpty else { return nil }
        defer { bytes = [] }
        return try text(of: bytes[...])
      }
      let piece = try [UInt8](unsafeUninitializedCapacity: 4_096) { buffer, filled in
        filled = try InputFile.standardInput(into: UnsafeMutableRawBufferPointer(buffer))
      }
      hasEnded = piece.isEmpty
      bytes += piece
    }
  }

  private func text(of line: ArraySlice<UInt8>) throws -> String {
    let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    guard let text = String(validating: line, as: UTF8.self) else {
      throw ParallaxError.unreadable("standard input", "a line is no UTF-8")
    }
    return text
  }
}
