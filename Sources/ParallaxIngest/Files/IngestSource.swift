package import ParallaxCore

/// An image to ingest, found but not yet read.
package struct SourceItem: Sendable, Hashable {
  /// The id a manifest gives; otherwise ids follow from paths (see `ItemNaming`).
  package var id: ItemID?
  package var file: FoundFile
  /// The text that goes with the image, such as its caption.
  package var text: String?

  package init(id: ItemID? = nil, file: FoundFile, text: String? = nil) {
    self.id = id
    self.file = file
    self.text = text
  }
}

/// What a source holds now.
package struct SourceListing: Sendable {
  /// The canonical absolute path of the folder that relative paths start from.
  package var root: String
  /// No path and no given id twice; a folder in the byte order of relative paths, a manifest in its
  /// own order.
  package var items: [SourceItem]
  package var issues: [IngestIssue]
  /// Absolute paths of files and folders that could not be looked at: unknown, not gone.
  package var unreadablePaths: [String]
  /// The column of paths, of a manifest.
  package var pathColumn: String?

  package init(
    root: String, items: [SourceItem], issues: [IngestIssue] = [], unreadablePaths: [String] = [],
    pathColumn: String? = nil
  ) {
    self.pathColumn = pathColumn
    self.root = root
    self.items = items
    self.issues = issues
    self.unreadablePaths = unreadablePaths
  }
}

/// Where images come from: a folder, or a table that lists files.
package enum IngestSource: Sendable, Hashable {
  /// The files below a folder; without a pattern, all that end as images do.
  case folder(String, glob: Glob? = nil, followsLinks: Bool = false)
  /// The files listed in a table, relative to `root` or, without it, to the folder of the manifest.
  case manifest(
    String, root: String? = nil, columns: ManifestColumns = ManifestColumns(),
    delimiter: Character? = nil)

  /// The images there are now.
  ///
  /// - Parameter heads: tells files of a folder that are pictures by their first bytes.
  /// - Throws: `unreadable-file`, `invalid-value`, `unknown-name`, `cancelled`.
  @concurrent package func listing(
    recognizing heads: HeadReader? = nil
  ) async throws -> SourceListing {
    switch self {
    case .folder(let path, let glob, let followsLinks):
      let scan = try FolderScan(
        of: path, matching: glob, recognizing: heads, followsLinks: followsLinks)
      return SourceListing(
        root: scan.root, items: scan.files.map { SourceItem(file: $0) }, issues: scan.issues,
        unreadablePaths: scan.unreadablePaths)
    case .manifest(let path, let root, let columns, let delimiter):
      return try ManifestReader(path, root: root, columns: columns, delimiter: delimiter).listing()
    }
  }
}

/// Which columns of a manifest hold what; `nil` for the usual name if the manifest has it.
package struct ManifestColumns: Sendable, Hashable {
  /// Usually `path`, `file`, `filename`, `file_name` or `image`.
  package var path: String?
  /// Usually `id`.
  package var id: String?
  /// Usually `text` or `caption`.
  package var text: String?

  package init(path: String? = nil, id: String? = nil, text: String? = nil) {
    self.path = path
    self.id = id
    self.text = text
  }
}
