import ParallaxTestSupport

@testable import ParallaxIngest

/// Tar archives.
enum ArchiveTarget: FuzzTarget {
  static let name = "archives"
  static let repeats: [Repetition] = [
    ("", "\0", ""), ("", "x", ""), ("", "a.jpg\0", ""),
  ]

  private static let folder = try? makeTemporaryDirectory()

  static func run(_ bytes: [UInt8]) throws {
    guard let folder else { return }
    let path = "\(folder)/a.tar"
    try TestFiles.write(bytes, to: path)
    guard let archive = try ErrorPromise.reading({ try TarArchive(path) }) else { return }
    try expect(
      Set(archive.members.map(\.name)).count == archive.members.count, "two members of one name")
    for member in archive.members {
      try expect(
        member.offset >= 512 && member.size >= 0
          && member.size <= Int64(bytes.count) - member.offset,
        "a member that reaches beyond the archive")
      let parts = member.name.split(separator: "/", omittingEmptySubsequences: false)
      try expect(
        !parts.contains { ["", ".", ".."].contains($0) }, "a member whose name leads elsewhere")
    }
  }
}
