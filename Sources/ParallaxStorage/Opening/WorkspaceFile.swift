internal import ParallaxCore
internal import ParallaxSystem

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The file of a workspace before it is open: what it is, and how to open it.
struct WorkspaceFile {
  private let path: String
  private let mode: Workspace.Mode
  private let isTemporary: Bool
  /// Without links, so that two names of a file share one lock.
  let resolvedPath: String

  /// - Throws: `not-a-workspace` for a folder or device, `unreadable-file`.
  init(path: String, mode: Workspace.Mode, isTemporary: Bool = false) throws {
    self.path = path
    self.mode = mode
    self.isTemporary = isTemporary
    if let resolved = try Self.resolved(path, mode) {
      resolvedPath = resolved
      try Self.checkKind(resolved, path: path)
      try Self.checkName(resolved, path: path, mode: mode)
    } else {
      resolvedPath = try Self.resolveNew(path)
    }
  }

  /// - Throws: `not-a-workspace`, `newer-workspace`, `read-only`, `unreadable-file`, `damaged-data`.
  func open() throws -> Connection { try open(for: mode) }

  /// A further connection, which reads.
  ///
  /// - Parameter identity: what was opened first.
  /// - Throws: as ``open()``; `workspace-gone` when the name means another file now.
  func openReader(of identity: FileStatus.Identity?) throws -> Connection {
    let connection = try open(for: .readOnly)
    guard FileStatus(at: resolvedPath)?.identity == identity else {
      throw ParallaxError(.workspaceGone, "'\(path)' is another file now")
    }
    return connection
  }

  private func open(for mode: Workspace.Mode) throws -> Connection {
    do {
      return try open(mode == .readWrite ? .create : .read, for: mode)
    } catch let error as SQLiteError where error.isNotADatabase {
      throw ParallaxError(
        .notAWorkspace, "'\(path)' is not a workspace",
        hint: "name a workspace, or a new file to create one")
    } catch let error as SQLiteError where error.lacksSharedMemory && mode == .readOnly && !hasLog {
      // Nothing is in a log, and nobody can write here: the file alone is the whole state.
      return try translatingErrors { try open(.immutable, for: mode) }
    } catch let error as SQLiteError {
      throw error.parallaxError(path: path)
    }
  }

  private func open(
    _ access: Connection.Access, for mode: Workspace.Mode
  ) throws -> Connection {
    let connection = try Connection(path: resolvedPath, access: access)
    try Schema(path: path, mode: mode, isTemporary: isTemporary).prepare(connection)
    return connection
  }

  private func translatingErrors(_ body: () throws -> Connection) throws -> Connection {
    do {
      return try body()
    } catch let error as SQLiteError {
      throw error.parallaxError(path: path)
    }
  }

  private var hasLog: Bool { FileStatus.exists(resolvedPath + "-wal") }

  /// The path without links; `nil` when nothing is there that could be opened, but a file may be made.
  private static func resolved(_ path: String, _ mode: Workspace.Mode) throws -> String? {
    do throws(SystemError) { return try PathText.resolved(path) } catch {
      guard error.number == ENOENT, mode == .readWrite, !path.isEmpty, !path.utf8.contains(0) else {
        throw missing(path, error)
      }
      return nil
    }
  }

  /// The path of a file to be made: its folder must be there.
  private static func resolveNew(_ path: String) throws -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard let name = parts.last, !name.isEmpty else {
      throw ParallaxError(
        .unreadableFile, "there is no folder '\(path)'", hint: "make the folder first")
    }
    let folder = parts.count == 1 ? "." : parts.dropLast().joined(separator: "/") + "/"
    do throws(SystemError) {
      return PathText.joined(try PathText.resolved(folder), String(name))
    } catch {
      guard !error.isEncoding else { throw missing(path, error) }
      throw ParallaxError(
        .unreadableFile, "there is no folder '\(folder)' for the workspace '\(name)'",
        hint: "make the folder first")
    }
  }

  private static func checkKind(_ resolved: String, path: String) throws {
    switch try kind(of: resolved, path: path) {
    case .file: break
    case .folder:
      throw ParallaxError(
        .notAWorkspace, "'\(path)' is a folder; a workspace is a file",
        hint: "name a file in it, such as '\(path)/work.parallax'")
    default:
      throw ParallaxError(
        .notAWorkspace, "'\(path)' is not a regular file, which a workspace must be")
    }
    guard FileStatus.isReadable(resolved) else { throw missing(path, .last) }
  }

  private static func kind(of resolved: String, path: String) throws -> FileStatus.Kind {
    do throws(SystemError) { return try FileStatus(of: resolved).kind } catch {
      throw missing(path, error)
    }
  }

  /// SQLite keeps a workspace's log beside it, by name: through a second name (a hard link) nobody
  /// sees what is in the log of the first, and its writer does not see the lock.
  private static func checkName(_ resolved: String, path: String, mode: Workspace.Mode) throws {
    guard let status = FileStatus(at: resolved), status.linkCount > 1 else { return }
    switch mode {
    case .readWrite:
      throw ParallaxError(
        .workspaceInUse,
        "'\(path)' has \(status.linkCount) names (hard links), and may be open under another one",
        hint: "remove the others, or copy the file and open the copy")
    case .readOnly:
      guard let writer = process(using: resolved) else { return }
      throw ParallaxError(
        .workspaceInUse, "'\(path)' is open under another name (a hard link) in process \(writer)",
        hint: "open it under that name: its latest changes are in a file beside it")
    }
  }

  /// The process that has SQLite's lock on a file.
  private static func process(using path: String) -> Int32? {
    guard let file = try? InputFile(path) else { return nil }
    // The bytes that SQLite locks, at 1 GiB.
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = 0x4000_0000
    lock.l_len = 512
    guard fcntl(file.descriptor, F_GETLK, &lock) == 0, lock.l_type != Int16(F_UNLCK) else {
      return nil
    }
    return lock.l_pid
  }

  private static func missing(_ path: String, _ error: SystemError) -> ParallaxError {
    if error.isEncoding {
      return ParallaxError(
        .unreadableFile, "cannot open '\(path)': the name of its folder is not UTF-8",
        hint: "rename the folder")
    }
    guard error.number == ENOENT else {
      return ParallaxError(
        .unreadableFile, "cannot open '\(path)': \(error.reason)")
    }
    return ParallaxError(
      .unreadableFile, "there is no workspace '\(path)'",
      hint: "open it for writing to create one")
  }
}
