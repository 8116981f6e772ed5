import ParallaxIngest
import ParallaxTestSupport
import Testing

/// What is taken whose name does not say that it is a picture.
@Suite struct FileHeadsTests {
  private static let reader: HeadReader = { bytes in
    switch String(decoding: bytes.prefix(3), as: UTF8.self) {
    case "PIC": .picture
    case "OLD": .otherPicture("an old image")
    default: .noPicture
    }
  }

  @Test func `the bytes decide where the name says nothing`() async throws {
    try await withTemporaryDirectory { folder in
      let contents = [
        "a.jfif": "x", "b.JFIF": "x", "c.jpe": "x", "d.hif": "x", "e.heics": "x", "f.avifs": "x",
        "noending": "PIC", "odd.ending": "PIC", "sub/IMG_1": "PIC", "other": "text",
        "table.csv": "PIC", "film.mp4": "PIC", "empty": "", ".hidden": "PIC", ".DS_Store": "PIC",
      ]
      for (name, text) in contents { try TestFiles.write(text, to: "\(folder)/\(name)") }
      let scan = try FolderScan(of: folder, recognizing: Self.reader)
      #expect(
        scan.files.map(\.relativePath) == [
          "a.jfif", "b.JFIF", "c.jpe", "d.hif", "e.heics", "f.avifs", "noending", "odd.ending",
          "sub/IMG_1",
        ])
      #expect(scan.issues.isEmpty)
      let named = try FolderScan(of: folder, matching: Glob("*.jpe"), recognizing: Self.reader)
      #expect(named.files.map(\.relativePath) == ["c.jpe"])
    }
  }

  @Test func `pictures that are not read are counted`() async throws {
    try await withTemporaryDirectory { folder in
      for name in ["1.old", "2.old", "3"] { try TestFiles.write("OLD", to: "\(folder)/\(name)") }
      for name in ["1.NEF", "2.dng"] { try TestFiles.write("PIC", to: "\(folder)/\(name)") }
      try TestFiles.write("x", to: folder + "/a.jpg")
      let scan = try FolderScan(of: folder, recognizing: Self.reader)
      #expect(scan.files.map(\.relativePath) == ["a.jpg"])
      #expect(scan.issues.map(\.code) == [.otherKind])
      #expect(scan.issues.first?.count == 5)
      #expect(
        scan.issues.first?.reason
          == "left out 5 files of unsupported kinds: 3 × an old image, 2 × a camera raw file"
      )
    }
  }
}
