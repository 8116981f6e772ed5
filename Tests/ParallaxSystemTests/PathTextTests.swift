import ParallaxSystem
import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

@Suite struct PathTextTests {
  @Test(arguments: [
    ("/a/./b//c/", "/a/b/c"), ("/a/../../b", "/b"), ("/", "/"), ("/..", "/"),
  ])
  func `a path is made plain by its words alone`(path: String, plain: String) {
    #expect(PathText.absolute(path) == plain)
  }

  @Test func `only a leading tilde names the home folder`() {
    #expect(PathText.expandingHome("a/~/b") == "a/~/b")
    #expect(PathText.expandingHome("~other/b") == "~other/b")
    #expect(PathText.expandingHome("~/b").hasSuffix("/b"))
    #expect(!PathText.expandingHome("~/b").hasPrefix("~"))
  }

  @Test(arguments: [
    ("a", ".", "a"), ("/a", "/", "a"), ("b/a", "b", "a"), ("/c/b/a", "/c/b", "a"), ("b/", "b", ""),
  ])
  func `a path has a folder and a name`(path: String, folder: String, name: String) {
    #expect(PathText.folder(of: path) == folder)
    #expect(PathText.name(of: path) == name)
  }

  @Test(arguments: [
    ("/a", "b", "/a/b"), ("/", "b", "/b"), ("/a", "/b", "/b"), ("/a", "", "/a"), ("a/", "b", "a/b"),
  ])
  func `a path is joined to a folder unless it is absolute`(
    folder: String, path: String, joined: String
  ) {
    #expect(PathText.joined(folder, path) == joined)
  }

  @Test func `links are followed to the file itself, which must be there`() async throws {
    try await withTemporaryDirectory { folder in
      try TestFiles.write("x", to: folder + "/file")
      #expect(symlink("file", folder + "/link") == 0)
      let real = try PathText.resolved(folder)
      let followed = try PathText.resolved(folder + "/./link")
      #expect(followed == real + "/file")
      #expect {
        try PathText.resolved(folder + "/none")
      } throws: { ($0 as? SystemError)?.isMissing == true }
    }
  }

  @Test func `a name that is not UTF-8 is refused as text, and given as bytes`() async throws {
    try await withTemporaryDirectory { folder in
      let odd = Array(folder.utf8) + Array("/odd".utf8) + [0xFF, 0]
      let isMade = odd.withUnsafeBytes { bytes in
        bytes.withMemoryRebound(to: CChar.self) { name in
          name.baseAddress.map { mkdir($0, 0o700) == 0 && symlink($0, folder + "/link") == 0 }
        }
      }
      // Some file systems take no such name.
      guard isMade == true else { return }
      #expect {
        try PathText.resolved(folder + "/link")
      } throws: { ($0 as? SystemError)?.isEncoding == true }
      let bytes = try PathText.resolvedBytes(folder + "/link")
      #expect(bytes.last == 0xFF)
    }
  }
}
