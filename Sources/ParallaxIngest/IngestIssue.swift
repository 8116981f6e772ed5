/// Something noticed while finding images or reading their metadata, that did not stop the work.
///
/// Reasons are worded as `ParallaxError` messages are: lower case, no full stop.
package struct IngestIssue: Sendable, Hashable {
  /// Stable names, shown beside the reason and matched by tests and scripts.
  package enum Code: String, Sendable, Hashable, CaseIterable {
    // Folders and files.
    case hiddenFile = "hidden-file"
    case resourceFork = "resource-fork"
    case repeatedFolder = "repeated-folder"
    case linkedFolder = "linked-folder"
    case unreadableFolder = "unreadable-folder"
    case unreadableFile = "unreadable-file"
    case missingFile = "missing-file"
    case brokenLink = "broken-link"
    case notAFile = "not-a-file"
    case emptyFile = "empty-file"
    case fileNameEncoding = "file-name-encoding"
    case sameName = "same-name"
    case otherKind = "other-kind"
    case damagedArchive = "damaged-archive"
    case archiveMember = "archive-member"
    case unreadTable = "unread-table"
    // Tables of metadata and manifests.
    case textEncoding = "text-encoding"
    case delimiterGuessed = "delimiter-guessed"
    case strayQuote = "stray-quote"
    case raggedRow = "ragged-row"
    case duplicateColumn = "duplicate-column"
    case emptyColumnName = "empty-column-name"
    case columnName = "column-name"
    case reservedColumn = "reserved-column"
    case badJSON = "bad-json"
    case duplicateMember = "duplicate-member"
    case valueKind = "value-kind"
    case columnOfTexts = "column-of-texts"
    // Joining rows to images.
    case emptyKey = "empty-key"
    case duplicateKey = "duplicate-key"
    case otherValue = "other-value"
    case nearKey = "near-key"
    case ambiguousKey = "ambiguous-key"
    case rowWithoutImage = "row-without-image"
    case imageWithoutRow = "image-without-row"
    case duplicatePath = "duplicate-path"
    case duplicateID = "duplicate-id"
    case unsupportedPath = "unsupported-path"
  }

  package enum Severity: String, Sendable, Hashable {
    /// Worth knowing, and nothing is amiss.
    case note
    /// Something was left out or repaired on purpose.
    case warning
    /// Something the person asked for is missing from the outcome.
    case error
  }

  package var code: Code
  package var severity: Severity
  /// The item, file or folder it is about.
  package var subject: String
  package var reason: String
  /// One-based line in the file named by `subject`, for tables.
  package var line: Int?
  /// How many cases it stands for: 1, or more when it sums up the rest of a long series.
  package var count: Int

  package init(
    _ code: Code, _ severity: Severity = .warning, subject: String, reason: String,
    line: Int? = nil, count: Int = 1
  ) {
    self.code = code
    self.severity = severity
    self.subject = subject
    self.reason = reason
    self.line = line
    self.count = count
  }
}

extension IngestIssue: CustomStringConvertible {
  /// `metadata.csv:12: the row has 3 cells; the header has 4`.
  package var description: String {
    let place = line.map { "\(subject):\($0)" } ?? subject
    return "\(place): \(reason)"
  }
}
