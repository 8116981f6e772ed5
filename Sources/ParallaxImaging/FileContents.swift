internal import CVips
internal import ParallaxCore
private import ParallaxDigest
private import ParallaxSystem

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The bytes of a regular file, by way of one descriptor, or some that came with the request: what is
/// hashed, looked at and decoded are the same, whatever happens to the name meanwhile.
final class FileContents {
  /// In bytes, when the file was opened.
  let size: Int
  /// Keeps the file open; `nil` for bytes that came with the request.
  private let file: FileDescriptor?
  private let descriptor: Int32
  /// All bytes, once they were read.
  private var memory: UnsafeMutableRawBufferPointer?

  /// Opens a file of at most `limit` bytes.
  init(_ path: String, limit: Int) throws(DecodeFailure) {
    let opened = try Self.opened(path)
    descriptor = opened.number
    file = consume opened
    guard let status = FileStatus(descriptor: descriptor) else {
      throw Self.unreadable(.last)
    }
    switch status.kind {
    case .file: break
    case .folder: throw DecodeFailure(.unreadableFile, "it is a folder")
    default: throw DecodeFailure(.unreadableFile, "it is not a regular file")
    }
    size = Int(status.size)
    guard size <= limit else { throw Self.tooLarge(size, limit: limit) }
  }

  /// Takes at most `limit` bytes as they are.
  init(_ bytes: [UInt8], limit: Int) throws(DecodeFailure) {
    file = nil
    descriptor = -1
    size = bytes.count
    guard size <= limit else { throw Self.tooLarge(size, limit: limit) }
    guard size > 0 else { return }
    guard let start = malloc(size) else {
      throw DecodeFailure(.imageTooLarge, "reading it needs too much memory")
    }
    let buffer = UnsafeMutableRawBufferPointer(start: start, count: size)
    buffer.copyBytes(from: bytes)
    memory = buffer
  }

  deinit { memory?.deallocate() }

  private static func opened(_ path: String) throws(DecodeFailure) -> FileDescriptor {
    do throws(SystemError) { return try FileDescriptor(reading: path) } catch {
      throw unreadable(error)
    }
  }

  static func tooLarge(_ size: Int, limit: Int) -> DecodeFailure {
    DecodeFailure(
      .imageTooLarge,
      "the file has \(megabytes(size)) MB; the limit is \(megabytes(limit)) "
        + "('set image.max_megabytes' raises it)")
  }

  private static func megabytes(_ bytes: Int) -> Int { (bytes + 999_999) / 1_000_000 }

  private static func unreadable(_ error: SystemError) -> DecodeFailure {
    DecodeFailure(.unreadableFile, error.reason.lowercased())
  }

  /// Some bytes; fewer at the end of the file, none beyond it.
  func bytes(at offset: Int, count: Int) throws(DecodeFailure) -> [UInt8] {
    guard offset >= 0, count > 0, offset < size else { return [] }
    let count = min(count, size - offset)
    if let memory { return [UInt8](memory[offset..<(offset + count)]) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 8)
    defer { buffer.deallocate() }
    return [UInt8](buffer.prefix(try read(into: buffer, from: offset)))
  }

  /// Reads all bytes into memory, where no writer can change them any more.
  func load() throws(DecodeFailure) {
    guard memory == nil, size > 0 else { return }
    guard let start = malloc(size) else {
      throw DecodeFailure(.imageTooLarge, "reading it needs too much memory")
    }
    let buffer = UnsafeMutableRawBufferPointer(start: start, count: size)
    memory = buffer
    let filled = try read(into: buffer, from: 0)
    // A file that was cut meanwhile has fewer.
    memory = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(filled))
  }

  /// Of the bytes in memory.
  var hash: ContentHash {
    Digest.sha256(UnsafeRawBufferPointer(memory ?? .init(start: nil, count: 0)))
  }

  var source: cvips_file {
    cvips_file(
      bytes: memory?.baseAddress.map { UnsafeRawPointer($0) }, size: memory?.count ?? 0,
      descriptor: descriptor)
  }

  private func read(
    into buffer: UnsafeMutableRawBufferPointer, from offset: Int
  ) throws(DecodeFailure) -> Int {
    guard descriptor >= 0 else { return 0 }
    var filled = 0
    while filled < buffer.count {
      let count = pread(
        descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled,
        off_t(offset + filled))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.unreadable(.last) }
      if count == 0 { break }
      filled += count
    }
    return filled
  }
}
