internal import ParallaxCore
package import ParallaxSystem

/// A Parquet file of vectors: the columns of the items, and a list of 32-bit floats, `vector`.
package enum ParquetVectors: VectorFormat {
  package static let id = ParquetTable.id
  package static let fileExtension = ParquetTable.fileExtension
  package static let summary = "a table with a column 'vector', for pandas and DuckDB"
  package static let holdsColumns = true

  private static let column = "vector"

  package static func besides(_ path: String) -> [String] { [] }

  package static func notes(on set: VectorSet) -> [String] { kinds(of: set).notes }

  private static func kinds(of set: VectorSet) -> ParquetKinds {
    var kinds = ParquetKinds(set.columns)
    for row in set.rows { kinds.look(at: row) }
    return kinds
  }

  package static func files(of set: VectorSet, at path: String) throws -> [FileWriter.File] {
    if set.columns.contains(where: { $0.name == column }) {
      throw ParallaxError(
        .unsupported, "a field is called '\(column)', as is the column of the vectors",
        hint: "--columns id,… chooses the fields", parameter: "columns")
    }
    let columns =
      zip(set.columns, kinds(of: set).kinds).map { ParquetColumn($0.name, $1) }
      + [ParquetColumn(column, .vector(set.matrix.dimension))]
    return [
      FileWriter.File(path) { write in
        var writer = ParquetWriter(columns)
        try writer.begin(write)
        for (place, row) in set.rows.enumerated() {
          try writer.append(write) { columns in
            for (column, value) in row.enumerated() { columns[column].append(value) }
            columns[row.count].append(vector: set.matrix.row(place))
          }
        }
        try writer.end(write)
      }
    ]
  }
}
