import ParallaxCore
private import ParallaxSystem

/// Reads a table of image files.
struct ManifestReader {
  private static let usualPaths = ["path", "file", "filename", "file_name", "image"]

  private let source: String
  private let root: String
  private let records: any MetadataRecords
  private let pathColumn: Int
  private let idColumn: Int?
  private let textColumn: Int?

  private var items: [SourceItem] = []
  private var unreadablePaths: [String] = []
  private var log = IssueLog()
  private var paths: Set<String> = []
  private var ids: Set<ItemID> = []
  private var repetition = RepetitionLog(.duplicatePath)
  private var folders = FolderNames()

  init(
    _ path: String, root folder: String?, columns: ManifestColumns, delimiter: Character?
  ) throws {
    source = path
    records = try TableFile.records(at: path, delimiter: delimiter)
    let folder = folder ?? PathText.folder(of: path)
    do throws(SystemError) { root = try PathText.resolved(folder) } catch {
      throw ParallaxError.unreadable(folder, error)
    }
    guard
      let pathColumn = try records.column(named: columns.path, or: Self.usualPaths, in: path)
    else {
      throw ParallaxError(
        .unknownName,
        "the manifest '\(path)' has no column 'path'; it has \(records.quotedColumnNames)",
        hint: "--path-column names the column that holds the paths")
    }
    self.pathColumn = pathColumn
    idColumn = try records.column(named: columns.id, or: ["id"], in: path)
    textColumn = try records.column(named: columns.text, or: ["text", "caption"], in: path)
  }

  consuming func listing() throws -> SourceListing {
    for row in 0..<records.rowCount {
      guard !Task.isCancelled else {
        throw ParallaxError(.cancelled, "cancelled while reading '\(source)'")
      }
      add(row)
    }
    return SourceListing(
      root: root, items: items,
      issues: records.issues + log.issues + repetition.issues,
      unreadablePaths: unreadablePaths, pathColumn: records.columnNames[pathColumn])
  }

  private mutating func add(_ row: Int) {
    guard let written = records.cell(row: row, column: pathColumn).text else {
      return report(.emptyKey, row, "the path is empty; the row is left out")
    }
    guard !written.contains("://") else {
      return report(.unsupportedPath, row, "'\(written.shortened)' is not the path of a file")
    }
    let spelling = FileSpelling(written, root: root, folders: &folders)
    if spelling.isNear {
      log.add(
        IngestIssue(
          .nearKey, .note, subject: source,
          reason: "'\(written.shortened)' was matched to '\(spelling.path)'",
          line: records.line(ofRow: row)))
    }
    let relative = relativePath(spelling.path)
    guard paths.insert(relative).inserted else {
      return repetition.add(
        subject: source, line: records.line(ofRow: row), one: "'\(relative)' is listed already",
        several: "rows list a file that is listed already")
    }
    let id = idColumn.flatMap { records.cell(row: row, column: $0).text }.map { ItemID($0) }
    if let id, !ids.insert(id).inserted {
      return report(.duplicateID, row, "the id '\(id)' is already used by an earlier image")
    }
    guard let file = file(relative, row) else { return }
    let text = textColumn.flatMap { records.cell(row: row, column: $0).text }
    items.append(SourceItem(id: id, file: file, text: text))
  }

  /// Relative to the root if the file is below it, absolute otherwise.
  private func relativePath(_ written: String) -> String {
    let tidied = FilePath.tidied(written)
    let prefix = root == "/" ? "/" : root + "/"
    return tidied.hasPrefix(prefix) ? String(tidied.dropFirst(prefix.count)) : tidied
  }

  private mutating func file(_ relative: String, _ row: Int) -> FoundFile? {
    let path = PathText.joined(root, relative)
    do throws(SystemError) {
      let status = try FileStatus(of: path)
      guard status.kind == .file else {
        report(.notAFile, row, "'\(relative)' is not a file")
        return nil
      }
      guard status.size > 0 else {
        report(.emptyFile, row, "the file '\(relative)' is empty")
        return nil
      }
      return FoundFile(
        path: path, relativePath: relative, size: status.size, modified: status.modified,
        changed: status.changed)
    } catch {
      if error.isMissing {
        report(.missingFile, row, "there is no file '\(relative)' in '\(root)'")
      } else {
        unreadablePaths.append(path)
        report(.unreadableFile, row, "cannot examine '\(relative)': \(error.reason)")
      }
      return nil
    }
  }

  private mutating func report(_ code: IngestIssue.Code, _ row: Int, _ reason: String) {
    log.add(
      IngestIssue(code, .error, subject: source, reason: reason, line: records.line(ofRow: row)))
  }
}
