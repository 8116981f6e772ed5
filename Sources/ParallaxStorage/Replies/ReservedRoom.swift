internal import ParallaxCore
private import ParallaxSystem
private import Synchronization

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Room on the disk of a workspace that is held for replies under way, so that what is paid for can
/// be kept.
///
/// The room is a file without a name, as large as all that is held: it is gone with the process. A
/// reply takes its share out of it just before it is written.
package final class ReservedRoom: Sendable {
  private struct State {
    var descriptor: Int32?
    var bytes = 0
  }

  private let path: String
  private let state = Mutex(State())

  package init(for workspace: Workspace) { path = workspace.resolvedPath }

  deinit {
    state.withLock { state in
      if let descriptor = state.descriptor { close(descriptor) }
    }
  }

  /// The room that a reply takes in the log beside the workspace, at most: whole pages, its own and
  /// those of the indices that point to it.
  package static func bytes(ofReplies count: Int, dimension: Int) -> Int {
    let page = 4_096 + 24
    let pages = (dimension * MemoryLayout<Float>.stride + 400) / 4_000 + 4
    // A transaction may change a few pages more.
    return (count * pages + 16) * page
  }

  /// - Throws: `storage` when there is no such room; what was held before still is.
  package func take(_ bytes: Int) throws {
    try state.withLock { state in
      try checkFileSizeLimit(state.bytes + bytes)
      if state.descriptor == nil { state.descriptor = unnamedFile() }
      guard let descriptor = state.descriptor else { throw full }
      if allocate(state.bytes + bytes, in: descriptor) {
        state.bytes += bytes
      } else {
        ftruncate(descriptor, off_t(state.bytes))
        throw full
      }
    }
  }

  /// Gives up room that was taken.
  package func giveBack(_ bytes: Int) {
    state.withLock { state in
      state.bytes = max(0, state.bytes - bytes)
      if let descriptor = state.descriptor { ftruncate(descriptor, off_t(state.bytes)) }
    }
  }

  private func allocate(_ bytes: Int, in descriptor: Int32) -> Bool {
    switch posix_fallocate(descriptor, 0, off_t(bytes)) {
    case 0: true
    // The file system knows no reservations: the room it counts has to do.
    case EINVAL, EOPNOTSUPP: freeBytes(descriptor) >= bytes
    default: false
    }
  }

  private func freeBytes(_ descriptor: Int32) -> Int {
    var status = statvfs()
    guard fstatvfs(descriptor, &status) == 0 else { return 0 }
    return Int(
      clamping: UInt64(status.f_bavail).multipliedReportingOverflow(
        by: UInt64(status.f_frsize)
      ).partialValue)
  }

  /// In the folder of the workspace, hence on its disk.
  private func unnamedFile() -> Int32? {
    let folder = PathText.folder(of: path)
    var template = Array(PathText.joined(folder, ".parallax-room-XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { return nil }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
  }

  /// The log beside the workspace grows by what is held; beyond a limit of the process it cannot.
  private func checkFileSizeLimit(_ bytes: Int) throws {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0,
      limit.rlim_cur < UInt64(Int64.max)
    else { return }
    for size in [path, "\(path)-wal"].compactMap({ FileStatus(at: $0)?.size }) {
      guard UInt64(max(0, size)) + UInt64(bytes) <= UInt64(limit.rlim_cur) else {
        throw ParallaxError(
          .storage,
          "the next replies would make the files of '\(path)' larger than this process may "
            + "write; nothing was sent", hint: "raise the limit (ulimit -f)")
      }
    }
  }

  private var full: ParallaxError {
    ParallaxError(
      .storage,
      "there is no space left on the disk that holds '\(path)' for the next replies; nothing was sent",
      hint: "free some space; what is finished is kept")
  }
}
