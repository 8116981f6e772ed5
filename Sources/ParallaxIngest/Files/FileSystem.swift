import ParallaxCore
private import ParallaxSystem

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The system calls of this module, each once.
enum FileSystem {
  enum Kind { case file, folder, link, other }

  struct Status {
    var kind: Kind
    var size: Int64
    /// Nanoseconds since 1970.
    var modified: Int64
    /// The last change of status, in nanoseconds since 1970: it moves with every write and nobody can
    /// set it back.
    var changed: Int64
    /// Tells real folders apart, whatever path leads to them.
    var identity: Identity
  }

  struct Identity: Hashable {
    var device: UInt64
    var number: UInt64
  }

  /// A system error: its number and its text.
  struct Failure: Error {
    var number: Int32
    var reason: String { String(cString: strerror(number)) }
    var isMissing: Bool { number == ENOENT || number == ENOTDIR }
    var isLoop: Bool { number == ELOOP }
  }

  static func status(_ path: String, followingLinks: Bool = true) throws(Failure) -> Status {
    var info = stat()
    let result = followingLinks ? stat(path, &info) : lstat(path, &info)
    guard result == 0 else { throw Failure(number: errno) }
    let kind: Kind =
      switch info.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .link
      default: .other
      }
    #if canImport(Glibc)
      let (modified, changed) = (info.st_mtim, info.st_ctim)
    #else
      let (modified, changed) = (info.st_mtimespec, info.st_ctimespec)
    #endif
    return Status(
      kind: kind, size: Int64(info.st_size),
      modified: nanoseconds(modified), changed: nanoseconds(changed),
      identity: Identity(
        device: UInt64(truncatingIfNeeded: info.st_dev), number: UInt64(info.st_ino)))
  }

  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// A name in a folder.
  struct Entry {
    var name: [UInt8]
    /// False only for what the system already knows to be no folder.
    var mayBeFolder: Bool
  }

  /// What is in a folder, in byte order of the names, without `.` and `..`.
  static func entries(inFolder path: String) throws(Failure) -> [Entry] {
    guard let folder = opendir(path) else { throw Failure(number: errno) }
    defer { closedir(folder) }
    guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return [] }
    var entries: [Entry] = []
    while true {
      errno = 0
      guard let entry = readdir(folder) else { break }
      // The record may be shorter than the declared structure: the name is read in place.
      let name = (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: UInt8.self)
      let type = Int32(entry.pointee.d_type)
      entries.append(
        Entry(
          name: Array(UnsafeBufferPointer(start: name, count: strlen(name))),
          mayBeFolder: type != Int32(DT_REG)))
    }
    guard errno == 0 else { throw Failure(number: errno) }
    entries.removeAll { $0.name == Array(".".utf8) || $0.name == Array("..".utf8) }
    return entries.sorted { $0.name.lexicographicallyPrecedes($1.name) }
  }

  /// The absolute path without links, `.` and `..`.
  static func canonicalPath(_ path: String) throws(Failure) -> String {
    guard let resolved = realpath(path, nil) else { throw Failure(number: errno) }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// All bytes of a file.
  ///
  /// - Throws: `unreadable-file`, also when it has more than `limit` bytes.
  static func contents(of path: String, limit: Int) throws -> [UInt8] {
    try InputFile.contents(of: path, atMost: limit)
  }

  /// Turns a system error into `unreadable-file`.
  static func readable<Result>(
    _ body: () throws(Failure) -> Result, orBlame path: () -> String
  ) throws -> Result {
    do {
      return try body()
    } catch {
      throw ParallaxError(.unreadableFile, "cannot read '\(path())': \(error.reason)")
    }
  }
}

extension FileSystem {
  /// Processors that are online.
  static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
