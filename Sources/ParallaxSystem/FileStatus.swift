#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// What the system says of a file.
package struct FileStatus: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable {
    case file, folder, link, socket
    case pipe = "FIFO"
    case device
  }

  /// Tells files apart, whatever names lead to them.
  package struct Identity: Sendable, Hashable {
    package var device: UInt64
    package var number: UInt64
  }

  package let kind: Kind
  package let identity: Identity
  /// In bytes.
  package let size: Int64
  /// The times of the last change of the contents and of anything, in nanoseconds since 1970.
  package let modified: Int64
  package let changed: Int64
  /// How many names it has.
  package let linkCount: Int
  /// The low nine bits of the mode.
  package let permissions: UInt32
  package let owner: UInt32
  package let group: UInt32

  package init(of path: String, followingLinks: Bool = true) throws(SystemError) {
    var info = stat()
    guard (followingLinks ? stat(path, &info) : lstat(path, &info)) == 0 else { throw .last }
    self.init(info)
  }

  /// - Returns: `nil` when there is nothing, or the system does not say.
  package init?(at path: String, followingLinks: Bool = true) {
    guard let status = try? Self(of: path, followingLinks: followingLinks) else { return nil }
    self = status
  }

  /// Of an open file.
  package init?(descriptor: Int32) {
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { return nil }
    self.init(info)
  }

  private init(_ info: stat) {
    kind =
      switch info.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .link
      case S_IFIFO: .pipe
      case S_IFSOCK: .socket
      default: .device
      }
    identity = Identity(
      device: UInt64(truncatingIfNeeded: info.st_dev), number: UInt64(info.st_ino))
    size = Int64(info.st_size)
    #if canImport(Glibc)
      (modified, changed) = (Self.nanoseconds(info.st_mtim), Self.nanoseconds(info.st_ctim))
    #else
      (modified, changed) = (
        Self.nanoseconds(info.st_mtimespec), Self.nanoseconds(info.st_ctimespec)
      )
    #endif
    linkCount = Int(info.st_nlink)
    permissions = UInt32(info.st_mode) & 0o777
    owner = info.st_uid
    group = info.st_gid
  }

  /// A time stamp beyond the year 2262, which a file system may hold, counts as that.
  private static func nanoseconds(_ time: timespec) -> Int64 {
    let (seconds, overflows) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflows else { return time.tv_sec < 0 ? .min : .max }
    let (sum, exceeds) = seconds.addingReportingOverflow(Int64(time.tv_nsec))
    return exceeds ? .max : sum
  }
}

extension FileStatus {
  /// Whether something is there; a link is what it points to.
  package static func exists(_ path: String) -> Bool { Self(at: path) != nil }

  package static func isFolder(_ path: String) -> Bool { Self(at: path)?.kind == .folder }

  /// Whether this process may read what is there.
  package static func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }

  /// Whether there is certainly nothing: a folder that may not be read says nothing of its files.
  package static func isMissing(_ path: String) -> Bool {
    do throws(SystemError) { _ = try Self(of: path) } catch { return error.isMissing }
    return false
  }
}
