package import ParallaxCore

/// One object a line; numbers in shortest form, what is not finite as null.
package struct JSONLinesFormat: TableFormat {
  package static let id = "jsonl"
  package static let fileExtensions = ["jsonl", "ndjson"]
  package static let summary = "one JSON object per line"

  private var columns: [Table.Column] = []

  package init() {}

  package mutating func begin(_ columns: [Table.Column], to output: Output) {
    self.columns = columns
  }

  package mutating func write(_ row: [Value], to output: Output) throws {
    try output(JSONText.object(columns, row) + "\n")
  }

  package mutating func end(to output: Output) {}
}
