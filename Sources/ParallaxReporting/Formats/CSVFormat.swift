package import ParallaxCore

/// Comma-separated values: RFC 4180 with line feeds, UTF-8, a header row.
///
/// Null is an empty field, the empty string `""`. Reals are the shortest decimal that reads back
/// to the same 64 bits; `nan`, `inf` and `-inf` as pandas and Python read them.
package struct CSVFormat: SpreadsheetFormat {
  package static let id = "csv"
  package static let fileExtensions = ["csv"]
  package static let summary = "comma-separated values, RFC 4180"

  private let line: DelimitedLine

  package init() { self.init(isSpreadsheetSafe: false) }

  package init(isSpreadsheetSafe: Bool) {
    line = DelimitedLine(separator: ",", isSpreadsheetSafe: isSpreadsheetSafe)
  }

  package mutating func begin(_ columns: [Table.Column], to output: Output) throws {
    try write(columns.map { .text($0.name) }, to: output)
  }

  package mutating func write(_ row: [Value], to output: Output) throws {
    try output(line.text(row))
  }

  package mutating func end(to output: Output) {}
}
