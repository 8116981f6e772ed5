package import ParallaxCore
package import ParallaxSystem
private import ParallaxText

/// Writes rows to a file, and where they came from to another beside it.
package enum Exporter {
  /// The side file of `path`.
  package static func provenancePath(for path: String) -> String { path + "-metadata.json" }

  /// Writes both files, or neither. One row at a time is in memory, unless the format is a
  /// `ReadableFormat`.
  ///
  /// - Parameter provenance: members of the side file, in this order.
  /// - Throws: as `FileWriter.write`, for either file; what `rows` throws; `CancellationError`.
  package static func write(
    _ columns: [Table.Column], _ rows: @escaping Table.Rows, as format: any TableFormat,
    to path: String, replace: Bool, provenance: [(name: String, value: Value)],
    with writer: FileWriter
  ) throws {
    var count = 0
    let table = FileWriter.File(path) { write in
      let counted: Table.Rows = { take in
        try rows { row in
          try take(row)
          count += 1
        }
      }
      try format.write(columns, counted) { try write(Array($0.utf8)) }
    }
    let side = sideFile(of: path, format: type(of: format).id, provenance: provenance) { count }
    try writer.write([table, side], replace: replace)
  }

  /// Writes a Parquet file in the same way.
  ///
  /// - Parameter rows: how many the table has.
  /// - Throws: as `FileWriter.write`, for either file; `CancellationError`.
  package static func write(
    _ table: ParquetTable, rows: Int, to path: String, replace: Bool,
    provenance: [(name: String, value: Value)], with writer: FileWriter
  ) throws {
    let side = sideFile(of: path, format: ParquetTable.id, provenance: provenance) { rows }
    try writer.write([FileWriter.File(path) { try table.write($0) }, side], replace: replace)
  }

  /// Writes a drawing in the same way.
  ///
  /// - Throws: as `FileWriter.write`, for either file.
  package static func write(
    _ drawing: Drawing, to path: String, replace: Bool,
    provenance: [(name: String, value: Value)], with writer: FileWriter
  ) throws {
    let side = sideText("svg", drawing.count, provenance)
    try writer.write(
      [
        FileWriter.File(path, Array(drawing.svg.utf8)),
        FileWriter.File(provenancePath(for: path), Array(side.utf8)),
      ], replace: replace)
  }

  /// Writes a page in the same way.
  ///
  /// - Throws: as `FileWriter.write`, for either file.
  package static func write(
    _ page: [UInt8], sections: Int, to path: String, replace: Bool,
    provenance: [(name: String, value: Value)], with writer: FileWriter
  ) throws {
    let side = sideText("html", sections, provenance)
    try writer.write(
      [
        FileWriter.File(path, page), FileWriter.File(provenancePath(for: path), Array(side.utf8)),
      ], replace: replace)
  }

  /// The file that says where another came from; to be written after that one.
  ///
  /// - Parameters:
  ///   - provenance: members, asked when the file is written.
  ///   - rows: how many there are, asked when the file is written.
  package static func sideFile(
    of path: String, format: String,
    provenance: @escaping @autoclosure () -> [(name: String, value: Value)],
    rows: @escaping () -> Int
  ) -> FileWriter.File {
    FileWriter.File(provenancePath(for: path)) { write in
      try write(Array(sideText(format, rows(), provenance()).utf8))
    }
  }

  private static func sideText(
    _ format: String, _ rows: Int, _ provenance: [(name: String, value: Value)]
  ) -> String {
    let members =
      [("format", Value.text(format)), ("rows", Value(rows))]
      + provenance.map { ($0.name, $0.value) }
    let lines = members.map { "  \(JSON.string($0.0)): \(JSONText.value($0.1))" }
    return "{\n\(lines.joined(separator: ",\n"))\n}\n"
  }
}
