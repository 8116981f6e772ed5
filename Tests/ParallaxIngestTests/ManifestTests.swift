import ParallaxCore
import ParallaxIngest
import ParallaxTestSupport
import Testing

@Suite struct ManifestTests {
  @Test func `lists the files of a manifest in its order`() async throws {
    try await withTemporaryDirectory { folder in
      for name in ["img/b.jpg", "img/a.jpg", "c.png"] {
        try TestFiles.write(name, to: "\(folder)/\(name)")
      }
      let manifest = "\(folder)/list.csv"
      try TestFiles.write(
        """
        id,path,caption
        7,img/b.jpg,two birds
        8,./img//a.jpg,
        9,\(folder)/c.png,far
        """, to: manifest)
      let listing = try await IngestSource.manifest(manifest).listing()
      #expect(listing.issues.isEmpty)
      #expect(listing.items.map(\.id) == [ItemID("7"), ItemID("8"), ItemID("9")])
      #expect(listing.items.map(\.text) == ["two birds", nil, "far"])
      #expect(
        listing.items.map(\.file.relativePath) == ["img/b.jpg", "img/a.jpg", "c.png"])
      #expect(listing.items.first?.file.path == "\(listing.root)/img/b.jpg")
      #expect(listing.items.first?.file.size == 9)
    }
  }

  @Test func `reports rows that give no image`() async throws {
    try await withTemporaryDirectory { folder in
      try TestFiles.write("1", to: "\(folder)/a.jpg")
      try TestFiles.write("2", to: "\(folder)/b.jpg")
      try TestFiles.write("", to: "\(folder)/empty.jpg")
      let manifest = "\(folder)/list.jsonl"
      let rows = [
        "{\"key\": 1, \"image\": \"a.jpg\"}", "{\"key\": 2, \"image\": \"none.jpg\"}",
        "{\"key\": 3, \"image\": \"http://x.example/y.jpg\"}", "{\"key\": 4, \"image\": \".\"}",
        "{\"key\": 5}", "{\"key\": 6, \"image\": \"empty.jpg\"}",
        "{\"key\": 1, \"image\": \"b.jpg\"}", "{\"key\": 7, \"image\": \"a.jpg\"}", "nonsense",
      ]
      try TestFiles.write(rows.joined(separator: "\n"), to: manifest)
      let listing = try await IngestSource.manifest(
        manifest, columns: ManifestColumns(id: "key")
      ).listing()
      #expect(listing.items.map(\.id) == [ItemID("1")])
      #expect(
        listing.issues.map { "\($0.line ?? 0) \($0.code.rawValue)" } == [
          "9 bad-json", "2 missing-file", "3 unsupported-path", "4 not-a-file", "5 empty-key",
          "6 empty-file", "7 duplicate-id", "8 duplicate-path",
        ])
    }
  }

  @Test func `names columns that are not there`() async throws {
    try await withTemporaryDirectory { folder in
      let manifest = "\(folder)/list.csv"
      try TestFiles.write("picture,words\na.jpg,x\n", to: manifest)
      let first = await #expect(throws: ParallaxError.self) {
        try await IngestSource.manifest(manifest).listing()
      }
      #expect(
        first?.message
          == "the manifest '\(manifest)' has no column 'path'; it has 'picture', 'words'")
      let second = await #expect(throws: ParallaxError.self) {
        let columns = ManifestColumns(path: "picture", text: "wrods")
        return try await IngestSource.manifest(manifest, columns: columns).listing()
      }
      #expect(second?.hint == "did you mean 'words'?")
    }
  }

  @Test(.enabled(if: TestData.root != nil, "\(TestData.comment)"))
  func `lists real images that lie in another folder than the manifest`() async throws {
    let root = try #require(TestData.root) + "/houses"
    let manifest = root + "/metadata.csv"
    let listing = try await IngestSource.manifest(manifest, root: root + "/images").listing()
    #expect(listing.items.count == 480)
    #expect(listing.issues.isEmpty)
    let astray = try await IngestSource.manifest(manifest).listing()
    #expect(astray.items.isEmpty)
    #expect(astray.issues.reduce(0) { $0 + $1.count } == 480)
  }
}
