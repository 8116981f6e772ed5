private import CDigest
package import ParallaxCore

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

  /// The SHA-256 of some memory.
  package static func sha256(_ bytes: UnsafeRawBufferPointer) -> ContentHash {
    var hasher = SHA256()
    hasher.update(bytes)
    return hasher.finalize()
  }

  /// The SHA-256 of a text's UTF-8.
  package static func sha256(_ text: String) -> ContentHash { sha256(text.utf8) }

  /// The SHA-256 of a regular file, read in pieces of 1 MiB.
  ///
  /// - Throws: `unreadable-file` with the system's reason; `cancelled` as soon as the task is.
  package static func sha256(fileAt path: String) throws -> ContentHash {
    var pieces = try FilePieces(path)
    var hasher = SHA256()
    while let piece = try pieces.next() { hasher.update(piece) }
    return hasher.finalize()
  }

  /// The same, letting other tasks run between the pieces, so that a few large files do not hold
  /// all threads there are.
  ///
  /// - Parameter onRead: called with the count of the bytes of each piece.
  /// - Throws: `unreadable-file` with the system's reason; `cancelled` as soon as the task is.
  @concurrent package static func sha256Cooperatively(
    fileAt path: String, onRead: (@Sendable (Int) -> Void)? = nil
  ) async throws -> ContentHash {
    var pieces = try FilePieces(path)
    var hasher = SHA256()
    while let piece = try pieces.next() {
      hasher.update(piece)
      onRead?(piece.count)
      await Task.yield()
    }
    return hasher.finalize()
  }

  /// XXH3 in 64 bits: finds damage, proves nothing against intent.
  package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    XXH3_64bits(bytes.baseAddress, bytes.count)
  }
}

/// The checksum of contents that come in pieces; as ``Digest/checksum(_:)`` of the whole.
package struct Checksum: ~Copyable {
  private let state: OpaquePointer?

  package init() {
    state = XXH3_createState()
    XXH3_64bits_reset(state)
  }

  deinit { XXH3_freeState(state) }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    XXH3_64bits_update(state, bytes.baseAddress, bytes.count)
  }

  /// Of all bytes so far.
  package var value: UInt64 { XXH3_64bits_digest(state) }
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
