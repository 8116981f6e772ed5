import ParallaxCore
private import ParallaxSystem

/// Objects of JSON, one a line (`.jsonl`) or in one array; the members are the columns.
///
/// Columns stand in order of first appearance. The members of an object inside an object are columns
/// `outer.inner`; an array is kept as its JSON text, and as several values where asked. Null and
/// the empty string are empty cells. A line that is no object is reported and skipped; an array
/// with a fault is refused. Of two members of one name the first counts.
package struct JSONRecords: MetadataRecords {
  package private(set) var columnNames: [String] = []
  package private(set) var issues: [IngestIssue] = []
  /// A row ends with its last member; columns behind that are empty.
  private var rows: [[RawCell]] = []
  private var lines: [Int] = []
  private var columns: [String: Int] = [:]
  private var log = IssueLog()
  private let source: String

  /// - Throws: `unreadable-file`, and `invalid-value` when there is no object; `cancelled`.
  package init(contentsOf path: String) throws {
    try self.init(
      try InputFile.contents(of: path, atMost: DelimitedText.sizeLimit), source: path)
  }

  /// Reads `bytes`; `source` names them in issues and errors.
  package init(_ bytes: [UInt8], source: String) throws {
    try self.init(try TextDecoding(bytes, source: source), source: source)
  }

  init(_ text: TextDecoding, source: String) throws {
    self.source = source
    let isArray = text.bytes.first { $0 > 0x20 } == UInt8(ascii: "[")
    if isArray {
      try readArray(text.bytes)
    } else {
      try readLines(text.bytes)
    }
    issues = text.issues + log.issues
    guard rows.isEmpty else { return }
    if isArray { throw ParallaxError(.invalidValue, "'\(source)' has no object in its array") }
    var reader = JSONObjectReader(text.bytes[...])
    if (try? reader.members()) != nil {
      throw ParallaxError(
        .invalidValue, "'\(source)' is one JSON object; a table has one for each item",
        hint: "'jq -c .NAME[]' writes an array inside it as lines")
    }
    throw ParallaxError(
      .invalidValue, "'\(source)' has no line that is a JSON object",
      hint: issues.first?.description)
  }

  package var rowCount: Int { rows.count }

  package func cell(row: Int, column: Int) -> RawCell {
    column < rows[row].count ? rows[row][column] : .empty
  }

  package func line(ofRow row: Int) -> Int { lines[row] }

  private mutating func readLines(_ bytes: [UInt8]) throws {
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      if number & 0xFFF == 0 { try checkCancellation() }
      guard line.contains(where: { $0 > 0x20 }) else { continue }
      var reader = JSONObjectReader(line)
      do throws(JSONObjectReader.Fault) {
        add(try reader.members(), line: number)
      } catch {
        report(
          .badJSON, .error, "\(error.reason) (column \(error.offset + 1)); the line is left out",
          line: number)
      }
    }
  }

  private mutating func readArray(_ bytes: [UInt8]) throws {
    var reader = JSONObjectReader(bytes[...])
    var line = 1
    var counted = 0
    do throws(JSONObjectReader.Fault) {
      try reader.enterArray()
      while let offset = try reader.nextElement() {
        line += bytes[counted..<offset].count { $0 == UInt8(ascii: "\n") }
        counted = offset
        add(try reader.object(), line: line)
        if rows.count & 0xFFF == 0, Task.isCancelled { break }
      }
    } catch {
      let before = bytes[..<min(error.offset, bytes.count)]
      let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      throw ParallaxError(
        .invalidValue,
        "'\(source)', line \(before.count { $0 == UInt8(ascii: "\n") } + 1), "
          + "column \(error.offset - start + 1): \(error.reason)",
        hint: "nothing of the table was read")
    }
    try checkCancellation()
  }

  private func checkCancellation() throws {
    guard Task.isCancelled else { return }
    throw ParallaxError(.cancelled, "cancelled while reading '\(source)'")
  }

  private mutating func add(_ members: [(name: String, cell: RawCell)], line: Int) {
    var row: [RawCell] = []
    var seen: Set<Int> = []
    for member in members {
      let column = columns[member.name] ?? newColumn(member.name, line: line)
      guard seen.insert(column).inserted else {
        report(
          .duplicateMember, .warning,
          "two members are named '\(columnNames[column])'; the first counts", line: line)
        continue
      }
      if column >= row.count { row += repeatElement(.empty, count: column + 1 - row.count) }
      row[column] = member.cell
    }
    rows.append(row)
    lines.append(line)
  }

  /// A name is trimmed and freed of control characters, as a header's is.
  private mutating func newColumn(_ name: String, line: Int) -> Int {
    var tidy = name.trimmingBlanks.withoutControls
    if tidy.isEmpty { tidy = "column_\(columnNames.count + 1)" }
    if tidy != name, columns[tidy] == nil {
      report(
        .columnName, .warning,
        "a member's name has blanks around it, control characters or nothing in it; "
          + "it is '\(tidy)'", line: line)
    }
    let column = columns[tidy] ?? columnNames.count
    if column == columnNames.count { columnNames.append(tidy) }
    columns[tidy] = column
    columns[name] = column
    return column
  }

  private mutating func report(
    _ code: IngestIssue.Code, _ severity: IngestIssue.Severity, _ reason: String, line: Int
  ) {
    log.add(IngestIssue(code, severity, subject: source, reason: reason, line: line))
  }
}
