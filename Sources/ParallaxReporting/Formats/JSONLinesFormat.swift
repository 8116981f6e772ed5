package import ParallaxCore

/// One object a line; numbers in shortest form, what is not finite as null.
package enum JSONLinesFormat: TableFormat {
  package static let id = "jsonl"
  package static let fileExtensions = ["jsonl", "ndjson"]
  package static let summary = "one JSON object a line"

  package static func write(
    _ table: Table, style: TableStyle, to output: (String) throws -> Void
  ) throws {
    for row in table.rows { try output(JSONText.object(table.columns, row) + "\n") }
  }
}
