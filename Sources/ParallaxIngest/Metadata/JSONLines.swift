import ParallaxCore

/// A `.jsonl` or `.ndjson` file: one JSON object a line; the members are the columns.
///
/// Columns stand in order of first appearance. Arrays and objects are kept as their JSON text;
/// null and the empty string are empty cells. A line that is no object is reported and skipped; of
/// two members of one name the first counts.
package struct JSONLines: MetadataRecords {
  private static let sizeLimit = (1 << 31) - 1

  package private(set) var columnNames: [String] = []
  package private(set) var issues: [IngestIssue] = []
  /// A row ends with its last member; columns behind that are empty.
  private var rows: [[RawCell]] = []
  private var lines: [Int] = []

  /// - Throws: `unreadable-file`, and `invalid-value` when no line is an object.
  package init(contentsOf path: String) throws {
    try self.init(try FileSystem.contents(of: path, limit: Self.sizeLimit), source: path)
  }

  /// Reads `bytes`; `source` names them in issues and errors.
  package init(_ bytes: [UInt8], source: String) throws {
    let text = TextDecoding(bytes, source: source)
    var log = IssueLog()
    var columns: [String: Int] = [:]
    var number = 0
    for line in text.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      guard line.contains(where: { $0 > 0x20 }) else { continue }
      read(line, number: number, columns: &columns) { code, severity, reason in
        log.add(IngestIssue(code, severity, subject: source, reason: reason, line: number))
      }
    }
    issues = text.issues + log.issues
    guard !rows.isEmpty else {
      throw ParallaxError(
        .invalidValue, "'\(source)' has no line that is a JSON object",
        hint: issues.first?.description)
    }
  }

  package var rowCount: Int { rows.count }

  package func cell(row: Int, column: Int) -> RawCell {
    column < rows[row].count ? rows[row][column] : .empty
  }

  package func line(ofRow row: Int) -> Int { lines[row] }

  private mutating func read(
    _ line: ArraySlice<UInt8>, number: Int, columns: inout [String: Int],
    report: (IngestIssue.Code, IngestIssue.Severity, String) -> Void
  ) {
    var reader = JSONObjectReader(line)
    do throws(JSONObjectReader.Fault) {
      var row: [RawCell] = []
      var seen: Set<Int> = []
      for member in try reader.members() {
        let column = columns[member.name] ?? columnNames.count
        if column == columnNames.count {
          columns[member.name] = column
          columnNames.append(member.name)
        }
        guard seen.insert(column).inserted else {
          report(.duplicateMember, .warning, "two members are named '\(member.name)'")
          continue
        }
        if column >= row.count { row += repeatElement(.empty, count: column + 1 - row.count) }
        row[column] = member.cell
      }
      rows.append(row)
      lines.append(number)
    } catch {
      report(.badJSON, .error, "\(error.reason) (column \(error.offset + 1)); the line is left out")
    }
  }
}
