import ParallaxCore
import ParallaxSystem
import ParallaxTestSupport
import Testing

@testable import ParallaxReporting

/// Parquet files, whose bytes are those that `Fixtures/check_parquet.py` read with pyarrow, pandas and
/// DuckDB.
@Suite struct ParquetTests {
  private static let columns: [Table.Column] = [
    .init("id", .text), .init("n", .integer), .init("x", .real), .init("ok", .boolean),
    .init("day", .date), .init("moment", .date), .init("mixed", .integer), .init("list", .text),
    .init("a,\"b\"\n猫", .text),
  ]

  private static let rows: [[Value]] = [
    [
      "a", 9_007_199_254_740_993, 1e-38, true, .date("2024-02-29"), .date("2024-02-29"), 1,
      .list(["x", "y|z"]), "say \"x\",\n\t猫🐈\u{1B}",
    ],
    [
      "", .integer(.min), -0.0, false, .date("0001-01-01"), .date("2024-02-29T12:00:00Z"),
      .written("n/a", as: .null), .null, "",
    ],
    [.null, .null, .null, .null, .null, .null, .null, .null, .null],
    [
      "z", .integer(.max), .integer(3), .written("TRUE", as: true), .date("1969-12-31"), .null,
      .written("+5", as: 5), "t", "\\N",
    ],
    ["nan", 0, .real(.nan), true, .date("9999-12-31"), .null, 7, .list([]), "NULL"],
    ["inf", 0, .real(-.infinity), true, .date("1970-01-01"), .null, 7, .null, "é"],
  ]

  private static func table(_ columns: [Table.Column], _ rows: [[Value]]) throws -> ParquetTable {
    try ParquetTable(columns) { write in for row in rows { try write(row) } }
  }

  private static func bytes(_ table: ParquetTable) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try table.write { bytes += $0 }
    return bytes
  }

  private static func fixture(_ name: String) throws -> [UInt8] {
    try TestFiles.bytes(
      of: "\(TestData.packageRoot)/Tests/ParallaxReportingTests/Fixtures/\(name)")
  }

  @Test func `a table has the bytes that other tools read rightly`() throws {
    let table = try Self.table(Self.columns, Self.rows)
    #expect(try Self.bytes(table) == Self.fixture("table.parquet"))
    #expect(try Self.bytes(table) == Self.fixture("table.parquet"), "a second time")
    #expect(
      table.notes == [
        "column 'moment' is written as text: its kind, date, cannot hold values such as "
          + "'2024-02-29T12:00:00Z'",
        "column 'mixed' is written as text: its kind, integer, cannot hold values such as 'n/a'",
      ])
  }

  @Test func `vectors have the bytes that other tools read rightly`() async throws {
    let matrix = VectorMatrix(rowCount: 3, dimension: 4) { values in
      for place in values.indices { values[place] = Float(place) / 7 }
      values[1] = -0.0
    }
    let set = VectorSet(
      ids: ["a", "猫", "c"].map { ItemID($0) }, matrix: matrix,
      columns: [.init("id", .text), .init("year", .integer)],
      rows: [["a", 2020], ["猫", .null], ["c", .written("?", as: .null)]])
    let bytes = try await withTemporaryDirectory { folder in
      let path = folder + "/v.parquet"
      try FileWriter().write(ParquetVectors.files(of: set, at: path), replace: false)
      return try TestFiles.bytes(of: path)
    }
    #expect(try bytes == Self.fixture("vectors.parquet"))
    #expect(ParquetVectors.notes(on: set).count == 1)
    var other = set
    other.columns[1].name = "vector"
    #expect(throws: ParallaxError.self) { try ParquetVectors.files(of: other, at: "v.parquet") }
  }

  @Test func `many rows come in groups, no rows in none`() throws {
    let columns: [Table.Column] = [.init("n", .integer)]
    let many = try Self.bytes(
      ParquetTable(columns) { write in
        for row in 0..<65_537 { try write([Value(row)]) }
      })
    // A number takes 8 bytes, its presence a bit; the rest are headers.
    let headers = many.count - 65_537 * 8 - 65_537 / 8
    #expect(headers > 0 && headers < 400)
    let none = try Self.bytes(Self.table(columns, []))
    #expect(none.starts(with: Array("PAR1".utf8)) && none.count < 100)
    let empty = #expect(throws: ParallaxError.self) { try Self.table([], []) }
    #expect(empty?.code == .unsupported)
  }

  @Test(arguments: [
    ("1970-01-01", 0), ("1969-12-31", -1), ("2024-02-29", 19_782), ("0000-03-01", -719_468),
    ("0001-01-01", -719_162), ("9999-12-31", 2_932_896), ("1900-03-01", -25_508),
  ])
  func `days are counted as Python counts them`(text: String, days: Int) {
    // (date.fromisoformat(text) - date(1970, 1, 1)).days, and for year 0 the same rule.
    #expect(ParquetDay.number(of: text) == days)
    #expect(ParquetDay.number(of: text + "T12:00:00") == nil)
  }
}
