package import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

extension ParallaxError.Code {
  package static let unwritableFile = Self("unwritable-file")
  package static let fileExists = Self("file-exists")
}

/// A file that is to be written: where it really lies, and what is there now.
package struct WriteTarget: Sendable {
  /// As given.
  package let path: String
  /// Without links: what a symbolic link points to is written, and the link stays.
  package let resolvedPath: String
  /// `nil` when nothing is there yet.
  package let existing: FileStatus?

  /// - Throws: `unwritable-file` for what is no file and never becomes one.
  init(_ path: String) throws {
    self.path = path
    guard !path.isEmpty, !path.hasSuffix("/"), !path.utf8.contains(0) else {
      throw Self.unwritable(path, "it does not name a file")
    }
    guard !Self.isStream(path) else { throw Self.refusal(of: path, "an open stream") }
    if let status = try Self.status(path) {
      guard status.kind == .file else { throw Self.refusal(of: path, "a \(status.kind.rawValue)") }
      resolvedPath = try Self.resolved(path, for: path)
      guard !Self.isStream(resolvedPath) else { throw Self.refusal(of: path, "an open stream") }
      existing = status
    } else {
      resolvedPath = try Self.resolvedNew(path)
      existing = nil
    }
  }

  /// A file of the program's own: what is in its place goes, a link as well.
  init(own path: String) {
    (self.path, resolvedPath, existing) = (path, path, nil)
  }

  /// The folder it lies in, without links.
  package var folder: String { PathText.folder(of: resolvedPath) }

  /// Whether what is there may be replaced, which `--replace` alone does not decide.
  ///
  /// - Throws: `unwritable-file` with the reason.
  func checkReplaceable() throws {
    guard let existing else { return }
    if try isDatabase() {
      throw ParallaxError(
        .unwritableFile,
        "cannot write '\(path)': it is an SQLite database, as a workspace is",
        hint: "choose another name; Parallax never replaces a database")
    }
    guard existing.linkCount == 1 else {
      throw ParallaxError(
        .unwritableFile,
        "cannot write '\(path)': the file has \(existing.linkCount) names (hard links), and the "
          + "others would keep the old contents",
        hint: "remove it first, or choose another name")
    }
    guard access(resolvedPath, W_OK) == 0 else { throw Self.unwritable(path, .last) }
    guard geteuid() == 0 || geteuid() == existing.owner else {
      throw ParallaxError(
        .unwritableFile, "cannot write '\(path)': it belongs to another user, who would lose it",
        hint: "remove it first, or choose another name")
    }
  }

  private func isDatabase() throws -> Bool {
    guard let file = try? InputFile(resolvedPath) else { return false }
    let magic = Array("SQLite format 3\0".utf8)
    var bytes = [UInt8](repeating: 0, count: magic.count)
    return try bytes.withUnsafeMutableBytes { try file.read(into: $0) } == magic.count
      && bytes == magic
  }
}

extension WriteTarget {
  static func unwritable(_ path: String, _ error: SystemError) -> ParallaxError {
    let hint: String? =
      switch error.number {
      case ENOENT: "make the folder first"
      case EACCES, EPERM, EROFS: "choose a file and a folder that you can write to"
      case ENAMETOOLONG: "choose a shorter name"
      case EFBIG: "'ulimit -f' limits the size of files"
      default: nil
      }
    return unwritable(path, error.reason, hint: hint)
  }

  private static func unwritable(
    _ path: String, _ reason: String, hint: String? = nil
  ) -> ParallaxError {
    ParallaxError(.unwritableFile, "cannot write '\(path)': \(reason)", hint: hint)
  }

  private static func refusal(of path: String, _ kind: String) -> ParallaxError {
    unwritable(
      path, "it is \(kind), not a file",
      hint: "only files are written; 'set mode csv' prints results to the standard output")
  }

  /// Names of what this process has open rather than of files.
  private static func isStream(_ path: String) -> Bool {
    ["/dev/std", "/dev/fd/", "/proc/"].contains { path.hasPrefix($0) }
  }

  /// What is there; `nil` where nothing is yet.
  private static func status(_ path: String) throws -> FileStatus? {
    do throws(SystemError) { return try FileStatus(of: path) } catch {
      guard error.number == ENOENT else { throw unwritable(path, error) }
      return nil
    }
  }

  private static func resolved(_ path: String, for target: String) throws -> String {
    do throws(SystemError) { return try PathText.resolved(path) } catch {
      throw unwritable(target, error)
    }
  }

  /// The path of a file to be made, also by way of links that point to nothing yet.
  private static func resolvedNew(_ path: String) throws -> String {
    var path = path
    // As many as the system follows.
    for _ in 0..<40 {
      let folder = try resolved(PathText.folder(of: path), for: path)
      let whole = PathText.joined(folder, PathText.name(of: path))
      guard FileStatus(at: whole, followingLinks: false)?.kind == .link else { return whole }
      guard let destination = destination(of: whole) else { throw unwritable(path, .last) }
      path = PathText.joined(folder, destination)
    }
    throw unwritable(path, SystemError(ELOOP))
  }

  private static func destination(of link: String) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(link, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(validating: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
