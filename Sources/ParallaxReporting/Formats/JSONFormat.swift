package import ParallaxCore

/// One array of objects; numbers in shortest form, what is not finite as null.
package struct JSONFormat: TableFormat {
  package static let id = "json"
  package static let fileExtensions = ["json"]
  package static let summary = "an array of objects"

  private var columns: [Table.Column] = []
  private var isEmpty = true

  package init() {}

  package mutating func begin(_ columns: [Table.Column], to output: Output) {
    self.columns = columns
    isEmpty = true
  }

  package mutating func write(_ row: [Value], to output: Output) throws {
    try output((isEmpty ? "[\n  " : ",\n  ") + JSONText.object(columns, row))
    isEmpty = false
  }

  package mutating func end(to output: Output) throws {
    try output(isEmpty ? "[]\n" : "\n]\n")
  }
}
