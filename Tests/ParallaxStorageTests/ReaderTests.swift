import Dispatch
import ParallaxConditions
import ParallaxCore
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxStorage

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Several readers and one writer in one process.
@Suite(.timeLimit(.minutes(10))) struct ReaderTests {
  /// Runs `body` with three items and their vectors, each in a chunk of its own.
  private func withSpace(
    _ body: (Workspace, ItemCollection, Space) async throws -> Void
  ) async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply(["a", "b", "c"].map { .insert(item($0, ["n": 1])) }, to: photos)
      let space = try workspace.createSpace(named: "base", in: photos, spec: spec())
      for id in ["a", "b", "c"] { try workspace.append(id, [1, 2, 3, 4], to: space) }
      try await body(workspace, photos, space)
    }
  }

  @Test func `while a space is loaded others read and write`() async throws {
    try await withSpace { workspace, photos, space in
      // The handler runs in the midst of the load.
      let errors = Errors()
      let loaded = try workspace.load(space) { progress in
        errors.collecting {
          let id = "new\(progress.completed)"
          try workspace.apply([.insert(item(id, ["n": 2]))], to: photos)
          try workspace.append(id, [4, 3, 2, 1], to: space)
          let found = try workspace.rows(in: photos, matching: WhereExpression(parsing: "n = 2"))
          #expect(found.count == progress.completed)
          #expect(try workspace.load(space).ids.count == 3 + progress.completed)
        }
      }
      #expect(errors.all.isEmpty, "\(errors.all)")
      // What was committed before it began, and nothing later.
      #expect(loaded.ids == ["a", "b", "c"])
      #expect(try workspace.load(space).ids == ["a", "b", "c", "new1", "new2", "new3"])
    }
  }

  @Test func `while replies are handed over others read and write`() async throws {
    try await withWorkspace { workspace in
      let replies = ["a", "b", "c"].map {
        CachedReply(key: file($0).hash, kind: .text, vector: [1, 2])
      }
      try workspace.keep(replies, provider: "p", model: "m")
      var count = 0
      let damaged = try workspace.forEachReply(ofModel: nil) { _ in
        count += 1
        let more = CachedReply(key: file("more \(count)").hash, kind: .text, vector: [1, 2])
        try workspace.keep([more], provider: "p", model: "m")
        #expect(try workspace.replySummaries().first?.count == 3 + count)
      }
      #expect(damaged == 0)
      #expect(count == 3)
    }
  }

  @Test func `a read sees everything that was committed before it began`() async throws {
    try await withWorkspace { workspace in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for name in ["a", "b", "c", "d"] {
          group.addTask {
            for value in 0..<100 {
              try workspace.setSetting(name, to: String(value))
              #expect(try workspace.setting(named: name) == String(value))
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test func `readers go as deep as they are asked for, and the file is alone when closed`()
    async throws
  {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      try Workspace(path: path).close()
      for mode in [Workspace.Mode.readOnly, .readWrite] {
        let workspace = try Workspace(path: path, mode: mode)
        func depth(_ levels: Int) throws -> Int {
          try workspace.read { connection in
            _ = try connection.integer("SELECT count(*) FROM setting")
            return levels == 0 ? 0 : try depth(levels - 1) + 1
          }
        }
        #expect(try depth(12) == 12)
        #expect(try workspace.settings().isEmpty)
        workspace.close()
        #expect(parallaxError { try depth(0) }?.message.hasSuffix("was closed") == true)
      }
      for ending in ["-wal", "-shm", "-lock"] { #expect(access(path + ending, F_OK) != 0) }
    }
  }

  @Test func `closing waits for who reads`() async throws {
    try await withTemporaryDirectory { folder in
      let workspace = try Workspace(path: "\(folder)/work.parallax")
      try workspace.setSetting("k", to: "1")
      let (begun, goesOn, ended) = (
        DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)
      )
      let read = Mutex<Int64?>(nil)
      // On threads of their own: those of the pool must not be waited on.
      DispatchQueue(label: "reader").async {
        let value = try? workspace.read { connection in
          begun.signal()
          goesOn.wait()
          return try connection.integer("SELECT value FROM setting")
        }
        read.withLock { $0 = value }
        ended.signal()
      }
      begun.wait()
      DispatchQueue(label: "closer").async {
        workspace.close()
        ended.signal()
      }
      // From some moment on nobody may begin any more.
      while (try? workspace.setting(named: "k")) != nil { await Task.yield() }
      goesOn.signal()
      ended.wait()
      ended.wait()
      #expect(read.withLock { $0 } == 1)
    }
  }

  @Test func `what conditions read serves every connection, until it changes`() async throws {
    try await withSpace { workspace, photos, _ in
      func count() throws -> Int {
        try workspace.rows(in: photos, matching: WhereExpression(parsing: "n = 1")).count
      }
      #expect(try count() == 3)
      // Behind the back of the seals: whoever reads the field again finds nothing.
      try Connection(path: workspace.path, access: .write).run("UPDATE metadata SET value = 9")
      try workspace.setSetting("k", to: "1")
      #expect(try count() == 3)
      #expect(try workspace.read { _ in try count() } == 3)
      try workspace.apply([.setMetadata("a", ["n": 1])], to: photos)
      #expect(try count() == 1)
      // A change of another field leaves it as it is.
      try workspace.apply([.setMetadata("a", ["m": 1])], to: photos)
      #expect(try count() == 1)
    }
  }
}

/// Errors of a handler that cannot throw.
private final class Errors: Sendable {
  private let errors = Mutex<[any Error]>([])

  var all: [any Error] { errors.withLock { $0 } }

  func collecting(_ body: () throws -> Void) {
    do { try body() } catch { errors.withLock { $0.append(error) } }
  }
}
