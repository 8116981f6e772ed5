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
  /// What is asked for where it is not the path of the item, because it may be a key.
  package var secretAddresses: [String: String] = [:]
  /// Tables that came with the images and describe them.
  package var tables: [FoundTable] = []
  /// What is to be said of tables beside the images, where they are joined.
  package var tableIssues: [IngestIssue] = []

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

/// A table that was found beside the images it describes, or made of what describes each of them.
package struct FoundTable: Sendable {
  /// The file, or what was read instead; for messages.
  package var path: String
  /// The folder below which the images are that it describes; `nil` for all.
  package var folder: String?
  /// The columns that name images.
  package var keys: [String]
  /// Its rows, where they are no file's.
  package var records: (any MetadataRecords)?

  package init(
    path: String, folder: String? = nil, keys: [String], records: (any MetadataRecords)? = nil
  ) {
    self.path = path
    self.folder = folder
    self.keys = keys
    self.records = records
  }
}

/// Where images come from: a folder, a table that lists files, or a list of addresses.
package enum IngestSource: Sendable, Hashable {
  /// The files below a folder; without a pattern, all that end as images do.
  case folder(String, glob: Glob? = nil, followsLinks: Bool = false)
  /// The files listed in a table, relative to `root` or, without it, to the folder of the manifest.
  case manifest(
    String, root: String? = nil, columns: ManifestColumns = ManifestColumns(),
    delimiter: Character? = nil)
  /// The pictures within tar archives: one, or those of a folder that match.
  case archives(String, glob: Glob? = nil)
  /// The pictures at the addresses that a table, or a file with one a line, lists.
  case addresses(
    String, columns: ManifestColumns = ManifestColumns(), delimiter: Character? = nil)

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
      var listing = SourceListing(
        root: scan.root, items: scan.files.map { SourceItem(file: $0) }, issues: scan.issues,
        unreadablePaths: scan.unreadablePaths)
      let tables = ImageFolderTables(scan.tables, in: scan.root)
      listing.tables = tables.tables
      listing.tableIssues = tables.issues
      return listing
    case .manifest(let path, let root, let columns, let delimiter):
      return try ManifestReader(path, root: root, columns: columns, delimiter: delimiter).listing()
    case .archives(let path, let glob):
      return try ArchiveReader(path, glob: glob, recognizing: heads).listing()
    case .addresses(let path, let columns, let delimiter):
      return try AddressReader(path, columns: columns, delimiter: delimiter).listing()
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
