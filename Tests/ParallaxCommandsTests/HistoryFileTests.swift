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

  @Test func `a file that others could read is closed to them`() async throws {
    try await withTemporaryDirectory { folder in
      let history = HistoryFile(path: folder + "/history")
      var status = stat()
      for mode in [0o666, 0o644, 0o640] {
        try TestFiles.write("#1\n\tlist models\n", to: history.path, mode: mode)
        #expect(history.entries() == ["list models"])
        #expect(stat(history.path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        try TestFiles.write("#1\n\tlist models\n", to: history.path, mode: mode)
        try history.append("list spaces")
        #expect(stat(history.path, &status) == 0 && status.st_mode & 0o777 == 0o600)
      }
    }
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
