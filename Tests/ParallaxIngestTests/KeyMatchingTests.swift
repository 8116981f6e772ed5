import ParallaxCore
import ParallaxIngest
import ParallaxTestSupport
import Testing

/// Keys as people and other programs write them.
@Suite struct KeyMatchingTests {
  private static let composed = "caf\u{E9}.jpg"
  private static let decomposed = "cafe\u{301}.jpg"

  /// What a key finds among the files of `set/img`, with the table in `set`; `?` for several.
  private func found(_ key: String, in folder: String) throws -> String {
    try TestFiles.write(
      "key,n\n\"\(key.replacing("ROOT", with: folder))\",1\n", to: "\(folder)/set/m.csv")
    let files = [
      "a.jpg", "b/a.jpg", "b/c.png", "d/c.png", "e/My Photo.jpg", "f/only.jpg", Self.decomposed,
      "g/IMG_7.JPG", "h/x.jpg", "h/X.jpg",
    ]
    let items = zip(ItemNaming.ids(for: files), files).map {
      MetadataTarget(id: $0, path: "\(folder)/set/img/\($1)", relativePath: $1)
    }
    let join = try MetadataFile(path: "\(folder)/set/m.csv").joined(to: items, key: "key")
    if join.issues.contains(where: { $0.code == .ambiguousKey }) { return "?" }
    let near = join.issues.contains { $0.code == .nearKey } ? "~" : ""
    return near + (items.first { join.rows[$0.id] != nil }?.relativePath ?? "-")
  }

  @Test(
    arguments: [
      // Paths: relative to the folder, absolute, relative to the table.
      ("a.jpg", "a.jpg"), ("b/a.jpg", "b/a.jpg"), ("./b//a.jpg", "b/a.jpg"),
      (" b/a.jpg\t", "b/a.jpg"),
      ("b\\a.jpg", "b/a.jpg"), ("ROOT/set/img/b/a.jpg", "b/a.jpg"), ("img/a.jpg", "a.jpg"),
      ("../set/img/f/only.jpg", "f/only.jpg"), ("file://ROOT/set/img/a.jpg", "a.jpg"),
      // Names, with and without their ending.
      ("only.jpg", "f/only.jpg"), ("only", "f/only.jpg"), ("c.png", "?"), ("c", "?"),
      ("cafe\u{301}.jpg", "cafe\u{301}.jpg"), ("caf\u{E9}.jpg", "cafe\u{301}.jpg"),
      // The end of a path; of another machine only with the name of the folder.
      ("set/img/b/c.png", "b/c.png"), ("other/b/c.png", "-"), ("train/only.jpg", "-"),
      ("/mnt/old/img/b/c.png", "b/c.png"), ("/mnt/old/pictures/b/c.png", "-"),
      ("D:\\data\\img\\a.jpg", "a.jpg"), ("D:\\data\\pics\\a.jpg", "-"),
      // Ids.
      ("e/My Photo", "e/My Photo.jpg"),
      // Guesses, which are said.
      ("e/my%20photo.jpg", "-"), ("e/My%20Photo.jpg", "~e/My Photo.jpg"),
      ("ONLY.JPG", "~f/only.jpg"),
      ("img_7.jpg", "~g/IMG_7.JPG"), ("h/x.JPG", "?"), ("none.jpg", "-"), ("100%", "-"),
    ])
  func `a key finds one item, several or none`(key: String, expected: String) async throws {
    try await withTemporaryDirectory { folder in
      let real = try FolderScan(of: folder).root
      #expect(try found(key, in: real).utf8.elementsEqual(expected.utf8), "\(key)")
    }
  }

  @Test func `a manifest finds its files however they are spelt`() async throws {
    try await withTemporaryDirectory { folder in
      for name in ["img/a.jpg", "img/\(Self.decomposed)", "img/B.JPG", "img/t.jpg", "img/T.jpg"] {
        try TestFiles.write(name, to: "\(folder)/set/\(name)")
      }
      try TestFiles.write(
        "path\nimg\\a.jpg\nimg/\(Self.composed)\n IMG/b.jpg \nimg/t.JPG\nimg/none.jpg\n",
        to: "\(folder)/set/list.csv")
      let listing = try await IngestSource.manifest("\(folder)/set/list.csv").listing()
      #expect(
        listing.items.map { Array($0.file.relativePath.utf8) }
          == ["img/a.jpg", "img/\(Self.decomposed)", "img/B.JPG"].map { Array($0.utf8) })
      #expect(
        listing.issues.map { "\($0.line ?? 0) \($0.code.rawValue)" } == [
          "4 near-key", "5 missing-file", "6 missing-file",
        ])
      #expect(listing.pathColumn == "path")
    }
  }
}
