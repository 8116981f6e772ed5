import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxIngest

@Suite struct AddressReaderTests {
  private func listing(
    _ text: String, _ columns: ManifestColumns = ManifestColumns()
  ) async throws -> SourceListing {
    try await withTemporaryDirectory { folder in
      try TestFiles.write(text, to: folder + "/list")
      return try await IngestSource.addresses(folder + "/list", columns: columns).listing()
    }
  }

  @Test func `one address a line, with commas in it`() async throws {
    let listing = try await listing(
      "\u{FEFF}https://h/a,b.jpg\r\n\n# no\n http://H/c.png \nhttps://h/a,b.jpg\nnothing\n"
        .replacing("\u{FEFF}", with: ""))
    #expect(listing.items.map(\.file.path) == ["https://h/a,b.jpg", "http://h/c.png"])
    #expect(listing.items.map(\.file.relativePath) == ["h/a,b.jpg", "h/c.png"])
    #expect(listing.pathColumn == nil)
    #expect(listing.issues.map(\.code) == [.unsupportedPath, .duplicatePath])
  }

  @Test func `a column of a table, with ids and texts`() async throws {
    let listing = try await listing(
      "id,image_url,caption\nx,https://h/1.jpg?token=abc&v=2,one\ny,file:///etc/passwd,two\n")
    #expect(listing.items.map(\.id) == [ItemID("x")])
    #expect(listing.items.map(\.text) == ["one"])
    #expect(listing.items.map(\.file.path) == ["https://h/1.jpg?token=hidden&v=2"])
    #expect(
      listing.secretAddresses
        == ["https://h/1.jpg?token=hidden&v=2": "https://h/1.jpg?token=abc&v=2"])
    #expect(listing.issues.map(\.reason).allSatisfy { !$0.contains("passwd") })
  }

  @Test func `rows that differ in what is hidden are one item, and that is said`() async throws {
    let listing = try await listing(
      "https://h/1.jpg?token=abc\nhttps://h/1.jpg?token=def\nhttps://h/1.jpg?token=abc\n")
    #expect(listing.items.count == 1)
    #expect(listing.secretAddresses.values.sorted() == ["https://h/1.jpg?token=abc"])
    #expect(listing.issues.map(\.code) == [.duplicatePath, .duplicatePath])
    #expect(listing.issues.count { $0.reason.contains("differs from an earlier row") } == 1)
    #expect(listing.issues.allSatisfy { !$0.reason.contains("def") })
  }

  @Test func `a table without such a column is refused`() async {
    let error = await #expect(throws: ParallaxError.self) {
      try await listing("a,b\n1,2\n")
    }
    #expect(error?.hint == "--path-column names the column that holds the addresses")
  }

  @Test func `rows of a table are found by their addresses`() throws {
    var matcher = KeyMatcher(
      [
        MetadataTarget(
          id: ItemID("x"), path: "https://h/1.jpg?token=hidden",
          relativePath: "h/1.jpg?token=hidden")
      ], tableFolder: "/", idsFirst: false)
    guard case .one(let target, false) = matcher.match("https://h/1.jpg?token=abc") else {
      Issue.record("the key found nothing")
      return
    }
    #expect(target.id == ItemID("x"))
  }
}
