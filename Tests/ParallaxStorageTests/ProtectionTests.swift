import ParallaxCore
import ParallaxDigest
import ParallaxStorage
import ParallaxSystem
import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// What a file that is written may not be: a part of the workspace, or an original.
@Suite struct ProtectionTests {
  @Test func `the open workspace is refused under every name`() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/work.parallax"
      let workspace = try Workspace(path: path)
      defer { workspace.close() }
      _ = try workspace.createCollection(named: "c")
      symlink("work.parallax", folder + "/link.csv")
      TestFiles.makeFolder(path + ".indexes")
      let names = ["", "-wal", "-shm", "-lock", "-journal", ".indexes/1.hnsw"].map { path + $0 }
      for name in names + [folder + "/link.csv", folder + "/./work.parallax"] {
        #expect(throws: ParallaxError.self) { try write(name, workspace) }
      }
      try write(folder + "/other.csv", workspace)
      #expect(try workspace.collections().map(\.name) == ["c"])
    }
  }

  @Test func `an archive is the original of what lies in it`() async throws {
    try await withTemporaryDirectory { folder in
      let workspace = try Workspace(path: folder + "/work.parallax")
      defer { workspace.close() }
      try TestFiles.write("abc", to: folder + "/shards/0.tar")
      let collection = try workspace.createCollection(named: "c")
      let path = try PathText.resolved(folder + "/shards/0.tar")
      try workspace.apply(
        [
          .insert(
            NewItem(
              id: ItemID("a"),
              file: FileState(path: path + "/a.jpg", hash: Digest.sha256("a"), size: 1, modified: 0)
            ))
        ], to: collection)
      #expect(throws: ParallaxError.self) { try write(path, workspace) }
      #expect(TestFiles.text(of: path) == "abc")
    }
  }

  @Test func `originals are refused under every name`() async throws {
    try await withTemporaryDirectory { folder in
      let workspace = try Workspace(path: folder + "/work.parallax")
      defer { workspace.close() }
      let original = folder + "/in/a.jpg"
      try TestFiles.write("abc", to: original)
      link(original, folder + "/hard.csv")
      symlink("in/a.jpg", folder + "/soft.csv")
      symlink("in", folder + "/door")
      try TestFiles.write("abc", to: folder + "/same-size.csv")
      let collection = try workspace.createCollection(named: "c")
      let state = FileState(path: original, hash: Digest.sha256("abc"), size: 3, modified: 0)
      try workspace.apply([.insert(NewItem(id: "a", file: state))], to: collection)
      for name in ["/in/a.jpg", "/hard.csv", "/soft.csv", "/door/a.jpg"] {
        let error = #expect(throws: ParallaxError.self) { try write(folder + name, workspace) }
        #expect(
          error?.message
            == "cannot write '\(folder + name)': it is the original of 'a' in 'c'")
      }
      // Also when it has changed since, which its size would not tell.
      try TestFiles.write("abcdef", to: original)
      for name in ["/in/a.jpg", "/hard.csv"] {
        #expect(throws: ParallaxError.self) { try write(folder + name, workspace) }
      }
      try write(folder + "/same-size.csv", workspace)
      #expect(TestFiles.text(of: original) == "abcdef")
    }
  }

  private func write(_ path: String, _ workspace: Workspace) throws {
    try FileWriter { try workspace.checkNotOwned($0) }.write(.init(path, []), replace: true)
  }
}
