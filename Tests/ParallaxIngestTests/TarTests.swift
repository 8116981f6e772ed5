import ParallaxCore
import ParallaxSystem
import ParallaxTestSupport
import Testing

@testable import ParallaxIngest

/// Archives that Python's tarfile, GNU tar and `Fixtures/make_archives.py` made.
@Suite struct TarTests {
  private static let folder = TestData.packageRoot + "/Tests/ParallaxIngestTests/Fixtures/archives"

  private func archive(_ name: String) throws -> TarArchive {
    try TarArchive("\(Self.folder)/\(name).tar")
  }

  @Test(arguments: ["pax", "gnu"])
  func `members are read where they lie`(name: String) throws {
    let archive = try archive(name)
    let long = "sub/" + String(repeating: "long", count: 40) + "/003.jpg"
    #expect(
      archive.members.map(\.name) == [
        "000001.jpg", "000001.txt", "000001.json", "000002.png", "000002.cls", long, "sub/été.jpg",
      ])
    #expect(archive.isWhole && archive.issues.isEmpty)
    let three = try #require(archive.members.first { $0.name == long })
    let bytes = try TarArchive.bytes(of: three, in: archive.path, as: archive.status)
    #expect(bytes == [0xFF, 0xD8, 0xFF] + Array("three".utf8))
  }

  @Test func `hostile members are left out by name`() throws {
    let archive = try archive("hostile")
    #expect(archive.members.map(\.name) == ["good.jpg", "last.jpg"])
    let good = archive.members[0]
    #expect(
      try TarArchive.bytes(of: good, in: archive.path, as: archive.status)
        == [0xFF, 0xD8, 0xFF] + Array("better".utf8))
    let reasons = archive.issues.map {
      "\($0.subject.split(separator: "/").last ?? ""): \($0.reason)"
    }
    #expect(
      reasons == [
        "out.jpg: its name leads out of the archive",
        "passwd.jpg: its name leads out of the archive",
        "b.jpg: its name leads out of the archive", "link.jpg: left out a link",
        "hard.jpg: left out a link",
        "pipe.jpg: left out what is neither a file nor a folder",
        "good.jpg: it is in the archive twice; the last counts",
        "holes.jpg: it is stored with holes, which are not read",
      ])
  }

  @Test func `sparse members are left out, those behind them are found`() throws {
    let archive = try archive("sparse")
    #expect(archive.members.map(\.name) == ["plain.jpg"])
    #expect(archive.issues.map(\.code) == [.archiveMember] && archive.isWhole)
  }

  @Test(arguments: [
    ("cut", 1), ("huge", 1), ("negative", 1), ("pax-size", 1), ("pax-bad", 1), ("pax-long", 1),
    ("garbage", 1),
  ])
  func `a damaged archive gives what lies before the damage`(name: String, count: Int) throws {
    let archive = try archive(name)
    #expect(archive.members.count == count, "\(archive.members)")
    #expect(!archive.isWhole)
    #expect(archive.issues.last?.code == .damagedArchive)
    #expect(archive.issues.last?.reason.contains("cut or damaged") == true)
  }

  @Test func `an end without empty blocks is said, for what follows may have been cut`() throws {
    let archive = try archive("no-end")
    #expect(archive.members.count == 1 && !archive.isWhole)
    #expect(archive.issues.map(\.severity) == [.warning])
    #expect(archive.issues.first?.reason.contains("may have been cut") == true)
  }

  @Test func `what follows the end is said, zeros are not`() async throws {
    let whole = try TestFiles.bytes(of: Self.folder + "/pax.tar")
    let zeros = [UInt8](repeating: 0, count: 3 << 20)
    try await withTemporaryDirectory { folder in
      try TestFiles.write(whole + zeros, to: folder + "/padded.tar")
      let padded = try TarArchive(folder + "/padded.tar")
      #expect(padded.isWhole && padded.issues.isEmpty && padded.members.count == 7)
      try TestFiles.write(whole + zeros + whole, to: folder + "/joined.tar")
      let joined = try TarArchive(folder + "/joined.tar")
      #expect(!joined.isWhole && joined.members.count == 7)
      #expect(joined.issues.map(\.code) == [.damagedArchive])
    }
  }

  @Test func `what is packed is refused with the remedy`() async throws {
    try await withTemporaryDirectory { folder in
      try TestFiles.write(
        [0x1F, 0x8B, 8, 0] + [UInt8](repeating: 0, count: 600), to: folder + "/a.tar")
      let error = #expect(throws: ParallaxError.self) { try TarArchive(folder + "/a.tar") }
      #expect(error?.code == .unsupported && error?.hint?.contains("gunzip") == true)
    }
  }

  @Test func `files of one name are one sample`() async throws {
    let listing = try await IngestSource.archives(Self.folder, glob: try Glob("pax.tar")).listing()
    #expect(
      listing.items.map(\.file.relativePath).prefix(2) == [
        "pax.tar/000001.jpg", "pax.tar/000002.png",
      ])
    let records = try #require(listing.tables.first?.records)
    #expect(records.columnNames == ["__key__", "caption", "year", "json_caption", "ok", "cls"])
    #expect(records.cell(row: 0, column: 1) == .typed(.text("a dog")))
    #expect(records.cell(row: 0, column: 2).text == "2020")
    #expect(records.cell(row: 0, column: 3).text == "another")
    #expect(records.cell(row: 1, column: 5) == .untyped("7"))
    let first = try #require(listing.items.first)
    #expect(ArchivePath.split(first.file.path)?.member == "000001.jpg")
  }
}
