private import ParallaxSystem

/// Paths that lead through a tar archive as through a folder: `/data/0001.tar/dog.jpg`.
package enum ArchivePath {
  package static let ending = "tar"

  /// Endings of packed archives, which are refused by name.
  private static let packed = [".tar.gz", ".tgz", ".tar.zst", ".tar.bz2", ".tar.xz"]

  /// Whether a name or a pattern is one of archives, packed ones among them.
  package static func isName(_ name: String) -> Bool {
    let name = name.lowercased()
    return name.hasSuffix(".\(ending)") || packed.contains { name.hasSuffix($0) }
  }

  /// The archive, and the name of the member in it.
  ///
  /// - Returns: `nil` where no part of the path is a file that is named as an archive. No file system
  ///   has anything below a file, so a path has one meaning.
  package static func split(_ path: String) -> (archive: String, member: String)? {
    var start = path.startIndex
    while let range = path[start...].firstRange(of: ".\(ending)/") {
      let end = path.index(before: range.upperBound)
      let archive = String(path[..<end])
      if FileStatus(at: archive)?.kind == .file {
        return (archive, String(path[range.upperBound...]))
      }
      start = range.upperBound
    }
    return nil
  }
}
