import ParallaxCore

/// A file as the folder showed it.
package struct FoundFile: Sendable, Hashable {
  /// The canonical absolute path of the root, followed by `relativePath`.
  package var path: String
  /// Relative to the root, parts separated by `/`.
  package var relativePath: String
  /// In bytes.
  package var size: Int64
  /// Nanoseconds since 1970.
  package var modified: Int64

  package init(path: String, relativePath: String, size: Int64, modified: Int64) {
    self.path = path
    self.relativePath = relativePath
    self.size = size
    self.modified = modified
  }
}

/// The image files below a folder, in the byte order of their relative paths.
///
/// Links to files and folders are followed, each real folder once, so that loops end.
/// Names that begin with a point, macOS resource forks (`._x.jpg`) and `__MACOSX` folders
/// are left out and reported; other names that do not match are left out silently.
package struct FolderScan: Sendable {
  /// Endings taken for images when there is no pattern.
  package static let imageEndings = [
    "jpg", "jpeg", "png", "webp", "heic", "heif", "avif", "gif", "tif", "tiff", "bmp",
  ]

  /// The canonical absolute path of the folder.
  package let root: String
  package private(set) var files: [FoundFile] = []
  package private(set) var issues: [IngestIssue] = []
  /// Absolute paths of folders that could not be read: what is below them is unknown, not gone.
  package private(set) var unreadableFolders: [String] = []

  /// Walks the folder at `path`.
  ///
  /// - Parameter glob: replaces the test for image endings.
  /// - Throws: `unreadable-file` when the folder itself cannot be read, `cancelled`.
  package init(of path: String, matching glob: Glob? = nil) throws {
    root = path
  }
}
