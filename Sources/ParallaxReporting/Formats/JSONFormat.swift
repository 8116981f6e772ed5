package import ParallaxCore

/// One array of objects; numbers in shortest form, what is not finite as null.
package enum JSONFormat: TableFormat {
  package static let id = "json"
  package static let fileExtensions = ["json"]
  package static let summary = "an array of objects"

  package static func write(
    _ table: Table, style: TableStyle, to output: (String) throws -> Void
  ) throws {
    guard !table.rows.isEmpty else { return try output("[]\n") }
    for (index, row) in table.rows.enumerated() {
      try output((index == 0 ? "[\n  " : ",\n  ") + JSONText.object(table.columns, row))
    }
    try output("\n]\n")
  }
}
