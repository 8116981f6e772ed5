internal import ParallaxCore
internal import ParallaxIngest
internal import ParallaxReporting
private import ParallaxSystem

/// The pictures that somebody names by folders, files and patterns: those that `ingest` would take, and
/// those that it would leave out for a fault of theirs.
struct IncomingPictures: Sendable {
  struct File: Sendable, Hashable {
    /// The path that was given, and what lies below it.
    var name: String
    /// Absolute.
    var path: String
    /// Why it is no picture to be compared; `nil` for one that may be.
    var fault: String?
  }

  /// By path, in the order of its bytes; no path twice.
  private(set) var files: [File] = []
  private(set) var notes: [String] = []
  private(set) var warnings: [String] = []

  /// - Throws: `unreadable-file` for a path that is not there, `invalid-value` where there is no picture,
  ///   about `PATH`; `cancelled`.
  @concurrent init(of paths: [String], followsLinks: Bool) async throws {
    var found: [String: File] = [:]
    for (index, path) in paths.enumerated() {
      let parameter = ParallaxError.Parameter(name: "PATH", index: index)
      do {
        for file in try await files(of: path, followsLinks) where found[file.path] == nil {
          found[file.path] = file
        }
      } catch let error as ParallaxError {
        throw error.about(parameter)
      }
    }
    files = found.values.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    guard !files.isEmpty else {
      let names = paths.map { "'\($0)'" }.joined(separator: ", ")
      throw ParallaxError(
        .invalidValue, "there is no picture in \(names): nothing was compared",
        hint: notes.first ?? warnings.first, parameter: .init(name: "PATH"))
    }
  }

  private mutating func files(of path: String, _ followsLinks: Bool) async throws -> [File] {
    var options = IngestOptions(path: path)
    options.followsLinks = followsLinks
    let folder = IngestOptions.fileOrFolder(of: path)
    let written = PathText.expandingHome(path)
    guard folder != path || FileStatus.isFolder(written) else { return [try Self.file(written)] }
    let listing = try await options.source().images().listing(recognizing: Ingester.head)
    func file(_ relative: String, _ fault: String? = nil) -> File {
      File(
        name: relative.isEmpty ? folder : PathText.joined(folder, relative),
        path: PathText.joined(listing.root, relative), fault: fault)
    }
    var files = listing.items.map { file($0.file.relativePath) }
    var others: [IngestIssue] = []
    for issue in listing.issues {
      guard let fault = issue.fault else {
        others.append(issue)
        continue
      }
      files.append(file(issue.subject, fault))
    }
    say(others)
    return files
  }

  /// A file that somebody names is compared whatever its name.
  private static func file(_ path: String) throws -> File {
    do throws(SystemError) {
      let status = try FileStatus(of: path)
      let absolute = try PathText.resolved(path)
      let isFile = status.kind == .file && status.size > 0
      return File(
        name: path, path: absolute,
        fault: isFile
          ? nil
          : status.kind == .file ? "the file is empty" : IngestIssue.neither)
    } catch {
      throw ParallaxError.unreadable(path, error)
    }
  }

  /// Says what is not looked at. What may be a picture is a matter of concern: it was not compared.
  private mutating func say(_ issues: [IngestIssue]) {
    for group in IssueSentences.groups(issues) {
      let sentence = IssueSentences.sentence(first: group.first, count: group.count).text
      if [.linkedFolder, .otherKind].contains(group.first.code) {
        warnings.append(sentence)
      } else {
        notes.append(sentence)
      }
    }
  }
}

extension IngestIssue {
  fileprivate static let neither = "it is neither a file nor a folder"

  /// Why a file that looks like a picture is none; `nil` for what is no fault of a picture.
  fileprivate var fault: String? {
    switch code {
    case .notAFile: Self.neither
    case .unreadableFile, .unreadableFolder, .brokenLink, .emptyFile, .fileNameEncoding, .sameName,
      .missingFile:
      reason
    default: nil
    }
  }
}
