import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Names of a workspace that come, go and change while it is open.
@Suite struct PlaceTests {
  @Test func `a second name opens no second writer`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      let first = try Workspace(path: path)
      _ = try first.createCollection(named: "c")
      link(path, "\(folder)/other.parallax")
      let error = parallaxError { try Workspace(path: "\(folder)/other.parallax") }
      #expect(error?.code == .workspaceInUse)
      #expect(error?.message.contains("has 2 names (hard links)") == true)
      _ = try first.createCollection(named: "d")
      first.close()
      // Nobody can tell whether the other name is a backup or in use: not even the first is opened.
      #expect(parallaxError { try Workspace(path: path) }?.code == .workspaceInUse)
      let reader = try Workspace(path: "\(folder)/other.parallax", mode: .readOnly)
      #expect(try reader.collections().map(\.name) == ["c", "d"])
      reader.close()
      unlink("\(folder)/other.parallax")
      try Workspace(path: path).close()
    }
  }

  enum Event: CaseIterable, Sendable { case removed, renamed, replaced, folderGone }

  @Test(arguments: Event.allCases)
  func `a workspace that is gone refuses the next change`(event: Event) async throws {
    try await withTemporaryDirectory { folder in
      let home = "\(folder)/in"
      TestFiles.makeFolder(home)
      let path = "\(home)/work.parallax"
      let workspace = try Workspace(path: path)
      let collection = try workspace.createCollection(named: "c")
      switch event {
      case .removed: unlink(path)
      case .renamed: rename(path, "\(home)/moved.parallax")
      case .replaced:
        try TestFiles.write("mine", to: "\(home)/new")
        rename("\(home)/new", path)
      case .folderGone: rename(home, "\(folder)/out")
      }
      let error = parallaxError {
        try workspace.apply([.insert(item("a"))], to: collection)
      }
      #expect(error?.code == .workspaceGone)
      let verb = event == .replaced ? "replaced by another file" : "removed or renamed"
      #expect(
        error?.message == "'\(path)' was \(verb) while it was open; the change was not made")
      #expect(try workspace.items(in: collection).isEmpty)
      workspace.close()
      #expect(TestFiles.text(of: path) == (event == .replaced ? "mine" : nil))
    }
  }

  @Test func `a workspace that was moved back goes on`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      let workspace = try Workspace(path: path)
      rename(path, path + "-away")
      #expect(parallaxError { try workspace.createCollection(named: "c") }?.code == .workspaceGone)
      rename(path + "-away", path)
      _ = try workspace.createCollection(named: "c")
      workspace.close()
      let again = try Workspace(path: path)
      #expect(try again.collections().map(\.name) == ["c"])
      again.close()
    }
  }

  @Test func `closing what is gone leaves the files of its successor alone`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      let old = try Workspace(path: path)
      _ = try old.createCollection(named: "old")
      for ending in ["", "-wal", "-shm", "-lock"] { unlink(path + ending) }
      let new = try Workspace(path: path)
      _ = try new.createCollection(named: "new")
      old.close()
      #expect(access(path + "-wal", F_OK) == 0)
      #expect(parallaxError { try Workspace(path: path) }?.code == .workspaceInUse)
      let reader = try Workspace(path: path, mode: .readOnly)
      #expect(try reader.collections().map(\.name) == ["new"])
      reader.close()
      new.close()
      let again = try Workspace(path: path)
      #expect(try again.collections().map(\.name) == ["new"])
      again.close()
    }
  }
}
