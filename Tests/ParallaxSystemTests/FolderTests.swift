import ParallaxSystem
import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

@Suite struct FolderTests {
  @Test func `entries are in the byte order of their names, with their kinds`() async throws {
    try await withTemporaryDirectory { folder in
      for name in ["b", "a", ".hidden", "é"] { try TestFiles.write("x", to: "\(folder)/\(name)") }
      TestFiles.makeFolder(folder + "/in")
      #expect(symlink("in", folder + "/link") == 0)
      let entries = try Folder.entries(in: folder)
      #expect(entries.map(\.name) == [".hidden", "a", "b", "in", "link", "é"])
      #expect(entries.map(\.kind).contains(nil) || entries[3].kind == .folder)
      #expect(entries[4].kind == nil || entries[4].kind == .link)
    }
  }

  @Test func `a folder that is not there says so`() {
    #expect {
      try Folder.entries(in: "/nowhere/at/all")
    } throws: { ($0 as? SystemError)?.isMissing == true }
  }

  @Test func `folders are made where they are missing`() async throws {
    try await withTemporaryDirectory { folder in
      let file = folder + "/a/b/c/file"
      try Folder.makeParents(of: file, permissions: 0o700)
      try Folder.makeParents(of: file, permissions: 0o700)
      #expect(FileStatus(at: folder + "/a/b/c")?.permissions == 0o700)
      try Folder.make(folder + "/a")
      try TestFiles.write("x", to: file)
      #expect(throws: SystemError.self) { try Folder.make(file) }
      #expect(throws: SystemError.self) {
        try Folder.makeParents(of: file + "/d/e", permissions: 0o700)
      }
    }
  }

  @Test func `a folder goes with all that is in it, but not what its links lead to`() async throws {
    try await withTemporaryDirectory { folder in
      try TestFiles.write("x", to: folder + "/kept/file")
      try TestFiles.write("x", to: folder + "/gone/deep/file")
      #expect(symlink(folder + "/kept", folder + "/gone/link") == 0)
      Folder.removeIfEmpty(folder + "/gone")
      #expect(FileStatus.exists(folder + "/gone/deep/file"))
      Folder.removeAll(folder + "/gone")
      #expect(FileStatus.isMissing(folder + "/gone"))
      #expect(FileStatus.exists(folder + "/kept/file"))
    }
  }
}
