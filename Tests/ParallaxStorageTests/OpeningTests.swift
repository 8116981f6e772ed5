import Glibc
import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

private func write(_ text: String, to path: String) throws {
  let stream = try #require(fopen(path, "w"))
  fputs(text, stream)
  fclose(stream)
}

private func names(in folder: String) -> Set<String> {
  var names: Set<String> = []
  guard let stream = opendir(folder) else { return [] }
  defer { closedir(stream) }
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.insert(name) }
  }
  return names
}

@Suite struct OpeningTests {
  @Test func `a new workspace carries its mark and schema and is one file when closed`()
    async throws
  {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      let workspace = try Workspace(path: path)
      #expect(try workspace.read { try $0.integer("PRAGMA application_id") } == 0x5052_4C58)
      #expect(
        try workspace.read { try $0.integer("PRAGMA user_version") } == Int64(Migration.all.count))
      #expect(try workspace.read { try $0.first("PRAGMA journal_mode") { $0.text(0) } } == "wal")
      #expect(try workspace.read { try $0.integer("PRAGMA foreign_keys") } == 1)
      workspace.close()
      workspace.close()
      #expect(names(in: folder) == ["work.parallax"])
    }
  }

  @Test func `what was stored is there after closing and opening`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      let first = try Workspace(path: path)
      let made = try first.createCollection(named: "photos", description: "Flickr")
      try first.apply([.insert(item("a"))], to: made)
      first.close()
      let second = try Workspace(path: path)
      #expect(try second.collection(named: "photos") == made)
      #expect(try second.items(in: made).map(\.id) == [ItemID("a")])
      second.close()
    }
  }

  @Test func `a closed workspace says so`() async throws {
    try await withWorkspace { workspace in
      workspace.close()
      let error = parallaxError { try workspace.collections() }
      #expect(error?.message.hasSuffix("was closed") == true)
    }
  }

  @Test func `a workspace from a newer program is refused and left alone`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      let workspace = try Workspace(path: path)
      let latest = Migration.all.count
      try workspace.write { try $0.run("PRAGMA user_version = \(latest + 1)") }
      workspace.close()
      for mode in [Workspace.Mode.readWrite, .readOnly] {
        let error = parallaxError { try Workspace(path: path, mode: mode) }
        #expect(error?.code == .newerWorkspace)
        #expect(
          error?.message == """
            '\(path)' was written by a newer parallax (schema \(latest + 1); this one reads up to \(latest)); \
            update parallax or open a copy made by this version
            """)
      }
    }
  }

  @Test func `what is not a workspace is refused and left alone`() async throws {
    try await withTemporaryDirectory { folder in
      let text = "\(folder)/notes.txt"
      try write(
        "not a database, and longer than a header of a hundred bytes: "
          + String(repeating: "x", count: 900), to: text)
      let short = "\(folder)/short.txt"
      try write("hello", to: short)
      let other = "\(folder)/other.db"
      try Connection(path: other, access: .create).run("CREATE TABLE t (x)")
      let marked = "\(folder)/marked.db"
      try Connection(path: marked, access: .create).run("PRAGMA application_id = 5")
      let pipe = "\(folder)/pipe"
      mkfifo(pipe, 0o600)
      let before = names(in: folder)
      for path in [text, short, other, marked, pipe, folder] {
        for mode in [Workspace.Mode.readWrite, .readOnly] {
          let error = parallaxError { try Workspace(path: path, mode: mode) }
          #expect(error?.code == .notAWorkspace, "\(path): \(String(describing: error))")
        }
      }
      #expect(names(in: folder) == before)
    }
  }

  @Test func `a missing file is made only for writing and only in a folder`() async throws {
    try await withTemporaryDirectory { folder in
      let missing = parallaxError { try Workspace(path: "\(folder)/a.parallax", mode: .readOnly) }
      #expect(missing?.code == .unreadableFile)
      #expect(missing?.message == "there is no workspace '\(folder)/a.parallax'")
      let noFolder = parallaxError { try Workspace(path: "\(folder)/no/a.parallax") }
      #expect(
        noFolder?.message == "there is no folder '\(folder)/no/' for the workspace 'a.parallax'")
      #expect(parallaxError { try Workspace(path: "") }?.code == .unreadableFile)
      #expect(parallaxError { try Workspace(path: "\(folder)/no/") }?.code == .unreadableFile)
      try write("", to: "\(folder)/empty")
      #expect(
        parallaxError { try Workspace(path: "\(folder)/empty", mode: .readOnly) }?.code
          == .notAWorkspace)
      let begun = try Workspace(path: "\(folder)/empty")
      #expect(try begun.collections().isEmpty)
    }
  }

  @Test func `a file in a folder that cannot be written is read, whatever its name`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/wörk 100%?mode=rwc#a.parallax"
      let workspace = try Workspace(path: path)
      _ = try workspace.createCollection(named: "photos")
      workspace.close()
      let reader = try Connection(path: path, access: .immutable)
      #expect(try reader.integer("SELECT count(*) FROM collection") == 1)
      #expect(names(in: folder).count == 1)
    }
  }

  /// Permissions do not bind the superuser.
  @Test(.enabled(if: geteuid() != 0, "needs an ordinary user"))
  func `a folder that cannot be written takes readers only`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      try Workspace(path: path).close()
      chmod(folder, 0o500)
      defer { chmod(folder, 0o700) }
      let reader = try Workspace(path: path, mode: .readOnly)
      #expect(try reader.collections().isEmpty)
      let error = parallaxError { try Workspace(path: path) }
      #expect(error?.code == .readOnly)
    }
  }

  @Test func `an interrupted creation is continued`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      try Connection(path: path, access: .create).run("PRAGMA journal_mode = WAL")
      let workspace = try Workspace(path: path)
      #expect(try workspace.collections().isEmpty)
    }
  }

  @Test func `a torn file is called damaged`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      let workspace = try Workspace(path: path)
      _ = try workspace.createCollection(named: "photos")
      workspace.close()
      truncate(path, 9_000)
      let error = parallaxError {
        let torn = try Workspace(path: path)
        _ = try torn.createCollection(named: "again")
        return try torn.collections()
      }
      #expect(error?.code == .damagedData)
      #expect(error?.hint?.contains("copy") == true)
    }
  }

  @Test func `no step of the schema changes once it is there`() {
    let hashes = Migration.all.map { migration in
      migration.script.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { hash, byte in
        (hash ^ UInt64(byte)) &* 0x100_0000_01b3
      }
    }
    #expect(
      hashes == [
        9_045_544_510_899_599_700, 2_010_074_347_926_273_987, 11_568_973_445_439_401_096,
        18_279_360_498_926_564_692, 9_186_309_475_323_836_993, 10_672_551_463_730_606_396,
        8_270_823_041_438_468_315, 13_611_247_595_237_422_659, 4_948_951_975_095_232_291,
        504_435_014_025_943_191, 13_490_192_494_732_841_054,
        11_046_635_685_821_605_632, 10_371_970_582_123_436_283,
        2_006_540_870_037_172_633, 9_000_556_860_713_457_315,
        5_485_840_652_907_730_369, 6_829_266_514_042_683_255, 6_526_365_564_877_873_226,
        13_958_799_277_369_791_833, 15_822_492_279_840_492_803, 2_896_705_013_199_256_431,
      ], "a released migration is append-only: write a new one, and add its hash")
    #expect(Migration.all.map(\.number) == Array(1...Migration.all.count))
  }

  @Test func `an older schema is brought up to date for writing and refused for reading`()
    async throws
  {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      let workspace = try Workspace(path: path)
      _ = try workspace.createCollection(named: "photos")
      workspace.close()
      let next = Migration(
        number: Migration.all.count + 1, script: "ALTER TABLE collection ADD COLUMN colour TEXT")
      let migrations = Migration.all + [next]
      let reader = try Connection(path: path, access: .read)
      #expect(
        parallaxError {
          try Schema(path: path, mode: .readOnly, migrations: migrations).prepare(reader)
        }?.code == .readOnly)
      let writer = try Connection(path: path, access: .write)
      try Schema(path: path, mode: .readWrite, migrations: migrations).prepare(writer)
      #expect(try writer.integer("PRAGMA user_version") == Int64(migrations.count))
      #expect(try writer.integer("SELECT count(colour IS NULL) FROM collection") == 1)
    }
  }

  @Test func `a migration that fails leaves the old schema`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/work.parallax"
      try Workspace(path: path).close()
      let broken = [
        Migration(number: Migration.all.count + 1, script: "CREATE TABLE half (x)"),
        Migration(number: Migration.all.count + 2, script: "CREATE TABLE half (x)"),
      ]
      let writer = try Connection(path: path, access: .write)
      #expect(throws: SQLiteError.self) {
        try Schema(path: path, mode: .readWrite, migrations: Migration.all + broken).prepare(writer)
      }
      #expect(try writer.integer("PRAGMA user_version") == Int64(Migration.all.count))
      #expect(try writer.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'half'") == 0)
    }
  }

  @Test func `what is written survives a power cut, but for a temporary workspace`() async throws {
    try await withTemporaryDirectory { folder in
      for (isTemporary, wanted) in [(false, Int64(2)), (true, 0)] {
        let workspace = try Workspace(
          path: "\(folder)/\(isTemporary).parallax", isTemporary: isTemporary)
        defer { workspace.close() }
        _ = try workspace.createCollection(named: "photos")
        let level = try workspace.write { try $0.integer("PRAGMA synchronous") }
        #expect(level == wanted)
      }
    }
  }

  @Test func `the log is written back at the end, but for a temporary workspace`() async throws {
    try await withTemporaryDirectory { folder in
      for isTemporary in [false, true] {
        let path = "\(folder)/\(isTemporary).parallax"
        let workspace = try Workspace(path: path, isTemporary: isTemporary)
        _ = try workspace.createCollection(named: "photos")
        workspace.close()
        #expect(TestFiles.exists(path + "-wal") == isTemporary)
      }
    }
  }
}
