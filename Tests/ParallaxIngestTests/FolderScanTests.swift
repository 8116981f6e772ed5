import ParallaxCore
import ParallaxIngest
import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct FolderScanTests {
  @Test func `finds images at every depth in byte order`() async throws {
    try await withTemporaryDirectory { folder in
      for name in [
        "b.jpg", "a/z.PNG", "a.png", "B.webp", "é.jpg", "a/b/c.tiff", "notes.txt", "noending",
        "a/b/d.jpg.part",
      ] {
        try TestFiles.write(name, to: "\(folder)/\(name)")
      }
      let scan = try FolderScan(of: folder)
      #expect(
        scan.files.map(\.relativePath) == [
          "B.webp", "a.png", "a/b/c.tiff", "a/z.PNG", "b.jpg", "é.jpg",
        ])
      #expect(scan.issues.isEmpty)
      #expect(scan.files.allSatisfy { $0.path == "\(scan.root)/\($0.relativePath)" })
      #expect(scan.files.map(\.size) == scan.files.map { Int64($0.relativePath.utf8.count) })
      try TestFiles.setModified(1_234_567_890_123_456_789, of: "\(folder)/b.jpg")
      #expect(try FolderScan(of: folder).files[4].modified == 1_234_567_890_123_456_789)
      let some = try FolderScan(of: folder + "/./a/..", matching: Glob("a/**"))
      #expect(some.root == scan.root)
      #expect(some.files.map(\.relativePath) == ["a/b/c.tiff", "a/b/d.jpg.part", "a/z.PNG"])
    }
  }

  @Test func `takes a file whose time is beyond what 64 bits of nanoseconds hold`() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/late.jpg"
      try TestFiles.write("x", to: path)
      // The year 2300; a file system that cannot hold it cuts it.
      let time = timespec(tv_sec: 10_413_792_000, tv_nsec: 0)
      #expect(utimensat(AT_FDCWD, path, [time, time], 0) == 0)
      #expect(try FolderScan(of: folder).files.map(\.relativePath) == ["late.jpg"])
    }
  }

  @Test func `leaves out and reports hidden files, resource forks and empty files`() async throws {
    try await withTemporaryDirectory { folder in
      for name in [
        "x.jpg", "._x.jpg", ".hidden.png", ".DS_Store", ".git/objects/y.jpg", "__MACOSX/._x.jpg",
        "__MACOSX/z.jpg", "sub/._y.JPG", "._folder/k.jpg",
      ] {
        try TestFiles.write("data", to: "\(folder)/\(name)")
      }
      try TestFiles.write("", to: "\(folder)/empty.gif")
      let scan = try FolderScan(of: folder)
      #expect(scan.files.map(\.relativePath) == ["x.jpg"])
      #expect(
        Set(scan.issues.map { "\($0.code.rawValue) \($0.subject)" }) == [
          "resource-fork ._x.jpg", "resource-fork ._folder", "resource-fork __MACOSX",
          "resource-fork sub/._y.JPG", "hidden-file .hidden.png", "hidden-file .git",
          "empty-file empty.gif",
        ])
    }
  }

  @Test func `reads each real folder once, whatever links there are`() async throws {
    try await withTemporaryDirectory { folder in
      try TestFiles.write("1", to: "\(folder)/z/real.jpg")
      try TestFiles.write("2", to: "\(folder)-outside/far.jpg")
      defer { removeTree("\(folder)-outside") }
      symlink(".", "\(folder)/loop")
      symlink("..", "\(folder)/z/up")
      symlink("z", "\(folder)/a")
      symlink("\(folder)-outside", "\(folder)/outside")
      symlink("z/real.jpg", "\(folder)/link.jpg")
      symlink("nowhere", "\(folder)/broken.jpg")
      symlink("self.jpg", "\(folder)/self.jpg")
      symlink("nowhere", "\(folder)/broken.txt")
      symlink("nowhere", "\(folder)/unmounted")
      symlink("/", "\(folder)/z/everything")
      symlink("outside/far.jpg", "\(folder)/far.jpg")
      let issues: Set = [
        "repeated-folder a", "repeated-folder loop", "repeated-folder z/up",
        "broken-link broken.jpg", "broken-link self.jpg", "broken-link unmounted",
      ]
      let scan = try FolderScan(of: folder)
      #expect(scan.files.map(\.relativePath) == ["far.jpg", "link.jpg", "z/real.jpg"])
      #expect(
        Set(scan.issues.map { "\($0.code.rawValue) \($0.subject)" })
          == issues.union(["linked-folder outside", "linked-folder z/everything"]))
      #expect(scan.unreadablePaths.contains("\(scan.root)/unmounted"))
      unlink("\(folder)/z/everything")
      let followed = try FolderScan(of: folder, followsLinks: true)
      #expect(
        followed.files.map(\.relativePath) == [
          "far.jpg", "link.jpg", "outside/far.jpg", "z/real.jpg",
        ])
      #expect(Set(followed.issues.map { "\($0.code.rawValue) \($0.subject)" }) == issues)
    }
  }

  @Test(.timeLimit(.minutes(10))) func `survives a web of links`() async throws {
    try await withTemporaryDirectory { folder in
      for level in 0..<40 {
        TestFiles.makeFolder("\(folder)-web/\(level)")
        for name in ["a", "b", "c"] {
          symlink("../\(level + 1)", "\(folder)-web/\(level)/\(name)")
        }
      }
      defer { removeTree("\(folder)-web") }
      try TestFiles.write("1", to: "\(folder)-web/40/x.jpg")
      #expect(try FolderScan(of: "\(folder)-web").files.map(\.relativePath) == ["40/x.jpg"])
      #expect(try FolderScan(of: "\(folder)-web/0").files.isEmpty)
      #expect(try FolderScan(of: "\(folder)-web/0", followsLinks: true).files.count == 1)
    }
  }

  @Test func `reports names that are not UTF-8 and what is no file`() async throws {
    try await withTemporaryDirectory { folder in
      let path = Array("\(folder)/caf".utf8CString.dropLast()) + [CChar(bitPattern: 0xE9)]
      for name in [path + ".jpg".utf8CString, path + ".txt".utf8CString] {
        close(open(name, O_CREAT | O_WRONLY, 0o644))
      }
      mkdir(path + [0], 0o755)
      mkfifo("\(folder)/pipe.jpg", 0o644)
      mkfifo("\(folder)/pipe.txt", 0o644)
      TestFiles.makeFolder("\(folder)/folder.jpg")
      let scan = try FolderScan(of: folder)
      #expect(scan.files.isEmpty)
      #expect(
        Set(scan.issues.map { "\($0.code.rawValue) \($0.subject)" }) == [
          "file-name-encoding caf\u{FFFD}.jpg", "file-name-encoding caf\u{FFFD}",
          "not-a-file pipe.jpg",
        ])
    }
  }

  @Test func `reports two names that read the same`() async throws {
    try await withTemporaryDirectory { folder in
      try TestFiles.write("1", to: "\(folder)/\u{E9}.jpg")
      try TestFiles.write("2", to: "\(folder)/e\u{301}.jpg")
      let scan = try FolderScan(of: folder)
      #expect(scan.files.count == 1)
      #expect(scan.issues.map(\.code) == [.sameName])
    }
  }

  @Test func `reports a folder that cannot be read and goes on`() async throws {
    try await withTemporaryDirectory { folder in
      // A path longer than the system allows: cannot be opened even by the superuser.
      let name = String(repeating: "d", count: 250)
      var descriptors = [open(folder, O_RDONLY)]
      for _ in 0..<20 {
        mkdirat(descriptors[descriptors.count - 1], name, 0o755)
        descriptors.append(openat(descriptors[descriptors.count - 1], name, O_RDONLY))
      }
      defer {
        for descriptor in descriptors.reversed() {
          unlinkat(descriptor, name, Int32(AT_REMOVEDIR))
          close(descriptor)
        }
      }
      try TestFiles.write("1", to: "\(folder)/x.jpg")
      let scan = try FolderScan(of: folder)
      #expect(scan.files.map(\.relativePath) == ["x.jpg"])
      #expect(scan.issues.map(\.code) == [.unreadableFolder])
      #expect(scan.unreadablePaths.count == 1)
      #expect(scan.issues.first?.severity == .error)
    }
  }

  @Test func `refuses what is no folder`() async throws {
    try await withTemporaryDirectory { folder in
      try TestFiles.write("1", to: "\(folder)/x.jpg")
      for name in ["none", "x.jpg"] {
        let error = #expect(throws: ParallaxError.self) { try FolderScan(of: "\(folder)/\(name)") }
        #expect(error?.code == .unreadableFile)
      }
    }
  }

  @Test func `stops when cancelled`() async throws {
    try await withTemporaryDirectory { folder in
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return try await IngestSource.folder(folder).listing()
      }
      let result = await task.result
      let error = #expect(throws: ParallaxError.self) { try result.get() }
      #expect(error?.code == .cancelled)
    }
  }

  @Test(.enabled(if: TestData.root != nil, "\(TestData.comment)"))
  func `leaves out the resource forks of real archives`() throws {
    let scan = try FolderScan(of: try #require(TestData.root) + "/odd")
    #expect(scan.files.count > 200)
    #expect(!scan.files.contains { $0.relativePath.contains("/._") })
  }
}
