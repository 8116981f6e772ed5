internal import ParallaxCore
package import ParallaxSystem

/// What TensorBoard's Embedding Projector loads: a table of numbers without a header, and one of what is
/// known of each row, with a header.
///
/// The Projector knows no quotes: a tab, a line break or a backslash in a text is written `\t`, `\n`,
/// `\r` or `\\`; null is an empty field.
package enum ProjectorVectors: VectorFormat {
  package static let id = "projector"
  package static let fileExtension = "tsv"
  package static let summary = "numbers and metadata for TensorBoard's Embedding Projector"
  package static let holdsColumns = true

  package static func besides(_ path: String) -> [String] { [sibling(of: path, "metadata.tsv")] }

  package static func files(of set: VectorSet, at path: String) throws -> [FileWriter.File] {
    let matrix = set.matrix
    return [
      FileWriter.File(path) { write in
        for row in 0..<matrix.rowCount {
          if row % 256 == 0 { try Task.checkCancellation() }
          let line = matrix.row(row).map { "\($0)" }.joined(separator: "\t") + "\n"
          try write(Array(line.utf8))
        }
      },
      FileWriter.File(besides(path)[0]) { write in
        // Of a single column the Projector reads the first line as a row.
        let header: [[String]] = set.columns.count > 1 ? [set.columns.map(\.name)] : []
        for row in header + set.rows.map({ $0.map(\.plainText) }) where !row.isEmpty {
          try write(Array((row.map(escaped).joined(separator: "\t") + "\n").utf8))
        }
      },
    ]
  }

  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "\t": result += "\\t"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\\": result += "\\\\"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}
