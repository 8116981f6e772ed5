import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxSystem

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

@Suite(.timeLimit(.minutes(10))) struct InputFileTests {
  @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 300_001])
  func `a file is read whole`(count: Int) async throws {
    try await withTemporaryDirectory { folder in
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try TestFiles.write(bytes, to: folder + "/x")
      #expect(try InputFile.contents(of: folder + "/x", atMost: count) == bytes)
      #expect(try InputFile(folder + "/x").withMappedBytes { Array($0) } == bytes)
    }
  }

  @Test func `what is no file is named and not waited for`() async throws {
    try await withTemporaryDirectory { folder in
      mkfifo(folder + "/pipe", 0o600)
      symlink(folder + "/pipe", folder + "/link")
      let cases = [
        ("/pipe", "it is a FIFO, not a file"), ("/link", "it is a FIFO, not a file"),
        ("", "it is a folder, not a file"), ("/none", "No such file or directory"),
      ]
      for (name, reason) in cases {
        let error = #expect(throws: ParallaxError.self) {
          try InputFile.contents(of: folder + name, atMost: 10)
        }
        #expect(error?.code == .unreadableFile)
        #expect(error?.message == "cannot read '\(folder + name)': \(reason)")
      }
      let device = #expect(throws: ParallaxError.self) {
        try InputFile.contents(of: "/dev/zero", atMost: 10)
      }
      #expect(device?.message == "cannot read '/dev/zero': it is a device, not a file")
    }
  }

  @Test func `a file beyond the limit is refused before it is read`() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/sparse"
      try TestFiles.write("", to: path)
      truncate(path, 1 << 40)
      let error = #expect(throws: ParallaxError.self) {
        try InputFile.contents(of: path, atMost: 3 << 20)
      }
      #expect(error?.message == "cannot read '\(path)': it has more than 3 MiB")
    }
  }

  @Test func `a name with NUL opens no other file`() async throws {
    try await withTemporaryDirectory { folder in
      try TestFiles.write("x", to: folder + "/a")
      #expect(throws: ParallaxError.self) {
        try InputFile.contents(of: folder + "/a\0b", atMost: 10)
      }
    }
  }

  @Test func `a pipe is read to its end where pipes are asked for`() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/pipe"
      mkfifo(path, 0o600)
      let reader = Task { try InputFile(path, .any).contents(atMost: 1 << 20) }
      let writer = try ProgramRun(
        "/bin/sh", ["-c", "{ printf one; sleep 0.2; printf two; } > \"$0\"", path])
      #expect(try await reader.value == Array("onetwo".utf8))
      _ = await writer.finish()
    }
  }

  @Test func `a pipe that never ends is cancelled, and bounded`() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/pipe"
      mkfifo(path, 0o600)
      let reader = Task { try InputFile(path, .any).contents(atMost: 10) }
      try await Task.sleep(for: .milliseconds(50))
      reader.cancel()
      let error = await #expect(throws: ParallaxError.self) { try await reader.value }
      #expect(error?.code == .cancelled)
      let endless = #expect(throws: ParallaxError.self) {
        try InputFile("/dev/zero", .any).contents(atMost: 1 << 20)
      }
      #expect(endless?.message == "cannot read '/dev/zero': it has more than 1 MiB")
    }
  }
}
