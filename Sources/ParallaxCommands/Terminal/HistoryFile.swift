internal import ParallaxCore
private import ParallaxSystem

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The commands typed by hand, kept across sessions.
///
/// A text file of mode 0600: `#` and the seconds since 1970 on one line, the
/// command's lines behind it, each with a tab in front. Entries are appended
/// whole, so that parallel sessions lose nothing.
package struct HistoryFile: Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  /// `$XDG_STATE_HOME/parallax/history`, or the same below `~/.local/state`.
  package init?(environment: [String: String]) {
    if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
      path = state + "/parallax/history"
    } else if let home = environment["HOME"], home.hasPrefix("/") {
      path = home + "/.local/state/parallax/history"
    } else {
      return nil
    }
  }

  /// The entries, oldest first; empty when there is no file yet.
  package func entries() -> [String] {
    if let status = FileStatus(at: path), status.kind == .file, status.permissions & 0o077 != 0 {
      chmod(path, 0o600)
    }
    guard let bytes = try? InputFile.contents(of: path, atMost: 64 << 20) else { return [] }
    var entries: [String] = []
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      if line.hasPrefix("#") {
        entries.append("")
      } else if line.hasPrefix("\t"), let last = entries.indices.last {
        entries[last] += (entries[last].isEmpty ? "" : "\n") + line.dropFirst()
      }
    }
    return entries.filter { !$0.isEmpty }
  }

  /// Appends an entry, making the file and its folders when missing.
  ///
  /// - Throws: `unwritable-file` when there is no place to write.
  package func append(_ entry: String) throws {
    do throws(SystemError) { try Folder.makeParents(of: path, permissions: 0o700) } catch {
      throw unwritable(error)
    }
    // A named pipe without a reader would be waited for.
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else { throw unwritable(.last) }
    defer { close(descriptor) }
    let status = FileStatus(descriptor: descriptor)
    guard let status, status.kind == .file else {
      throw ParallaxError(
        .unwritableFile, "cannot write the history '\(path)': it is not a file",
        hint: "remove it, or set XDG_STATE_HOME to another folder")
    }
    // From here on only its owner can read it, even if others could before.
    if status.permissions & 0o077 != 0, fchmod(descriptor, 0o600) != 0 { throw unwritable(.last) }
    let body = entry.split(separator: "\n", omittingEmptySubsequences: false)
      .map { "\t\($0)\n" }.joined()
    let record = Array("#\(Clock.secondsSince1970())\n\(body)".utf8)
    guard record.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) == record.count
    else { throw unwritable(.last) }
  }

  private func unwritable(_ error: SystemError) -> ParallaxError {
    ParallaxError(
      .unwritableFile, "cannot write the history '\(path)': \(error.reason)",
      hint: "set XDG_STATE_HOME to a folder that can be written")
  }
}
