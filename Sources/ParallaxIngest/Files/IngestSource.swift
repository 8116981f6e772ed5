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
  /// The absolute path of the folder, or of the manifest's folder.
  package var root: String
  /// No path and no given id twice; a folder in the byte order of relative paths, a manifest in its
  /// own order.
  package var items: [SourceItem]
  package var issues: [IngestIssue]
  /// Absolute paths of folders whose contents are unknown.
  package var unreadableFolders: [String]

  package init(
    root: String, items: [SourceItem], issues: [IngestIssue] = [], unreadableFolders: [String] = []
  ) {
    self.root = root
    self.items = items
    self.issues = issues
    self.unreadableFolders = unreadableFolders
  }
}

/// Where images come from: a folder, or a table that lists files.
package enum IngestSource: Sendable, Hashable {
  /// The files below a folder; without a pattern, all that end as images do.
  case folder(String, glob: Glob? = nil)
  /// The files listed in a CSV, TSV or JSONL file, relative to its folder.
  case manifest(String, columns: ManifestColumns = ManifestColumns())

  /// The images there are now.
  ///
  /// - Throws: `unreadable-file`, `invalid-value`, `unknown-name`, `cancelled`.
  @concurrent package func listing() async throws -> SourceListing {
    switch self {
    case .folder(let path, let glob):
      let scan = try FolderScan(of: path, matching: glob)
      return SourceListing(
        root: scan.root, items: scan.files.map { SourceItem(file: $0) }, issues: scan.issues,
        unreadableFolders: scan.unreadableFolders)
    case .manifest(let path, let columns):
      return try ManifestReader(path, columns: columns).listing()
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
