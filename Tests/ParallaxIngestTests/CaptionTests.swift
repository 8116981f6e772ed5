import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxIngest

@Suite struct CaptionTests {
  private static let coco = """
    {"info": {"year": 2017}, "licenses": [],
     "images": [{"id": 7, "file_name": "7.jpg", "coco_url": "http://x/7", "height": 2},
                {"id": 8, "file_name": "8.jpg"}, {"id": 9, "file_name": "9.jpg"}],
     "annotations": [{"image_id": 8, "id": 12, "caption": " second "},
                     {"image_id": 8, "id": 11, "caption": "first"},
                     {"image_id": 7, "id": 13, "caption": "a \\"dog\\""},
                     {"image_id": 99, "id": 14, "caption": "nowhere"}]}
    """

  private func records(_ text: String) throws -> any MetadataRecords {
    try TableFile.records(in: Array(text.utf8), source: "captions.json")
  }

  @Test func `all captions of an image are values of one field`() throws {
    let records = try records(Self.coco)
    #expect(records.columnNames == ["file_name", "caption", "coco_url"])
    #expect(records.rowCount == 3 && records.listColumns == ["caption"])
    #expect(
      records.cell(row: 1, column: 1)
        == .several([.text("first"), .text("second")], #"["first","second"]"#))
    #expect(records.cell(row: 0, column: 1) == .several([.text("a \"dog\"")], #"["a \"dog\""]"#))
    #expect(records.cell(row: 2, column: 1) == .empty)
    #expect(records.issues.map(\.count) == [1])
  }

  @Test func `they are joined without an option`() async throws {
    try await withTemporaryDirectory { folder in
      try TestFiles.write(Self.coco, to: folder + "/c.json")
      let file = try MetadataFile(path: folder + "/c.json")
      let join = try file.joined(to: [
        MetadataTarget(id: ItemID("8"), path: folder + "/8.jpg", relativePath: "8.jpg")
      ])
      #expect(
        join.values(for: ItemID("8"))["caption"] == .list([.text("first"), .text("second")]))
    }
  }

  @Test func `boxes are no captions`() {
    let error = #expect(throws: ParallaxError.self) {
      try records(
        #"{"images": [{"id": 1, "file_name": "a"}], "annotations": [{"image_id": 1, "bbox": [1]}]}"#
      )
    }
    #expect(error?.message.contains("no caption") == true)
  }

  @Test(arguments: [
    #"{"images": [{"id": 1}], "annotations": [{"caption": "x", "image_id": 1}"#,
    #"{"images": [1], "annotations": []}"#, #"{"images": [], "annotations": [{"caption":]}"#,
  ])
  func `what is cut is refused`(text: String) {
    #expect(throws: ParallaxError.self) { try records(text) }
  }

  @Test func `image folders are described by the tables beside them`() async throws {
    try await withTemporaryDirectory { folder in
      for name in ["train/1.png", "train/2.png", "test/1.png"] {
        try TestFiles.write("x", to: "\(folder)/\(name)")
      }
      try TestFiles.write(
        "{\"file_name\": \"1.png\", \"text\": \"one\"}\n", to: folder + "/train/metadata.jsonl")
      try TestFiles.write(
        "input_file_name,output_file_name\n1.png,2.png\n", to: folder + "/test/metadata.csv")
      try TestFiles.write("a,b\n", to: folder + "/metadata.csv")
      try TestFiles.write("PAR1", to: folder + "/other/metadata.parquet")
      let listing = try await IngestSource.folder(folder).listing()
      #expect(listing.items.count == 3)
      #expect(
        listing.tables.map { String($0.path.dropFirst(listing.root.count + 1)) }
          == ["test/metadata.csv", "train/metadata.jsonl"])
      #expect(
        listing.tables.map(\.keys) == [["input_file_name", "output_file_name"], ["file_name"]])
      #expect(listing.tableIssues.map(\.code) == [.unreadTable])
    }
  }
}
