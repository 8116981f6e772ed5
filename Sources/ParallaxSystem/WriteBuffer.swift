/// Gathers small pieces into blocks, so that a line of a file is not a system call.
struct WriteBuffer {
  /// Bytes from which a block is written.
  static let blockSize = 1 << 16

  /// Bytes not written yet, fewer than a block between two pieces.
  private(set) var bytes: [UInt8] = []
  private let write: (_ block: [UInt8]) throws -> Void

  init(_ write: @escaping (_ block: [UInt8]) throws -> Void) { self.write = write }

  /// - Throws: what `write` throws.
  mutating func append(_ piece: [UInt8]) throws {
    bytes += piece
    if bytes.count >= Self.blockSize { try flush() }
  }

  /// Writes what is left.
  mutating func flush() throws {
    guard !bytes.isEmpty else { return }
    try write(bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}
