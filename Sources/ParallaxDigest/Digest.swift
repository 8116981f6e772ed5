private import CDigest
package import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// SHA-256 of contents, and a fast checksum for what the program itself stores.
package enum Digest {
  /// The SHA-256 of some bytes.
  package static func sha256(_ bytes: some Sequence<UInt8>) -> ContentHash {
    var hasher = SHA256()
    let contiguous: Void? = bytes.withContiguousStorageIfAvailable {
      hasher.update(UnsafeRawBufferPointer($0))
    }
    if contiguous == nil { Array(bytes).withUnsafeBytes { hasher.update($0) } }
    return hasher.finalize()
  }

  /// The SHA-256 of a text's UTF-8.
  package static func sha256(_ text: String) -> ContentHash { sha256(text.utf8) }

  /// The SHA-256 of a regular file, read in pieces of 1 MiB.
  ///
  /// - Throws: `unreadable-file` with the system's reason; `cancelled` as soon as the task is.
  package static func sha256(fileAt path: String) throws -> ContentHash {
    // Without O_NONBLOCK, opening a named pipe waits for a writer that may never come.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw unreadable(path) }
    defer { close(descriptor) }
    try requireFile(descriptor, path)
    var hasher = SHA256()
    let size = 1 << 20
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      guard !Task.isCancelled else {
        throw ParallaxError(.cancelled, "cancelled while reading '\(path)'")
      }
      let count = read(descriptor, buffer.baseAddress, size)
      if count == 0 { return hasher.finalize() }
      if count < 0 {
        if errno == EINTR { continue }
        throw unreadable(path)
      }
      hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  /// XXH3 in 64 bits: finds damage, proves nothing against intent.
  package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    XXH3_64bits(bytes.baseAddress, bytes.count)
  }

  private static func requireFile(_ descriptor: Int32, _ path: String) throws {
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { throw unreadable(path) }
    guard info.st_mode & S_IFMT == S_IFREG else {
      throw ParallaxError(.unreadableFile, "cannot read '\(path)': it is not a file")
    }
  }

  private static func unreadable(_ path: String) -> ParallaxError {
    ParallaxError(
      .unreadableFile, "cannot read '\(path)': \(String(cString: strerror(errno)))")
  }
}

/// An incremental SHA-256.
package struct SHA256: ~Copyable {
  private let context: OpaquePointer?

  package init() {
    context = EVP_MD_CTX_new()
    EVP_DigestInit_ex(context, EVP_sha256(), nil)
  }

  deinit { EVP_MD_CTX_free(context) }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
  }

  package consuming func finalize() -> ContentHash {
    var bytes = [UInt8](repeating: 0, count: 32)
    EVP_DigestFinal_ex(context, &bytes, nil)
    guard let hash = ContentHash(bytes: bytes) else { preconditionFailure("SHA-256 has 32 bytes") }
    return hash
  }
}
