package import ParallaxCore
package import ParallaxSystem

/// Writes a table to a file, and where it came from to another beside it.
package enum Exporter {
  /// The side file of `path`.
  package static func provenancePath(for path: String) -> String { path + "-metadata.json" }

  /// Writes both files, or neither.
  ///
  /// - Parameter provenance: members of the side file, in this order.
  /// - Throws: as `FileWriter.write`, for either file.
  package static func write(
    _ table: Table, format: any TableFormat.Type, style: TableStyle, to path: String, replace: Bool,
    provenance: [(name: String, value: Value)], with writer: FileWriter
  ) throws {
    var text = ""
    try format.write(table, style: style) { text += $0 }
    let members =
      [("format", Value.text(format.id)), ("rows", Value(table.rows.count))]
      + provenance.map { ($0.name, $0.value) }
    let object = members.map { "  \(JSONText.string($0.0)): \(JSONText.value($0.1))" }
      .joined(separator: ",\n")
    try writer.write(
      [
        .init(path, Array(text.utf8)),
        .init(provenancePath(for: path), Array("{\n\(object)\n}\n".utf8)),
      ], replace: replace)
  }
}
