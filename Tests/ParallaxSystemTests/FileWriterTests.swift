import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxSystem

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

@Suite struct FileWriterTests {
  private let writer = FileWriter()

  @Test func `a file that exists is left alone without replace`() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/x.csv"
      try write("old", to: path)
      let error = #expect(throws: ParallaxError.self) { try write("new", to: path) }
      #expect(error?.code == .fileExists)
      #expect(TestFiles.text(of: path) == "old")
      try write("new", to: path, replace: true)
      #expect(TestFiles.text(of: path) == "new")
      #expect(names(in: folder) == ["x.csv"])
    }
  }

  @Test func `a missing folder is named with the remedy`() async throws {
    try await withTemporaryDirectory { folder in
      let error = #expect(throws: ParallaxError.self) { try write("", to: folder + "/no/x.csv") }
      #expect(error?.code == .unwritableFile)
      #expect(error?.hint == "make the folder first")
    }
  }

  @Test func `what is no file stays what it is`() async throws {
    try await withTemporaryDirectory { folder in
      mkfifo(folder + "/pipe", 0o600)
      symlink("pipe", folder + "/link")
      TestFiles.makeFolder(folder + "/in")
      let cases = [
        (folder + "/pipe", "it is a FIFO, not a file"),
        (folder + "/link", "it is a FIFO, not a file"),
        (folder + "/in", "it is a folder, not a file"), ("/dev/null", "it is a device, not a file"),
        ("/dev/stdout", "it is an open stream, not a file"),
        ("/dev/fd/1", "it is an open stream, not a file"),
        (folder + "/", "it does not name a file"),
        ("", "it does not name a file"), (folder + "/a\0b", "it does not name a file"),
      ]
      for (path, reason) in cases {
        let error = #expect(throws: ParallaxError.self) { try write("x", to: path, replace: true) }
        #expect(error?.code == .unwritableFile)
        #expect(error?.message == "cannot write '\(path)': \(reason)")
      }
      #expect(FileStatus(at: folder + "/pipe")?.kind == .pipe)
      #expect(FileStatus(at: "/dev/null")?.kind == .device)
      #expect(names(in: folder) == ["in", "link", "pipe"])
    }
  }

  @Test func `the target of a link is written, and the link stays`() async throws {
    try await withTemporaryDirectory { folder in
      TestFiles.makeFolder(folder + "/far")
      try TestFiles.write("old", to: folder + "/far/real.csv")
      symlink("far/real.csv", folder + "/link.csv")
      symlink("far/later.csv", folder + "/early.csv")
      symlink("early.csv", folder + "/chain.csv")
      symlink("loop.csv", folder + "/loop.csv")
      #expect(throws: ParallaxError.self) { try write("new", to: folder + "/link.csv") }
      try write("new", to: folder + "/link.csv", replace: true)
      try write("late", to: folder + "/chain.csv")
      #expect(throws: ParallaxError.self) {
        try write("x", to: folder + "/loop.csv", replace: true)
      }
      #expect(TestFiles.text(of: folder + "/far/real.csv") == "new")
      #expect(TestFiles.text(of: folder + "/far/later.csv") == "late")
      for name in ["link", "early", "chain", "loop"] {
        #expect(FileStatus(at: "\(folder)/\(name).csv", followingLinks: false)?.kind == .link)
      }
      #expect(names(in: folder + "/far") == ["later.csv", "real.csv"])
    }
  }

  @Test(arguments: [0o600, 0o640, 0o666, 0o755])
  func `what is replaced keeps its mode`(mode: Int) async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/x"
      try TestFiles.write("old", to: path, mode: mode)
      let before = try #require(FileStatus(at: path))
      try write("new", to: path, replace: true)
      let after = try #require(FileStatus(at: path))
      #expect(after.permissions == UInt32(mode))
      #expect([after.owner, after.group] == [before.owner, before.group])
    }
  }

  @Test func `databases and files with several names are refused`() async throws {
    try await withTemporaryDirectory { folder in
      try TestFiles.write("SQLite format 3\0rest", to: folder + "/w.parallax")
      try TestFiles.write("old", to: folder + "/a")
      link(folder + "/a", folder + "/b")
      let database = #expect(throws: ParallaxError.self) {
        try write("x", to: folder + "/w.parallax", replace: true)
      }
      #expect(
        database?.message.hasSuffix("it is an SQLite database, as a workspace is") == true)
      let names = #expect(throws: ParallaxError.self) {
        try write("x", to: folder + "/b", replace: true)
      }
      #expect(names?.message.contains("has 2 names (hard links)") == true)
      #expect(TestFiles.text(of: folder + "/a") == "old")
    }
  }

  @Test func `what the caller protects is refused under every name`() async throws {
    try await withTemporaryDirectory { folder in
      let precious = folder + "/precious"
      try TestFiles.write("old", to: precious)
      symlink("precious", folder + "/link")
      let identity = FileStatus(at: precious)?.identity
      let writer = FileWriter {
        if $0.existing?.identity == identity { throw ParallaxError(.unwritableFile, "precious") }
      }
      for name in ["/precious", "/link", "/./precious"] {
        #expect(throws: ParallaxError.self) {
          try writer.write(.init(folder + name, []), replace: true)
        }
      }
      try writer.write(.init(folder + "/other", []), replace: true)
      #expect(TestFiles.text(of: precious) == "old")
    }
  }

  @Test(arguments: [true, false])
  func `of two files both are written or neither`(replaces: Bool) async throws {
    try await withTemporaryDirectory { folder in
      let (first, second) = (folder + "/first", folder + "/second")
      if replaces { try TestFiles.write("old", to: first) }
      struct Stop: Error {}
      let attempts: [FileWriter.File] = [
        .init(second) { _ in throw Stop() }, .init(folder + "/no/second", []),
        .init(folder + "/" + String(repeating: "n", count: 256), []),
      ]
      for attempt in attempts {
        #expect(throws: (any Error).self) {
          try writer.write([.init(first, Array("new".utf8)), attempt], replace: replaces)
        }
        #expect(TestFiles.text(of: first) == (replaces ? "old" : nil))
        #expect(names(in: folder) == (replaces ? ["first"] : []))
      }
      try writer.write([.init(first, []), .init(second, [])], replace: replaces)
      #expect(names(in: folder) == ["first", "second"])
    }
  }

  @Test(arguments: [true, false])
  func `a name taken between two steps takes the first one back`(replaces: Bool) async throws {
    try await withTemporaryDirectory { folder in
      let (first, second) = (folder + "/first", folder + "/second")
      if replaces { try TestFiles.write("old", to: first) }
      // A folder in the way, which no rename replaces, made after all was checked.
      let late = FileWriter.File(second) { _ in TestFiles.makeFolder(second + "/in") }
      #expect(throws: ParallaxError.self) {
        try writer.write([.init(first, Array("new".utf8)), late], replace: replaces)
      }
      #expect(TestFiles.text(of: first) == (replaces ? "old" : nil))
      #expect(names(in: folder) == (replaces ? ["first", "second"] : ["second"]))
    }
  }

  @Test func `the longest name that a file may have is taken`() async throws {
    try await withTemporaryDirectory { folder in
      let name = String(repeating: "n", count: 255)
      try write("x", to: "\(folder)/\(name)")
      #expect(names(in: folder) == [name])
    }
  }

  @Test func `a file of the program's own goes over a link and over what was left`() async throws {
    try await withTemporaryDirectory { folder in
      let (path, precious) = (folder + "/own", folder + "/precious")
      try TestFiles.write("precious", to: precious)
      #expect(symlink(precious, path) == 0)
      try TestFiles.write("left by a killed process", to: path + ".partial")
      try FileWriter.replaceOwn([.init(path, Array("new".utf8)), .init(path + ".side", [])])
      #expect(FileStatus(at: path, followingLinks: false)?.kind == .file)
      #expect(TestFiles.text(of: path) == "new")
      #expect(TestFiles.text(of: precious) == "precious")
      #expect(names(in: folder) == ["own", "own.side", "precious"])
    }
  }

  @Test func `files of the program's own are all as before when one fails`() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/own"
      try FileWriter.replaceOwn([.init(path, Array("old".utf8))])
      TestFiles.makeFolder(folder + "/side/in")
      #expect(throws: ParallaxError.self) {
        try FileWriter.replaceOwn([.init(path, Array("new".utf8)), .init(folder + "/side", [])])
      }
      #expect(TestFiles.text(of: path) == "old")
      #expect(names(in: folder) == ["own", "side"])
    }
  }

  private func write(_ text: String, to path: String, replace: Bool = false) throws {
    try writer.write(.init(path, Array(text.utf8)), replace: replace)
  }

  /// Everything in a folder, hidden files too.
  private func names(in folder: String) -> [String] {
    ((try? Folder.entries(in: folder)) ?? []).compactMap(\.name)
  }
}
