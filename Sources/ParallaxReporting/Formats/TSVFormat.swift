package import ParallaxCore

/// Tab-separated values, otherwise as ``CSVFormat``.
package struct TSVFormat: SpreadsheetFormat {
  package static let id = "tsv"
  package static let fileExtensions = ["tsv"]
  package static let summary = "tab-separated values, quoted as in CSV"

  private let line: DelimitedLine

  package init() { self.init(isSpreadsheetSafe: false) }

  package init(isSpreadsheetSafe: Bool) {
    line = DelimitedLine(separator: "\t", isSpreadsheetSafe: isSpreadsheetSafe)
  }

  package mutating func begin(_ columns: [Table.Column], to output: Output) throws {
    try write(columns.map { .text($0.name) }, to: output)
  }

  package mutating func write(_ row: [Value], to output: Output) throws {
    try output(line.text(row))
  }

  package mutating func end(to output: Output) {}
}
