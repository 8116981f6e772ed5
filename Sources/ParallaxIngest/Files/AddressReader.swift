import ParallaxCore
private import ParallaxSystem
import ParallaxText

/// Reads a list of the addresses of pictures: a table with a column of them, or one a line.
struct AddressReader {
  private static let usualNames = [
    "url", "image_url", "uri", "link", "href", "address", "src", "image", "path",
  ]

  private let source: String
  /// `nil` for a file with one address a line.
  private let table: (records: any MetadataRecords, column: Int, id: Int?, text: Int?)?
  private let lines: [(line: Int, text: String)]

  private var items: [SourceItem] = []
  private var secrets: [String: String] = [:]
  private var log = IssueLog()
  private var paths: Set<String> = []
  private var ids: Set<ItemID> = []
  private var repetition = RepetitionLog(.duplicatePath)

  init(_ path: String, columns: ManifestColumns, delimiter: Character?) throws {
    source = path
    let bytes = try InputFile.contents(of: path, atMost: DelimitedText.sizeLimit)
    if let lines = Self.lines(bytes), columns == ManifestColumns(), delimiter == nil {
      self.lines = lines
      table = nil
      return
    }
    lines = []
    let records = try TableFile.records(in: bytes, source: path, delimiter: delimiter)
    guard
      let column = try records.column(named: columns.path, or: Self.usualNames, in: path)
    else {
      throw ParallaxError(
        .unknownName,
        "the table '\(path)' has no column 'url'; it has \(records.quotedColumnNames)",
        hint: "--path-column names the column that holds the addresses")
    }
    table = (
      records, column, try records.column(named: columns.id, or: ["id"], in: path),
      try records.column(named: columns.text, or: ["text", "caption"], in: path)
    )
  }

  /// The lines of a file whose first one is an address; blank ones and those behind '#' do not count.
  private static func lines(_ bytes: [UInt8]) -> [(line: Int, text: String)]? {
    guard !Gunzip.isGzip(bytes), let text = String(validating: bytes, as: UTF8.self) else {
      return nil
    }
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.enumerated()
      .map { (line: $0.offset + 1, text: String($0.element).trimmingBlanks) }
      .filter { !$0.text.isEmpty && !$0.text.hasPrefix("#") }
    guard let first = lines.first?.text.lowercased(),
      first.hasPrefix("http://") || first.hasPrefix("https://")
    else { return nil }
    return lines
  }

  consuming func listing() throws -> SourceListing {
    if let table {
      for row in 0..<table.records.rowCount {
        if row & 0xFFF == 0 { try checkCancellation() }
        add(
          table.records.cell(row: row, column: table.column).text, row: row,
          line: table.records.line(ofRow: row))
      }
    } else {
      for (line, text) in lines { add(text, row: nil, line: line) }
    }
    var listing = SourceListing(
      root: PathText.folder(of: source), items: items,
      issues: (table?.records.issues ?? []) + log.issues + repetition.issues,
      pathColumn: table.map { $0.records.columnNames[$0.column] })
    listing.secretAddresses = secrets
    return listing
  }

  private func checkCancellation() throws {
    guard Task.isCancelled else { return }
    throw ParallaxError(.cancelled, "cancelled while reading '\(source)'")
  }

  private mutating func add(_ written: String?, row: Int?, line: Int) {
    guard let written else {
      return report(.emptyKey, line, "the address is empty; the row is left out")
    }
    let address: WebAddress
    do throws(WebAddress.Fault) {
      address = try WebAddress(written.trimmingBlanks)
    } catch {
      return report(.unsupportedPath, line, error.reason)
    }
    guard paths.insert(address.shown).inserted else {
      if address.holdsSecret, secrets[address.shown] != address.whole {
        return report(
          .duplicatePath, line,
          "'\(address.shown)' differs from an earlier row only in values that may be keys, which are not "
            + "kept: the row is left out")
      }
      return repetition.add(
        subject: source, line: line, one: "'\(address.shown)' is listed already",
        several: "rows list an address that is listed already")
    }
    let id = cell(table?.id, row).map { ItemID($0) }
    if let id, !ids.insert(id).inserted {
      return report(.duplicateID, line, "the id '\(id)' is already used by an earlier image")
    }
    if address.holdsSecret { secrets[address.shown] = address.whole }
    items.append(
      SourceItem(
        id: id,
        // Nothing is known before it is asked for.
        file: FoundFile(path: address.shown, relativePath: address.name, size: -1, modified: 0),
        text: cell(table?.text, row)))
  }

  private func cell(_ column: Int?, _ row: Int?) -> String? {
    guard let column, let row else { return nil }
    return table?.records.cell(row: row, column: column).text
  }

  private mutating func report(_ code: IngestIssue.Code, _ line: Int, _ reason: String) {
    log.add(IngestIssue(code, .error, subject: source, reason: reason, line: line))
  }
}

extension WebAddress.Fault {
  /// Without the address, which may hold a password.
  fileprivate var reason: String {
    switch self {
    case .scheme(""): "the row holds no address; one begins with https:// or http://"
    case .scheme(let scheme):
      "addresses of '\(scheme.shortened)' are not read; they begin with https:// or http://"
    case .noHost: "the address names no host"
    case .login: "the address holds a name or password, which would be stored: sign it instead"
    case .character: "the address holds a blank or another character that must be escaped"
    case .length: "the address is longer than \(WebAddress.longest) bytes"
    }
  }
}
