package import ParallaxCore
private import ParallaxSystem
private import Synchronization

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The digests of large files, so that each is read through once and not at every start.
///
/// A digest is taken for granted while the file is the same by device, number, size and both its
/// times. The time of change (ctime) cannot be set by a program, so a file that was written over
/// shows; one that changed within the last seconds is not remembered, as another change might share its
/// time. Without a place to write, or with a file that others may change, everything is read again.
package final class DigestMemory: Sendable {
  /// Files remembered; the oldest go first.
  private static let capacity = 256

  private struct Entry {
    var line: String
    var digest: ContentHash
  }

  private let path: String?
  private let threshold: Int64
  private let settling: Int64
  private let entries = Mutex<[Entry]?>(nil)

  /// - Parameters:
  ///   - path: the file that keeps them; `nil` to keep nothing.
  ///   - threshold: in bytes; smaller files are read again sooner than they are looked up.
  ///   - settling: in nanoseconds; no file system in use tells times apart that are further apart.
  package init(
    at path: String?, threshold: Int64 = 16 << 20, settling: Int64 = 3_000_000_000
  ) {
    (self.path, self.threshold, self.settling) = (path, threshold, settling)
  }

  /// The SHA-256 of a regular file.
  ///
  /// - Throws: `unreadable-file` with the system's reason, also for a file that changes meanwhile;
  ///   `cancelled`.
  package func sha256(fileAt file: String) throws -> ContentHash {
    guard let before = FileStatus(at: file), before.kind == .file,
      before.size >= threshold, path != nil
    else { return try Digest.sha256(fileAt: file) }
    let key = Self.key(before)
    if let known = known(key) { return known }
    let digest = try Digest.sha256(fileAt: file)
    guard FileStatus(at: file) == before else {
      throw ParallaxError(.unreadableFile, "'\(file)' changes while it is read")
    }
    if Clock.nanosecondsSince1970() - max(before.changed, before.modified) > settling {
      remember(key, digest)
    }
    return digest
  }

  private static func key(_ status: FileStatus) -> String {
    "\(status.identity.device) \(status.identity.number) \(status.size) \(status.modified) "
      + "\(status.changed)"
  }

  private func known(_ key: String) -> ContentHash? {
    entries.withLock { entries in
      let read = entries ?? load()
      entries = read
      return read.last { $0.line == key }?.digest
    }
  }

  /// What the file holds; nothing where it is not the person's own.
  private func load() -> [Entry] {
    guard let path, let status = FileStatus(at: path), status.owner == geteuid(),
      status.permissions & 0o022 == 0,
      let bytes = try? InputFile.contents(of: path, atMost: 1 << 20)
    else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      let parts = line.split(separator: " ")
      guard parts.count == 6, let digest = ContentHash(hexadecimal: String(parts[5])) else {
        return nil
      }
      return Entry(line: parts[..<5].joined(separator: " "), digest: digest)
    }
  }

  /// Keeps a digest as well as can be: where nothing can be written, nothing is.
  private func remember(_ key: String, _ digest: ContentHash) {
    entries.withLock { entries in
      // Another process may have written meanwhile.
      let kept = (load().filter { $0.line != key } + [Entry(line: key, digest: digest)])
        .suffix(Self.capacity)
      entries = Array(kept)
      guard let path else { return }
      let lines = kept.map { "\($0.line) \($0.digest.hexadecimal)\n" }.joined()
      try? Folder.makeParents(of: path, permissions: 0o700)
      try? FileWriter().write(.init(path, Array(lines.utf8)), replace: true)
      chmod(path, 0o600)
    }
  }
}
