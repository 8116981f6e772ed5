import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

@Suite struct HistoryFileTests {
  @Test func `entries come back as they were, also those of several lines`() async throws {
    try await withTemporaryDirectory { folder in
      let history = HistoryFile(path: folder + "/new/state/history")
      #expect(history.entries().isEmpty)
      let entries = ["list collections", "query c --text \"a\n\n# b\"", "#comment", "é 猫"]
      for entry in entries { try history.append(entry) }
      #expect(history.entries() == entries)
      var status = stat()
      #expect(stat(history.path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }
  }

  @Test func `parallel sessions lose nothing`() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/history"
      await withTaskGroup { group in
        for session in 0..<4 {
          group.addTask {
            for entry in 0..<50 {
              try? HistoryFile(path: path).append("s\(session) e\(entry)\nmore")
            }
          }
        }
      }
      let entries = HistoryFile(path: path).entries()
      #expect(entries.count == 200 && Set(entries).count == 200)
      #expect(entries.allSatisfy { $0.hasSuffix("\nmore") })
    }
  }

  @Test(arguments: [
    ("list models", nil, true), ("list models", "list models", false), (" secret", nil, false),
    ("", nil, false), ("!export K=AIzaSyA1234567890abcdefghijkl", nil, false),
    ("set key sk-abcdefghijklmnop123456", nil, false),
    ("query c --text 'sk-1234567890abcdefghij'", nil, false),
    ("query c --text task-oriented-conversations", nil, true),
    ("ingest c /data/AIza", nil, true),
  ])
  func `what looks like a key is not kept`(entry: String, previous: String?, isKept: Bool) {
    #expect(HistoryFile.isKept(entry, after: previous) == isKept)
  }

  @Test func `a place that cannot be written is an error with a remedy`() throws {
    let history = HistoryFile(path: "/proc/nonexistent/history")
    #expect {
      try history.append("x")
    } throws: { ($0 as? ParallaxError)?.hint?.contains("XDG_STATE_HOME") == true }
    #expect(HistoryFile(environment: [:]) == nil)
    #expect(HistoryFile(environment: ["HOME": "/h"])?.path == "/h/.local/state/parallax/history")
    #expect(
      HistoryFile(environment: ["HOME": "/h", "XDG_STATE_HOME": "/s"])?.path
        == "/s/parallax/history")
  }
}
