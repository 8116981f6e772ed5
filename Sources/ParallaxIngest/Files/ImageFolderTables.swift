private import ParallaxSystem

/// The tables that describe the images of a folder as the `imagefolder` datasets of Hugging Face have
/// them: `metadata.jsonl` or `metadata.csv` beside the images, whose column `file_name` holds paths
/// relative to it. Columns `NAME_file_name` name one image each, too.
struct ImageFolderTables {
  static let names: Set<String> = ["metadata.csv", "metadata.jsonl", "metadata.parquet"]

  private(set) var tables: [FoundTable] = []
  private(set) var issues: [IngestIssue] = []

  /// - Parameter found: relative to the root.
  init(_ found: [String], in root: String) {
    let folders = Dictionary(grouping: found.sorted()) {
      PathText.folder(of: PathText.joined(root, $0))
    }
    for (folder, paths) in folders.sorted(by: { $0.key < $1.key }) {
      let tables = paths.filter { !$0.hasSuffix(".parquet") }.compactMap {
        Self.table(PathText.joined(root, $0), in: folder)
      }
      self.tables += tables
      guard tables.isEmpty, let parquet = paths.first(where: { $0.hasSuffix(".parquet") }) else {
        continue
      }
      issues.append(
        IngestIssue(
          .unreadTable, subject: parquet,
          reason: "tables of Parquet are not read, so nothing of it describes the images; "
            + "duckdb -c \"copy (from 'metadata.parquet') to 'metadata.csv'\" writes it as one that is"
        ))
    }
  }

  private static func table(_ path: String, in folder: String) -> FoundTable? {
    let columns = MetadataHeader.columns(ofFileAt: path)
    let keys =
      columns.contains("file_name")
      ? ["file_name"] : columns.filter { $0.hasSuffix("_file_name") }
    return keys.isEmpty ? nil : FoundTable(path: path, folder: folder, keys: keys)
  }
}
