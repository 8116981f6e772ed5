import ParallaxCore

/// A CSV or TSV file after RFC 4180, read as Python's `csv` module does where the RFC is silent.
///
/// The first row is the header. Lines end with LF, CRLF or CR; blank lines are skipped. UTF-8
/// and UTF-16 byte order marks are understood; what is not UTF-8 is read as Windows-1252 and
/// reported. A short row is filled with empty cells, a long one cut, both reported.
package struct DelimitedText: MetadataRecords {
  /// Offsets of cells are kept in 31 bits.
  static let sizeLimit = (1 << 31) - 1

  package let columnNames: [String]
  package private(set) var issues: [IngestIssue]
  private let bytes: [UInt8]
  /// Row by row, `columnNames.count` each.
  private let cells: [CellRange]
  private let lines: [UInt32]

  /// - Parameter delimiter: an ASCII character; by default a tab for `.tsv` and `.tab`, else a
  ///   comma, unless the header holds no comma but a semicolon or a tab, which is reported.
  /// - Throws: `unreadable-file`, and `invalid-value` when there is no header or the file is
  ///   larger than 2 GiB.
  package init(contentsOf path: String, delimiter: Character? = nil) throws {
    try self.init(
      try FileSystem.contents(of: path, limit: Self.sizeLimit), source: path, delimiter: delimiter)
  }

  /// Reads `bytes`; `source` names them in issues and errors.
  package init(_ bytes: [UInt8], source: String, delimiter: Character? = nil) throws {
    let text = TextDecoding(bytes, source: source)
    guard text.bytes.count <= Self.sizeLimit else {
      throw ParallaxError(.invalidValue, "'\(source)' holds more than 2 GiB of text")
    }
    var reader = DelimitedReader(source: source)
    let separator = try reader.delimiter(given: delimiter, for: text.bytes)
    text.bytes.withUnsafeBufferPointer { reader.read($0, delimiter: separator) }
    guard !reader.columnNames.isEmpty else {
      throw ParallaxError(.invalidValue, "'\(source)' is empty; its first line names the columns")
    }
    self.bytes = text.bytes
    columnNames = reader.columnNames
    cells = reader.cells
    lines = reader.lines
    issues = text.issues + reader.log.issues
  }

  package var rowCount: Int { lines.count }

  /// The text of a cell, quotes removed; empty where the row is short.
  package func text(row: Int, column: Int) -> String {
    let cell = cells[row * columnNames.count + column]
    return bytes.withUnsafeBufferPointer { $0.text(of: cell) }
  }

  package func cell(row: Int, column: Int) -> RawCell {
    let text = text(row: row, column: column)
    return text.utf8.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      ? .empty : .untyped(text)
  }

  package func line(ofRow row: Int) -> Int { Int(lines[row]) }
}

extension UnsafeBufferPointer<UInt8> {
  fileprivate func text(of cell: CellRange) -> String {
    cell.hasQuotesInside
      ? String(decoding: CellScanner.unquoted(self[cell.bytes]), as: UTF8.self)
      : String(decoding: self[cell.bytes], as: UTF8.self)
  }
}

/// Collects the cells of a delimited text.
private struct DelimitedReader {
  let source: String
  private(set) var columnNames: [String] = []
  private(set) var cells: [CellRange] = []
  private(set) var lines: [UInt32] = []
  private(set) var log = IssueLog()

  init(source: String) { self.source = source }

  mutating func delimiter(given: Character?, for bytes: [UInt8]) throws -> UInt8 {
    if let given {
      guard let byte = given.asciiValue, given != "\"", !given.isNewline else {
        throw ParallaxError(
          .invalidValue, "a delimiter is one ASCII character but not a quote; got '\(given)'")
      }
      return byte
    }
    if ["tsv", "tab"].contains(FilePath.ending(of: source)) { return UInt8(ascii: "\t") }
    let header = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    guard !header.contains(UInt8(ascii: ",")) else { return UInt8(ascii: ",") }
    for (byte, name) in [(UInt8(ascii: ";"), "semicolons"), (UInt8(ascii: "\t"), "tabs")]
    where header.contains(byte) {
      report(.delimiterGuessed, line: 1, "the header has no comma; \(name) separate the columns")
      return byte
    }
    return UInt8(ascii: ",")
  }

  mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8) {
    var scanner = CellScanner(bytes, delimiter: delimiter)
    while scanner.startRow() {
      let line = scanner.line
      let first = cells.count
      var end = CellScanner.Terminator.delimiter
      while end == .delimiter {
        let cellLine = scanner.line
        let next = scanner.next()
        cells.append(next.cell)
        end = next.end
        if let oddity = scanner.oddity { report(oddity, line: cellLine) }
      }
      if columnNames.isEmpty {
        name(columns: cells.map { bytes.text(of: $0) }, line: line)
        cells.removeAll()
      } else {
        lines.append(UInt32(line))
        level(rowFrom: first, line: line)
      }
    }
  }

  /// Gives a row as many cells as there are columns.
  private mutating func level(rowFrom first: Int, line: Int) {
    let count = cells.count - first
    guard count != columnNames.count else { return }
    report(
      .raggedRow, line: line,
      "the row has \(count) \(count == 1 ? "cell" : "cells"); the header has \(columnNames.count)")
    if count > columnNames.count {
      cells.removeLast(count - columnNames.count)
    } else {
      cells += repeatElement(.empty, count: columnNames.count - count)
    }
  }

  private mutating func name(columns: [String], line: Int) {
    var used: Set<String> = []
    for (index, text) in columns.enumerated() {
      var name = text.trimmingBlanks
      if name.isEmpty {
        name = "column_\(index + 1)"
        report(.emptyColumnName, line: line, "column \(index + 1) has no name; it is '\(name)'")
      }
      let wanted = name
      var suffix = 1
      while !used.insert(name).inserted {
        suffix += 1
        name = "\(wanted)_\(suffix)"
      }
      if suffix > 1 {
        report(
          .duplicateColumn, line: line, "two columns are named '\(wanted)'; the later is '\(name)'")
      }
      columnNames.append(name)
    }
  }

  private mutating func report(_ oddity: CellScanner.Oddity, line: Int) {
    switch oddity {
    case .strayQuote:
      report(.strayQuote, line: line, "text follows a closing quote; it was added to the cell")
    case .unclosedQuote:
      log.add(
        IngestIssue(
          .unclosedQuote, .error, subject: source,
          reason: "a quote is opened and never closed; the rest of the file became one cell",
          line: line))
    }
  }

  private mutating func report(_ code: IngestIssue.Code, line: Int, _ reason: String) {
    log.add(IngestIssue(code, subject: source, reason: reason, line: line))
  }
}

extension String {
  /// The text without blanks and tabs around it.
  var trimmingBlanks: String {
    let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    guard let start = utf8.firstIndex(where: { !isBlank($0) }),
      let end = utf8.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(self[start...end])
  }
}
