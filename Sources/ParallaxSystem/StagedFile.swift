#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A file under a name of its own beside its target, until it takes the target's name.
struct StagedFile {
  private let target: WriteTarget
  private let temporary: String
  /// A second name of what is replaced, until all is done.
  private let backup: String
  private let descriptor: Int32

  /// - Throws: `unwritable-file` with the system's reason.
  init(_ target: WriteTarget) throws {
    // As long as the target's name may be, this one is short enough.
    let name = ".parallax-\(getpid())-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    try self.init(target, at: "\(target.folder)/\(name)")
  }

  /// A file of the program's own, always under the same name beside it: what a killed process left
  /// there goes.
  init(own path: String) throws {
    let temporary = path + ".partial"
    unlink(temporary)
    try self.init(WriteTarget(own: path), at: temporary)
  }

  private init(_ target: WriteTarget, at temporary: String) throws {
    self.target = target
    self.temporary = temporary
    backup = temporary + "-old"
    descriptor = open(
      temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, target.existing == nil ? 0o666 : 0o600)
    guard descriptor >= 0 else { throw WriteTarget.unwritable(target.path, .last) }
  }

  /// Fills the file and waits until the disk has it.
  func write(_ body: (FileWriter.Write) throws -> Void) throws {
    defer { close(descriptor) }
    var buffer = WriteBuffer { try writeAll($0) }
    try body { try buffer.append($0) }
    try buffer.flush()
    if let existing = target.existing {
      guard fchown(descriptor, existing.owner, existing.group) == 0,
        fchmod(descriptor, mode_t(existing.permissions)) == 0
      else { throw WriteTarget.unwritable(target.path, .last) }
    }
    guard fsync(descriptor) == 0 else { throw WriteTarget.unwritable(target.path, .last) }
  }

  /// Gives the file the name of its target, in one step.
  ///
  /// - Throws: `file-exists` when another program made one meanwhile; `unwritable-file`.
  func commit(replace: Bool) throws {
    guard replace else {
      // link(2) refuses an existing name, which rename(2) would replace.
      if link(temporary, target.resolvedPath) == 0 { return }
      if errno == EEXIST { throw FileWriter.exists(target.path) }
      // Some file systems, such as those of memory cards, have one name a file.
      guard [EPERM, EOPNOTSUPP, ENOSYS, EMLINK].contains(errno) else {
        throw WriteTarget.unwritable(target.path, .last)
      }
      guard FileStatus(at: target.resolvedPath, followingLinks: false) == nil else {
        throw FileWriter.exists(target.path)
      }
      return try rename()
    }
    _ = link(target.resolvedPath, backup)
    try rename()
  }

  /// Undoes ``commit(replace:)``.
  func takeBack() {
    let isBack = Self.systemRename(backup, target.resolvedPath) == 0
    if !isBack, target.existing == nil { unlink(target.resolvedPath) }
  }

  /// Removes what is left of the way there.
  func discard() {
    unlink(temporary)
    unlink(backup)
  }

  /// Makes the new names last a power cut; where a folder cannot be flushed, they are there all the
  /// same.
  static func flush(folder: String) {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private func rename() throws {
    guard Self.systemRename(temporary, target.resolvedPath) == 0 else {
      throw WriteTarget.unwritable(target.path, .last)
    }
  }

  private func writeAll(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite(descriptor, $0) }
      if count < 0 {
        if errno == EINTR { continue }
        throw WriteTarget.unwritable(target.path, .last)
      }
      rest = rest.dropFirst(count)
    }
  }

  private static func systemRename(_ old: String, _ new: String) -> Int32 {
    #if canImport(Glibc)
      Glibc.rename(old, new)
    #else
      Darwin.rename(old, new)
    #endif
  }
}

/// `write(2)`, which a method of the same name would hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
