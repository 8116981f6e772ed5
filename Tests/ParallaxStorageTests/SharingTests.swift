import Glibc
import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

@Suite struct SharingTests {
  @Test func `a second writer is refused, by any name of the file`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      let first = try Workspace(path: path)
      symlink(path, "\(folder)/link")
      for name in [path, "\(folder)/link", "\(folder)/./work.parallax"] {
        let error = parallaxError { try Workspace(path: name) }
        #expect(error?.code == .workspaceInUse)
        #expect(error?.message == "'\(path)' is open for writing in this process")
        #expect(error?.hint == "end that session, or open the workspace with --read-only")
      }
      first.close()
      try Workspace(path: path).close()
    }
  }

  @Test func `the refusal names the process that holds the workspace`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      // A lock held on another open file description is what another process has.
      let descriptor = open("\(path)-lock", O_RDWR | O_CREAT, 0o600)
      defer { close(descriptor) }
      _ = Array("4711\n".utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      flock(descriptor, LOCK_EX)
      let error = parallaxError { try Workspace(path: path) }
      #expect(error?.message == "'\(path)' is open for writing in process 4711")
      #expect(access(path, F_OK) != 0)
    }
  }

  @Test func `the lock file of a killed process is no obstacle`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      close(open("\(path)-lock", O_RDWR | O_CREAT, 0o600))
      let workspace = try Workspace(path: path)
      workspace.close()
      #expect(access("\(path)-lock", F_OK) != 0)
    }
  }

  @Test func `a reader beside a writer sees finished changes only and changes nothing`()
    async throws
  {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      let writer = try Workspace(path: path)
      let reader = try Workspace(path: path, mode: .readOnly)
      try writer.write { connection in
        try connection.run("INSERT INTO setting (name, value) VALUES ('k', '1')")
        #expect(try reader.setting(named: "k") == nil)
      }
      #expect(try reader.setting(named: "k") == "1")
      let error = parallaxError { try reader.setSetting("k", to: "2") }
      #expect(error?.code == .readOnly)
      #expect(error?.message == "'\(path)' is open for reading only")
      writer.close()
      #expect(try reader.setting(named: "k") == "1")
      reader.close()
    }
  }

  @Test func `a failed change leaves nothing behind`() async throws {
    try await withWorkspace { workspace in
      #expect(throws: ParallaxError.self) {
        try workspace.write { connection in
          try connection.run("INSERT INTO setting (name, value) VALUES ('k', '1')")
          try connection.run("INSERT INTO setting (name, value) VALUES ('k', '1')")
        }
      }
      #expect(try workspace.settings().isEmpty)
      try workspace.setSetting("k", to: "2")
      #expect(try workspace.setting(named: "k") == "2")
    }
  }

  @Test func `an error of SQLite names the statement and no value`() async throws {
    try await withWorkspace { workspace in
      try workspace.setSetting("key", to: "secret-value")
      let error = parallaxError {
        try workspace.write {
          try $0.run(
            "INSERT INTO setting (name, value) VALUES (?, ?)",
            [.text("key"), .text("secret-value")])
        }
      }
      let text = try #require(error).description
      #expect(text.contains("INSERT INTO setting"))
      #expect(text.contains("UNIQUE constraint failed"))
      #expect(!text.contains("secret-value"))
    }
  }

  @Test func `several threads share one workspace`() async throws {
    try await withWorkspace { workspace in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for index in 0..<8 {
          group.addTask { try workspace.setSetting("k\(index)", to: String(index)) }
        }
        try await group.waitForAll()
      }
      #expect(try workspace.settings().map(\.value) == (0..<8).map(String.init))
    }
  }
}
