import ParallaxCore
private import ParallaxSystem

/// A file as the folder showed it.
package struct FoundFile: Sendable, Hashable {
  /// The canonical absolute path of the root, followed by `relativePath`.
  package var path: String
  /// Relative to the root, parts separated by `/`.
  package var relativePath: String
  /// In bytes; -1 for what is not known before it is read.
  package var size: Int64
  /// Nanoseconds since 1970.
  package var modified: Int64
  /// The last change of status, in nanoseconds since 1970; `nil` while unknown.
  package var changed: Int64?
  /// What a source that is no folder calls this state of the picture.
  package var tag: String?

  package init(
    path: String, relativePath: String, size: Int64, modified: Int64, changed: Int64? = nil,
    tag: String? = nil
  ) {
    self.tag = tag
    self.path = path
    self.relativePath = relativePath
    self.size = size
    self.modified = modified
    self.changed = changed
  }
}

/// The image files below a folder, in the byte order of their relative paths.
///
/// Links to files are followed, and links to folders within the folder, each real folder once, so
/// that loops end. A link to a folder elsewhere is followed only where asked: one to `/` would bring
/// in the whole machine. Names that begin with a point, macOS resource forks (`._x.jpg`), `__MACOSX` folders and
/// empty files are left out and reported; other names that do not match are left out silently.
package struct FolderScan: Sendable {
  /// Endings taken for images when there is no pattern; other files are, when their first bytes are
  /// those of one.
  package static let imageEndings = [
    "jpg", "jpeg", "jpe", "jfif", "jif", "pjpeg", "pjp", "png", "apng", "webp", "heic", "heif",
    "heics", "heifs", "hif", "avif", "avifs", "gif", "tif", "tiff", "bmp",
  ]

  /// The canonical absolute path of the folder.
  package let root: String
  package private(set) var files: [FoundFile] = []
  package private(set) var issues: [IngestIssue] = []
  /// Absolute paths of files and folders that could not be looked at: they, and what is below them,
  /// are unknown, not gone.
  package private(set) var unreadablePaths: [String] = []
  /// Relative paths of files that are named as the tables of image folders are.
  private(set) var tables: [String] = []

  private let glob: Glob?
  private var heads: FileHeads?
  private let followsLinks: Bool
  private var visited: Set<FileStatus.Identity> = []
  /// Relative paths of folders still to be read; links wait until all real folders are.
  private var folders: [String] = [""]
  private var linkedFolders: [String] = []
  private var isInLinks = false

  /// Walks the folder at `path`.
  ///
  /// - Parameters:
  ///   - glob: replaces the test for image endings.
  ///   - heads: asked, without a pattern, about files of other endings or none.
  ///   - followsLinks: whether links to folders elsewhere are followed.
  /// - Throws: `unreadable-file` when the folder itself cannot be read, `cancelled`.
  package init(
    of path: String, matching glob: Glob? = nil, recognizing heads: HeadReader? = nil,
    followsLinks: Bool = false
  ) throws {
    self.glob = glob
    self.followsLinks = followsLinks
    if glob == nil { self.heads = heads.map { FileHeads($0) } }
    do throws(SystemError) {
      root = try PathText.resolved(path)
      _ = try Folder.entries(in: root)
    } catch {
      throw ParallaxError.unreadable(path, error)
    }
    while let folder = folders.popLast() ?? nextLinkedFolder() {
      guard !Task.isCancelled else {
        throw ParallaxError(.cancelled, "cancelled while looking through '\(root)'")
      }
      visit(folder)
    }
    files.sort { $0.relativePath.utf8.lexicographicallyPrecedes($1.relativePath.utf8) }
    dropEqualNames()
    if let issue = self.heads?.issue(in: root) { issues.append(issue) }
  }

  /// Whether a relative path is asked for.
  private func matches(_ relativePath: String) -> Bool {
    if let glob { return glob.matches(relativePath) }
    return FilePath.ending(of: relativePath).map(Self.imageEndings.contains) ?? false
  }

  /// Whether a file is a picture though its name does not say it.
  private mutating func isPictureInside(_ relative: String) -> Bool {
    let path = absolute(relative)
    return heads?.isPicture(path, ending: FilePath.ending(of: relative)) ?? false
  }

  private mutating func nextLinkedFolder() -> String? {
    isInLinks = true
    return linkedFolders.isEmpty ? nil : linkedFolders.removeFirst()
  }

  private func absolute(_ relativePath: String) -> String {
    PathText.joined(root, relativePath)
  }

  /// Whether a folder lies outside the root. Only links can lead there, and what is below them.
  private func leadsElsewhere(_ path: String) -> Bool {
    guard isInLinks, let real = try? PathText.resolvedBytes(path) else { return false }
    return !real.elementsEqual(root.utf8)
      && !real.starts(with: (root == "/" ? root : root + "/").utf8)
  }

  private mutating func visit(_ folder: String) {
    let path = absolute(folder)
    do throws(SystemError) {
      if !folder.isEmpty, !followsLinks, leadsElsewhere(path) {
        return report(
          .linkedFolder, folder, "a link to a folder elsewhere was not followed (--follow does)",
          severity: .note)
      }
      guard visited.insert(try FileStatus(of: path).identity).inserted else {
        return report(
          .repeatedFolder, folder, "the folder was already read by another path", severity: .note)
      }
      for entry in try Folder.entries(in: path) { visit(entry, in: folder) }
    } catch {
      unreadablePaths.append(path)
      report(.unreadableFolder, folder, "cannot read the folder: \(error.reason)", severity: .error)
    }
  }

  private mutating func visit(_ entry: Folder.Entry, in folder: String) {
    // False only for what the system already knows to be no folder.
    let mayBeFolder = entry.kind != .file
    guard let name = entry.name else {
      let relative =
        (folder.isEmpty ? "" : folder + "/") + String(decoding: entry.bytes, as: UTF8.self)
      guard mayBeFolder || matches(relative) else { return }
      return report(
        .fileNameEncoding, relative, "the name is not UTF-8; rename it to ingest it",
        severity: .error)
    }
    let relative = folder.isEmpty ? name : "\(folder)/\(name)"
    var isLink = false
    do throws(SystemError) {
      let status = try FileStatus(of: absolute(relative), followingLinks: false)
      isLink = status.kind == .link
      let target = isLink ? try FileStatus(of: absolute(relative)) : status
      if let left = reasonToLeave(name, target.kind) {
        if target.kind == .folder || matches(relative) {
          report(left.code, relative, left.reason, severity: .note)
        }
      } else if target.kind == .file, ImageFolderTables.names.contains(name) {
        tables.append(relative)
      } else if target.kind == .folder {
        if isLink { linkedFolders.append(relative) } else { folders.append(relative) }
      } else if matches(relative) {
        add(relative, target)
      } else if target.kind == .file, target.size > 0, isPictureInside(relative) {
        add(relative, target)
      }
    } catch {
      note(error, at: relative, mayBeFolder: mayBeFolder, isLink: isLink)
    }
  }

  /// Reports what cannot be looked at, unless it is gone or surely not meant.
  private mutating func note(
    _ error: SystemError, at relative: String, mayBeFolder: Bool, isLink: Bool
  ) {
    if error.isMissing, !isLink { return }
    unreadablePaths.append(absolute(relative))
    guard matches(relative) || mayBeFolder && FilePath.ending(of: relative) == nil else { return }
    if isLink, error.isMissing || error.isLoop {
      report(
        .brokenLink, relative, "the link is broken: \(error.reason)", severity: .error)
    } else if matches(relative) {
      report(
        .unreadableFile, relative, "cannot examine the file: \(error.reason)", severity: .error)
    } else {
      report(
        .unreadableFolder, relative, "cannot read the folder: \(error.reason)", severity: .error)
    }
  }

  private func reasonToLeave(
    _ name: String, _ kind: FileStatus.Kind
  ) -> (code: IngestIssue.Code, reason: String)? {
    if name == "__MACOSX", kind == .folder {
      return (.resourceFork, "left out a folder of macOS resource forks")
    }
    if name.hasPrefix("._") { return (.resourceFork, "left out a macOS resource fork") }
    if name.hasPrefix(".") {
      return (.hiddenFile, "left out a hidden \(kind == .folder ? "folder" : "file")")
    }
    return nil
  }

  private mutating func add(_ relative: String, _ status: FileStatus) {
    if status.kind != .file {
      report(.notAFile, relative, "left out an entry that is neither a file nor a folder")
    } else if status.size == 0 {
      report(.emptyFile, relative, "the file is empty", severity: .error)
    } else {
      files.append(
        FoundFile(
          path: absolute(relative), relativePath: relative, size: status.size,
          modified: status.modified, changed: status.changed))
    }
  }

  /// Two names may differ in bytes and read the same (`é` composed and decomposed).
  private mutating func dropEqualNames() {
    var seen: Set<String> = []
    var dropped: [String] = []
    files.removeAll { file in
      guard !seen.insert(file.relativePath).inserted else { return false }
      dropped.append(file.relativePath)
      return true
    }
    for path in dropped {
      report(
        .sameName, path, "another file has the same name in another Unicode form", severity: .error)
    }
  }

  private mutating func report(
    _ code: IngestIssue.Code, _ subject: String, _ reason: String,
    severity: IngestIssue.Severity = .warning
  ) {
    issues.append(IngestIssue(code, severity, subject: subject, reason: reason))
  }
}
