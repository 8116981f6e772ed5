internal import ParallaxCore
internal import ParallaxSystem

/// Writes a Parquet file row by row: one page a column and group of rows, PLAIN, not compressed.
///
/// Source: Apache Parquet, "File format" and `parquet.thrift`.
struct ParquetWriter {
  /// Of a group of rows.
  private static let rowLimit = 1 << 16
  private static let sizeLimit = 1 << 26
  private static let magic = Array("PAR1".utf8)

  private let empty: [ParquetColumn]
  private var columns: [ParquetColumn]
  private var groups: [[UInt8]] = []
  private var offset = 0
  private var rowCount = 0

  init(_ columns: [ParquetColumn]) { (empty, self.columns) = (columns, columns) }

  mutating func begin(_ write: FileWriter.Write) throws { try put(Self.magic, write) }

  /// Puts a row into the columns.
  mutating func append(
    _ write: FileWriter.Write, _ fill: (inout [ParquetColumn]) -> Void
  ) throws {
    fill(&columns)
    rowCount += 1
    let isFull =
      columns[0].rowCount >= Self.rowLimit
      || rowCount % 64 == 0 && columns.reduce(0) { $0 + $1.size } >= Self.sizeLimit
    if isFull { try flush(write) }
  }

  mutating func end(_ write: FileWriter.Write) throws {
    try flush(write)
    let root = CompactThrift.structure {
      $0.text(4, "schema")
      $0.int32(5, empty.count)
    }
    let footer = CompactThrift.structure {
      $0.int32(1, 2)
      $0.structures(2, [root] + empty.flatMap(\.schema))
      $0.int64(3, rowCount)
      $0.structures(4, groups)
      $0.text(6, "parallax")
    }
    try put(footer, write)
    try put(withUnsafeBytes(of: UInt32(footer.count).littleEndian) { Array($0) }, write)
    try put(Self.magic, write)
  }

  private mutating func put(_ bytes: [UInt8], _ write: FileWriter.Write) throws {
    try write(bytes)
    offset += bytes.count
  }

  /// Writes the rows that are held as a group.
  private mutating func flush(_ write: FileWriter.Write) throws {
    guard let rows = columns.first?.rowCount, rows > 0 else { return }
    try Task.checkCancellation()
    let start = offset
    var chunks: [[UInt8]] = []
    for column in columns {
      let page = column.page
      let header = Self.pageHeader(of: column, page.count)
      let place = offset
      try put(header, write)
      try put(page, write)
      chunks.append(Self.chunk(of: column, at: place, header.count + page.count))
    }
    groups.append(
      CompactThrift.structure {
        $0.structures(1, chunks)
        $0.int64(2, offset - start)
        $0.int64(3, rows)
      })
    columns = empty
  }

  private static func pageHeader(of column: ParquetColumn, _ size: Int) -> [UInt8] {
    let (dataPage, plain, runLength) = (0, 0, 3)
    return CompactThrift.structure {
      $0.int32(1, dataPage)
      $0.int32(2, size)
      $0.int32(3, size)
      $0.structure(5) {
        $0.int32(1, column.valueCount)
        $0.int32(2, plain)
        $0.int32(3, runLength)
        $0.int32(4, runLength)
      }
    }
  }

  private static func chunk(
    of column: ParquetColumn, at place: Int, _ size: Int
  ) -> [UInt8] {
    CompactThrift.structure {
      $0.int64(2, place)
      $0.structure(3) {
        $0.int32(1, column.kind.physical)
        $0.int32s(2, [0, 3])
        $0.texts(3, column.path)
        $0.int32(4, 0)
        $0.int64(5, column.valueCount)
        $0.int64(6, size)
        $0.int64(7, size)
        $0.int64(9, place)
      }
    }
  }
}
