package import ParallaxCore

/// Writes a table to a file, and where it came from to another beside it.
package enum Exporter {
  /// The side file of `path`.
  package static func provenancePath(for path: String) -> String { path + "-metadata.json" }

  /// - Parameter provenance: members of the side file, in this order.
  /// - Throws: as `AtomicFile.write`; then the table's file is as it was.
  package static func write(
    _ table: Table, format: any TableFormat.Type, style: TableStyle, to path: String, replace: Bool,
    provenance: [(name: String, value: Value)]
  ) throws {
    var text = ""
    try format.write(table, style: style) { text += $0 }
    try AtomicFile.write(Array(text.utf8), to: path, replace: replace)
    let members =
      [("format", Value.text(format.id)), ("rows", Value(table.rows.count))]
      + provenance.map { ($0.name, $0.value) }
    let object = members.map { "  \(JSONText.string($0.0)): \(JSONText.value($0.1))" }
      .joined(separator: ",\n")
    // The side file belongs to the table's file: it never outlives what it describes.
    try AtomicFile.write(
      Array("{\n\(object)\n}\n".utf8), to: provenancePath(for: path), replace: true)
  }
}
