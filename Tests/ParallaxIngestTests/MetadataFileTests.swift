import ParallaxCore
import ParallaxIngest
import ParallaxTestSupport
import Testing

@Suite struct MetadataFileTests {
  @Test func `types columns and converts cells`() async throws {
    try await with(
      """
      filename,year,price,sku,used,taken,note
      a.jpg,2024,3.50,00412,yes,2024-05-31,x
      b.jpg,,4,00413,no,,
      """
    ) { path in
      let file = try MetadataFile(path: path)
      #expect(
        file.fields.map(\.kind) == [.text, .integer, .real, .text, .text, .date, .text])
      #expect(
        file.values(ofRow: 0) == [
          "a.jpg", 2024, .written("3.50", as: 3.5), "00412", "yes", .date("2024-05-31"), "x",
        ])
      #expect(file.values(ofRow: 1) == ["b.jpg", nil, 4, "00413", "no", nil, nil])
      #expect(file.issues.isEmpty)
    }
  }

  @Test func `reports cells that do not fit an override`() async throws {
    let long = String(repeating: "x", count: 100)
    try await with("filename,year\na.jpg,2016.0\nb.jpg,soon\nc.jpg,\nd.jpg,\(long)\n") { path in
      let file = try MetadataFile(
        path: path, options: MetadataOptions(kinds: ["year": .integer]))
      #expect(file.fields.last == FieldDeclaration(name: "year", kind: .integer, isFixed: true))
      #expect(
        (0..<3).map { file.values(ofRow: $0)[1] } == [
          .written("2016.0", as: 2016), .written("soon", as: nil), nil,
        ])
      #expect(
        file.issues.map(\.description) == [
          "\(path):3: 'year' takes a whole number; got 'soon'",
          "\(path):5: 'year' takes a whole number; got '\(long.prefix(39))…'",
        ])
      #expect(file.issues.map(\.code) == [.valueKind, .valueKind])
    }
  }

  @Test func `refuses overrides of columns that are not there`() async throws {
    try await with("filename,year\na.jpg,1\n") { path in
      let error = #expect(throws: ParallaxError.self) {
        try MetadataFile(path: path, options: MetadataOptions(kinds: ["yaer": .integer]))
      }
      #expect(error?.code == .unknownName)
      #expect(error?.message == "'\(path)' has no column 'yaer'; it has 'filename', 'year'")
      #expect(error?.hint == "did you mean 'year'?")
    }
  }

  @Test func `reads JSON lines`() async throws {
    try await with(
      "{\"file\": \"a.jpg\", \"n\": 1}\n{\"file\": \"b.jpg\", \"n\": 2.5}\n", "m.jsonl"
    ) {
      let file = try MetadataFile(path: $0)
      #expect(file.fields.map(\.kind) == [.text, .real])
      #expect(file.values(ofRow: 0) == ["a.jpg", 1])
    }
  }

  @Test func `joins by name, stem, path and id in that order`() async throws {
    let items = [
      target("a", "a.jpg"), target("x/b", "x/b.jpg"), target("y/b", "y/b.jpg"),
      target("x/c", "x/c.png"), target("given-7", "z/d.jpg"), target("z/e", "z/e.jpg"),
    ]
    try await with(
      """
      filename,n
      a.jpg,1
      x\\b.jpg,2
      ./y/b.jpg,3
      c,4
      given-7,5
      b.jpg,6
      none.jpg,7
      ,8
      a,9
      a.jpg,10
      """
    ) { path in
      let join = try MetadataFile(path: path).joined(to: items)
      #expect(join.fields.map(\.name) == ["n"])
      #expect(
        items.map { join.values(for: $0.id)["n"] } == [1, 2, 3, 4, 5, nil])
      #expect(join.itemsWithoutRow == [ItemID("z/e")])
      #expect(join.rowsWithoutItem == 3)
      #expect(
        join.issues.map(\.description) == [
          "\(path):7: 'b.jpg' names several images, 'x/b.jpg' and 'y/b.jpg'; "
            + "write paths relative to the folder",
          "\(path):8: no image is named 'none.jpg'",
          "\(path):9: the key is empty; the row is left out",
          "z/e: no row of '\(path)' describes the image",
          "\(path):10: from here on, 2 rows describe an image that has a row already; "
            + "the first counts",
        ])
      #expect(join.issues.last?.count == 2)
    }
  }

  @Test func `prefers ids in a column of that name`() async throws {
    let items = [target("7", "12.jpg"), target("12", "other.jpg")]
    try await with("id,n\n12,1\n") { path in
      let join = try MetadataFile(path: path).joined(to: items)
      #expect(join.rows == [ItemID("12"): [0]])
    }
    try await with("image,n\n12,1\n") { path in
      let join = try MetadataFile(path: path).joined(to: items)
      #expect(join.rows == [ItemID("7"): [0]])
    }
  }

  @Test func `finds the key column`() async throws {
    try await with("note,FileName,path\nx,a.jpg,b.jpg\n") { path in
      let file = try MetadataFile(path: path)
      let items = [target("a", "a.jpg"), target("b", "b.jpg")]
      #expect(try file.joined(to: items).rows == [ItemID("a"): [0]])
      #expect(try file.joined(to: items, key: "path").rows == [ItemID("b"): [0]])
      let error = #expect(throws: ParallaxError.self) { try file.joined(to: items, key: "pahth") }
      #expect(error?.hint == "did you mean 'path'?")
    }
    try await with("note,other\nx,a.jpg\n") { path in
      let error = #expect(throws: ParallaxError.self) {
        try MetadataFile(path: path).joined(to: [])
      }
      #expect(
        error?.message == "'\(path)' has none of the usual key columns; it has 'note', 'other'")
    }
  }

  @Test(.enabled(if: TestData.root != nil, "\(TestData.comment)"))
  func `reads the metadata of real collections`() throws {
    let root = try #require(TestData.root)
    let houses = try MetadataFile(path: root + "/houses/metadata.csv")
    #expect(houses.issues.isEmpty)
    let kinds = Dictionary(uniqueKeysWithValues: houses.fields.map { ($0.name, $0.kind) })
    #expect(kinds["bathrooms"] == .real)
    #expect(kinds["price_usd"] == .integer)
    let files = try FolderScan(of: root + "/flickr8k/images").files
    let items = zip(ItemNaming.ids(for: files.map(\.relativePath)), files).map {
      MetadataTarget(id: $0, path: $1.path, relativePath: $1.relativePath)
    }
    let join = try MetadataFile(path: root + "/flickr8k/captions.csv").joined(to: items)
    #expect(join.rows.count == 1000)
    #expect(join.issues.map(\.code) == [.duplicateKey])
    #expect(join.issues.first?.count == 4000)
  }

  private func target(_ id: String, _ path: String) -> MetadataTarget {
    MetadataTarget(id: ItemID(id), path: "/set/\(path)", relativePath: path)
  }

  private func with(
    _ text: String, _ name: String = "m.csv", _ body: (String) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { folder in
      try TestFiles.write(text, to: "\(folder)/\(name)")
      try await body("\(folder)/\(name)")
    }
  }
}
