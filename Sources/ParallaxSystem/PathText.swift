#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Paths as people type them, and as the system has them.
package enum PathText {
  /// `~/x` with the home folder in place of `~`.
  package static func expandingHome(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = Environment.variables["HOME"] else {
      return path
    }
    return home + path.dropFirst()
  }

  /// A relative path below the working folder, which may change later.
  package static func inWorkingFolder(_ path: String) -> String {
    guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return "\(String(cString: folder))/\(path)"
  }

  /// The path below the working folder, `..` taken back by its words: for what is not there.
  package static func absolute(_ path: String) -> String {
    var parts: [Substring] = []
    for part in inWorkingFolder(expandingHome(path)).split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// The absolute path of what is there, without links, `.` and `..`.
  package static func resolved(_ path: String) throws(SystemError) -> String {
    // Repaired, a name would mean another file.
    guard let text = String(validating: try resolvedBytes(path), as: UTF8.self) else {
      throw .encoding
    }
    return text
  }

  /// As ``resolved(_:)``, also where a name is not UTF-8.
  package static func resolvedBytes(_ path: String) throws(SystemError) -> [UInt8] {
    guard let resolved = realpath(path, nil) else { throw .last }
    defer { free(resolved) }
    return Array(UnsafeRawBufferPointer(start: resolved, count: strlen(resolved)))
  }

  /// A path below a folder, unless it is absolute.
  package static func joined(_ folder: String, _ path: String) -> String {
    if path.hasPrefix("/") { return path }
    if path.isEmpty { return folder }
    return folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
  }

  /// What precedes the last `/`: `.` where there is none, `/` for what is in the root.
  package static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// What follows the last `/`.
  package static func name(of path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.index(after: $0)...]) }
      ?? path
  }
}
