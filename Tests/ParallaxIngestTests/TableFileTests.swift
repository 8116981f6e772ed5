import ParallaxCore
import ParallaxIngest
import ParallaxTestSupport
import Testing

/// The formats of tables, and what is made of their columns.
@Suite struct TableFileTests {
  private func read(
    _ bytes: [UInt8], _ name: String, options: MetadataOptions = MetadataOptions(),
    _ body: (MetadataFile) throws -> Void
  ) async throws {
    try await withTemporaryDirectory { folder in
      try TestFiles.write(bytes, to: "\(folder)/\(name)")
      try body(try MetadataFile(path: "\(folder)/\(name)", options: options))
    }
  }

  private func texts(_ file: MetadataFile) -> [[String]] {
    (0..<file.rowCount).map { file.values(ofRow: $0).map(\.plainText) }
  }

  @Test(
    arguments: [
      ("[{\"f\": \"a.jpg\", \"n\": 1.50}, {\"f\": \"b.jpg\", \"n\": 2}]", "m.json"),
      ("\n [\n  {\"f\": \"a.jpg\",\n \"n\": 1.50},\n{\"f\":\"b.jpg\",\"n\":2}\n]\n", "m.csv"),
      ("{\"f\": \"a.jpg\", \"n\": 1.50}\n{\"f\": \"b.jpg\", \"n\": 2}", "m.json"),
      ("{\"f\": \"a.jpg\", \"n\": 1.50}\r\n{\"f\": \"b.jpg\", \"n\": 2}\r\n", "m.txt"),
      ("f,n\na.jpg,1.50\nb.jpg,2\n", "m.txt"), ("f\tn\na.jpg\t1.50\nb.jpg\t2\n", "m.tsv"),
    ])
  func `one table in each format`(text: String, name: String) async throws {
    try await read(Array(text.utf8), name) { file in
      #expect(texts(file) == [["a.jpg", "1.50"], ["b.jpg", "2"]])
      #expect(file.fields.map(\.kind) == [.text, .real])
      #expect(file.issues.isEmpty)
    }
  }

  /// `f,n`, `a.jpg,1.50`, `b.jpg,2` in two parts, by Python's
  /// `gzip.compress(text[:9], mtime=0) + gzip.compress(text[9:], mtime=0)`.
  private static let gzipped: [UInt8] = [
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x4B, 0xD3, 0xC9, 0xE3, 0x4A, 0xD4,
    0xCB, 0x2A, 0x48, 0x07, 0x00, 0x4C, 0xCA, 0xAD, 0x40, 0x09, 0x00, 0x00, 0x00, 0x1F, 0x8B, 0x08,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xD3, 0x31, 0xD4, 0x33, 0x35, 0xE0, 0x4A, 0xD2, 0xCB,
    0x2A, 0x48, 0xD7, 0x31, 0xE2, 0x02, 0x00, 0x23, 0xA7, 0xD7, 0x7E, 0x0E, 0x00, 0x00, 0x00,
  ]

  @Test func `gzip is unpacked, all of its parts`() async throws {
    for name in ["m.csv.gz", "m.csv", "m"] {
      try await read(Self.gzipped, name) { file in
        #expect(texts(file) == [["a.jpg", "1.50"], ["b.jpg", "2"]])
      }
    }
    try await withTemporaryDirectory { folder in
      var flipped = Self.gzipped
      flipped[14] ^= 0x10
      for bytes in [Array(Self.gzipped.dropLast(3)), Array(Self.gzipped.prefix(20)), flipped] {
        try TestFiles.write(bytes, to: "\(folder)/m.csv.gz")
        let error = #expect(throws: ParallaxError.self) {
          try MetadataFile(path: "\(folder)/m.csv.gz")
        }
        #expect(
          error?.message.contains("is a damaged or incomplete gzip file") == true,
          "\(error?.message ?? "")")
      }
    }
  }

  @Test func `a later table says where its fault is`() async throws {
    for (text, message) in [
      ("[{\"a\": 1},\n {\"a\": 2}\n {\"a\": 3}]", "line 3, column 2: ',' or ']' is missing"),
      ("[{\"a\": 1},\n 2]", "line 2, column 2: the array of a table must hold objects"),
      ("[{\"a\": 1}]\nx", "line 2, column 1: unexpected text follows the array"),
      ("[{\"a\": [1}]", "line 1, column 10: ',' or ']' is missing"),
    ] {
      try await withTemporaryDirectory { folder in
        try TestFiles.write(text, to: "\(folder)/m.json")
        let error = #expect(throws: ParallaxError.self) {
          try MetadataFile(path: "\(folder)/m.json")
        }
        #expect(error?.message == "'\(folder)/m.json', \(message)")
      }
    }
  }

  @Test func `one object is no table`() async throws {
    try await withTemporaryDirectory { folder in
      try TestFiles.write("{\n  \"images\": [{\"a\": 1}]\n}\n", to: "\(folder)/m.json")
      let error = #expect(throws: ParallaxError.self) {
        try MetadataFile(path: "\(folder)/m.json")
      }
      #expect(
        error?.message == "'\(folder)/m.json' is one JSON object; a table has one for each item")
      #expect(error?.hint?.contains("jq") == true)
    }
  }

  @Test func `objects inside are columns, arrays are texts or values`() async throws {
    let lines = """
      {"f": "a", "at": {"city": "Paris", "geo": {"lat": 48.85}}, "tags": ["x", "y"], "mix": [1, [2]]}
      {"f": "b", "at": {"city": "Rome", "geo": {}}, "tags": [], "mix": [null, true]}
      """
    try await read(Array(lines.utf8), "m.jsonl") { file in
      #expect(
        file.fields.map(\.name) == ["f", "at.city", "at.geo.lat", "tags", "mix", "at.geo"])
      #expect(
        texts(file) == [
          ["a", "Paris", "48.85", "[\"x\", \"y\"]", "[1, [2]]", ""],
          ["b", "Rome", "", "[]", "[null, true]", "{}"],
        ])
    }
    let options = MetadataOptions(lists: ["tags", "mix"])
    try await read(Array(lines.utf8), "m.jsonl", options: options) { file in
      #expect(file.values(ofRow: 0)[3...] == [.list(["x", "y"]), "[1, [2]]", nil])
      #expect(file.values(ofRow: 1)[3] == .list([]))
    }
  }

  @Test(
    arguments: [
      ([0x50, 0x41, 0x52, 0x31, 0x15, 0], "Parquet", "duckdb"),
      ([0x50, 0x4B, 3, 4, 20, 0], "a zip file or a workbook (XLSX, ODS)", "CSV"),
      ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an Excel workbook (XLS)", "CSV"),
      ([0x28, 0xB5, 0x2F, 0xFD, 0], "packed with zstd", "zstd -d"),
      (Array("SQLite format 3\0".utf8), "an SQLite database", "sqlite3"),
      ([0xFF, 0xD8, 0xFF, 0xE0], "a JPEG image", "table"),
    ] as [([UInt8], String, String)])
  func `other formats are refused by name`(
    bytes: [UInt8], name: String, remedy: String
  ) async throws {
    try await withTemporaryDirectory { folder in
      try TestFiles.write(bytes, to: "\(folder)/m.csv")
      let error = #expect(throws: ParallaxError.self) {
        try MetadataFile(path: "\(folder)/m.csv")
      }
      #expect(error?.code == .unsupported)
      #expect(error?.message == "'\(folder)/m.csv' is \(name), which Parallax does not read")
      #expect(error?.hint?.contains(remedy) == true)
    }
  }

  @Test(arguments: ["PAR1", "ARROW1", "BZh9", "%PDF-1.4", "Obj\u{1}"])
  func `a column may be named as another format begins`(name: String) async throws {
    for mark in ["", "\u{FEFF}"] {
      try await read(Array("\(mark)\(name),id\n1,a\n".utf8), "m.csv") { file in
        #expect(file.rowCount == 1, "\(file.fields)")
      }
    }
  }

  @Test func `names that belong to every image are not taken by a column`() async throws {
    let table = "file,Score,meta_rank,rank,id,item.size,size2\na.jpg,9,1,2,own,3,4\n"
    let options = MetadataOptions(reserved: ["score", "rank", "id", "size", "item."])
    try await read(Array(table.utf8), "m.csv", options: options) { file in
      let item = MetadataTarget(id: ItemID("a"), path: "/x/a.jpg", relativePath: "a.jpg")
      let join = try file.joined(to: [item])
      #expect(
        join.fields.map(\.name) == [
          "meta_Score", "meta_rank", "meta_rank_2", "meta_id", "meta_item.size", "size2",
        ])
      #expect(
        join.values(for: item.id) == [
          "meta_Score": 9, "meta_rank": 1, "meta_rank_2": 2, "meta_id": "own",
          "meta_item.size": 3, "size2": 4,
        ])
      #expect(join.issues.map(\.code) == Array(repeating: .reservedColumn, count: 4))
      // The key is no field, and keeps its name.
      let byID = try file.joined(to: [item], key: "id")
      #expect(!byID.fields.contains { $0.column.name == "id" })
    }
  }

  @Test func `several rows of an image are kept where asked`() async throws {
    let table =
      "file,no,caption,score\na.jpg,0,A dog.,1.50\nb.jpg,0,\"One, two\",2\na.jpg,1,A | B,\n"
      + "a.jpg,2,,7\n"
    let items = ["a", "b", "c"].map {
      MetadataTarget(id: ItemID($0), path: "/x/\($0).jpg", relativePath: "\($0).jpg")
    }
    let options = MetadataOptions(lists: ["caption", "score"])
    try await read(Array(table.utf8), "m.csv", options: options) { file in
      let join = try file.joined(to: items)
      #expect(
        join.values(for: items[0].id) == [
          "no": 0, "caption": .list(["A dog.", "A | B"]),
          "score": .list([.written("1.50", as: 1.5), 7]),
        ])
      #expect(join.values(for: items[1].id)["caption"] == .list(["One, two"]))
      let other = try #require(join.issues.first)
      #expect(other.code == .otherValue && other.count == 2 && other.line == 4)
      #expect(join.issues.map(\.code) == [.otherValue, .imageWithoutRow])
    }
  }

  @Test(
    arguments: [
      ("1\n2\nn/a\n", "'x' is text because of 'n/a'; --type x=integer", 4),
      ("1.5\nNaN\n2\n", "'x' is text because of 'NaN'; --type x=real", 3),
      ("+5\n7\n8\n", "'x' is text because of '+5'; --type x=integer", 2),
      ("2024-01-01\n2024-01-02T10:00:00.5\n2024-01-03\n", "because of '2024-01-02T10:00:00.5'", 3),
      ("true\nfalse\nmaybe\n", "'x' is text because of 'maybe'; --type x=boolean", 4),
      ("5\n18446744073709551616\n6\n", "because of '18446744073709551616'", 3),
    ])
  func `a column of texts because of a few is reported`(
    cells: String, reason: String, line: Int
  ) async throws {
    try await read(Array("x\n\(cells)".utf8), "m.csv") { file in
      #expect(file.fields[0].kind == .text)
      #expect(file.issues.map(\.code) == [.columnOfTexts])
      #expect(file.issues[0].reason.contains(reason), "\(file.issues[0].reason)")
      #expect(file.issues[0].line == line)
    }
  }

  @Test(arguments: [
    "yes\nno\n", "00412\n00413\n", "S\nM\n12\n", "a dog\n3 cats\n7\nbirds\n", "1\nx\n",
  ])
  func `a column of words is not reported`(cells: String) async throws {
    try await read(Array("x\n\(cells)".utf8), "m.csv") { file in
      #expect(file.fields[0].kind == .text)
      #expect(file.issues.isEmpty)
    }
  }
}
