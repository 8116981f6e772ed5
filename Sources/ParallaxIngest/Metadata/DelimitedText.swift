import ParallaxCore
private import ParallaxSystem
private import ParallaxText

/// A CSV or TSV file after RFC 4180, read as Python's `csv` module does where the RFC is silent.
///
/// The first row is the header. Lines end with LF, CRLF or CR; blank lines are skipped. UTF-8
/// and UTF-16 byte order marks are understood; a line that is not UTF-8 is read as Windows-1252 and
/// reported. A short row is filled with empty cells, a long one cut, both reported. A quote that is
/// never closed, or closed lines later within a cell, is refused: it would swallow rows.
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
  /// - Throws: `unreadable-file`, and `invalid-value` when there is no header, a quote stays open or
  ///   the file is larger than 2 GiB; `cancelled`.
  package init(contentsOf path: String, delimiter: Character? = nil) throws {
    try self.init(
      try InputFile.contents(of: path, atMost: Self.sizeLimit), source: path, delimiter: delimiter)
  }

  /// Reads `bytes`; `source` names them in issues and errors.
  package init(_ bytes: [UInt8], source: String, delimiter: Character? = nil) throws {
    try self.init(try TextDecoding(bytes, source: source), source: source, delimiter: delimiter)
  }

  init(_ text: TextDecoding, source: String, delimiter: Character?) throws {
    guard text.bytes.count <= Self.sizeLimit else {
      throw ParallaxError(.invalidValue, "'\(source)' holds more than 2 GiB of text")
    }
    var reader = DelimitedReader(source: source)
    let separator = try reader.delimiter(given: delimiter, for: text.bytes)
    try text.bytes.withUnsafeBufferPointer { try reader.read($0, delimiter: separator) }
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
    return bytes.withUnsafeBufferPointer { cell.text(in: $0) }
  }

  package func cell(row: Int, column: Int) -> RawCell {
    let text = text(row: row, column: column)
    return text.utf8.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      ? .empty : .untyped(text)
  }

  package func line(ofRow row: Int) -> Int { Int(lines[row]) }
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
    if ["tsv", "tab"].contains(FilePath.tableEnding(of: source)) { return UInt8(ascii: "\t") }
    let header = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    guard !header.contains(UInt8(ascii: ",")) else { return UInt8(ascii: ",") }
    for (byte, name) in [(UInt8(ascii: ";"), "semicolons"), (UInt8(ascii: "\t"), "tabs")]
    where header.contains(byte) {
      log.add(
        IngestIssue(
          .delimiterGuessed, .note, subject: source,
          reason: "the header has no comma; \(name) separate the columns", line: 1))
      return byte
    }
    return UInt8(ascii: ",")
  }

  mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8) throws {
    var scanner = CellScanner(bytes, delimiter: delimiter)
    while scanner.startRow() {
      if lines.count & 0xFFF == 0, Task.isCancelled {
        throw ParallaxError(.cancelled, "cancelled while reading '\(source)'")
      }
      let line = scanner.line
      let first = cells.count
      var end = CellScanner.Terminator.delimiter
      while end == .delimiter {
        let cellLine = scanner.line
        let next = scanner.next()
        cells.append(next.cell)
        end = next.end
        if let oddity = scanner.oddity {
          try note(oddity, from: cellLine, to: scanner.line - (end == .lineEnd ? 1 : 0))
        }
      }
      if columnNames.isEmpty {
        name(columns: cells.map { $0.text(in: bytes) }, line: line)
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
    // The last suffix that a name got: thousands of columns of one name are numbered in one go.
    var suffixes: [String: Int] = [:]
    for (index, text) in columns.enumerated() {
      var name = text.trimmingBlanks.withoutControls
      if name != text.trimmingBlanks {
        report(
          .columnName, line: line,
          "the name of column \(index + 1) holds control characters; it is '\(name)'")
      }
      if name.isEmpty {
        name = "column_\(index + 1)"
        report(.emptyColumnName, line: line, "column \(index + 1) has no name; it is '\(name)'")
      }
      let wanted = name
      var suffix = suffixes[wanted] ?? 1
      if suffix > 1 { name = "\(wanted)_\(suffix)" }
      while !used.insert(name).inserted {
        suffix += 1
        name = "\(wanted)_\(suffix)"
      }
      suffixes[wanted] = suffix
      if suffix > 1 {
        report(
          .duplicateColumn, line: line, "two columns are named '\(wanted)'; the later is '\(name)'")
      }
      columnNames.append(name)
    }
  }

  /// - Throws: for a quote that would swallow rows.
  private mutating func note(
    _ oddity: CellScanner.Oddity, from line: Int, to lastLine: Int
  ) throws {
    switch oddity {
    case .unclosedQuote:
      throw ParallaxError(
        .invalidValue, "'\(source)', line \(line): a quote is opened and never closed",
        hint: "nothing of the table was read; a quote inside a quoted cell is written twice")
    case .strayQuote where lastLine > line:
      throw ParallaxError(
        .invalidValue,
        "'\(source)', line \(line): a quote is opened, and closed only in line \(lastLine), "
          + "where text follows it",
        hint: "nothing of the table was read; a quote inside a quoted cell is written twice")
    case .strayQuote:
      report(.strayQuote, line: line, "text follows a closing quote; it was added to the cell")
    }
  }

  private mutating func report(_ code: IngestIssue.Code, line: Int, _ reason: String) {
    log.add(IngestIssue(code, subject: source, reason: reason, line: line))
  }
}

extension String {
  /// The text with each run of control characters, line ends and invisible marks of direction made
  /// one blank, as the name of a column needs it.
  var withoutControls: String {
    guard unicodeScalars.contains(where: { $0.isControl }) else { return self }
    let parts = unicodeScalars.split(whereSeparator: { $0.isControl })
    return parts.map { String(String.UnicodeScalarView($0)) }.joined(separator: " ").trimmingBlanks
  }
}

extension Unicode.Scalar {
  /// C0, C1, line and paragraph separators, and what turns the direction of writing.
  fileprivate var isControl: Bool {
    switch value {
    case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0xFEFF: true
    default: false
    }
  }
}
