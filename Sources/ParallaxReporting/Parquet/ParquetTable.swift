package import ParallaxCore
package import ParallaxSystem

/// A table as a Parquet file, for pandas, DuckDB and their kin.
///
/// A column is of 64-bit integers, 64-bit floats, booleans, days or UTF-8 texts, each with nulls. One
/// with a value that its kind does not hold, such as a date with a time or a list, is written as texts.
package struct ParquetTable {
  package static let id = "parquet"
  package static let fileExtension = "parquet"
  package static let summary = "typed columns in one binary file, for pandas and DuckDB"

  private let columns: [Table.Column]
  private let rows: Table.Rows
  private let kinds: ParquetKinds

  package static func isPath(_ path: String) -> Bool {
    path.lowercased().hasSuffix("." + fileExtension)
  }

  /// - Parameter rows: is called here, and once for each time the table is written.
  /// - Throws: what `rows` throws; `unsupported` for a table without columns.
  package init(_ columns: [Table.Column], _ rows: @escaping Table.Rows) throws {
    guard !columns.isEmpty else {
      throw ParallaxError(
        .unsupported, "a Parquet file has at least one column; the table has none")
    }
    var kinds = ParquetKinds(columns)
    try rows { kinds.look(at: $0) }
    (self.columns, self.rows, self.kinds) = (columns, rows, kinds)
  }

  /// Columns that are texts though their kind is another, one sentence each.
  package var notes: [String] { kinds.notes }

  /// - Throws: what `write` and the rows throw; `CancellationError`.
  package func write(_ write: FileWriter.Write) throws {
    var writer = ParquetWriter(
      zip(columns, kinds.kinds).map { ParquetColumn($0.name, $1) })
    try writer.begin(write)
    try withoutActuallyEscaping(write) { write in
      try rows { row in
        try writer.append(write) { columns in
          for (place, value) in row.enumerated() { columns[place].append(value) }
        }
      }
    }
    try writer.end(write)
  }
}
