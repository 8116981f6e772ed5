import ParallaxCore
private import ParallaxSystem

/// Reads shards: tar archives in which files of one name but for the ending belong together, as
/// WebDataset has them: `0001.jpg`, `0001.txt`, `0001.json`.
struct ArchiveReader {
  /// Of a text or JSON beside a picture.
  private static let largestText: Int64 = 16 << 20

  private let root: String
  private let heads: HeadReader?
  private let members: Glob?
  private var items: [SourceItem] = []
  private var issues: [IngestIssue] = []
  private var unreadable: [String] = []
  private var records = ArchiveRecords()

  /// - Parameters:
  ///   - path: an archive, or a folder of archives.
  ///   - glob: of an archive the members to take, of a folder the archives.
  init(_ path: String, glob: Glob?, recognizing heads: HeadReader?) throws {
    self.heads = heads
    guard FileStatus.isFolder(path) else {
      do throws(SystemError) { root = try PathText.resolved(path) } catch {
        throw ParallaxError.unreadable(path, error)
      }
      members = glob
      try read(root, named: "")
      return
    }
    members = nil
    let scan = try FolderScan(of: path, matching: try glob ?? Glob("*.\(ArchivePath.ending)"))
    root = scan.root
    issues = scan.issues
    unreadable = scan.unreadablePaths
    for file in scan.files {
      do {
        try read(file.path, named: file.relativePath + "/")
      } catch let error as ParallaxError where error.code != .cancelled {
        unreadable.append(file.path)
        issues.append(
          IngestIssue(
            .unreadableFile, .error, subject: file.relativePath, reason: error.message))
      }
    }
  }

  func listing() -> SourceListing {
    var listing = SourceListing(
      root: root, items: items, issues: issues + records.issues, unreadablePaths: unreadable)
    if !records.isEmpty {
      listing.tables = [
        FoundTable(path: root, keys: [ArchiveRecords.key], records: records)
      ]
    }
    return listing
  }

  private mutating func read(_ path: String, named name: String) throws {
    let archive = try TarArchive(path)
    if !archive.isWhole { unreadable.append(path) }
    var selection = NameSelection(in: path, matching: members, recognizing: heads)
    var others: [String: [TarMember]] = [:]
    var taken: [TarMember] = []
    for member in archive.members {
      let (key, ending) = Self.sample(member.name)
      if ArchiveRecords.endings.contains(ending) {
        others[key, default: []].append(member)
        continue
      }
      switch selection.verdict(on: member.name, size: member.size) {
      case .take: taken.append(member)
      case .look:
        var head = member
        head.size = min(member.size, Int64(NameSelection.headLength))
        let bytes = try TarArchive.bytes(of: head, in: path, as: archive.status)
        if selection.isPicture(bytes) { taken.append(member) }
      case .leave: continue
      }
    }
    issues += archive.issues + selection.issues
    for member in taken {
      let relative = name + member.name
      let tag = archive.tag(of: member)
      items.append(
        SourceItem(
          file: FoundFile(
            path: "\(path)/\(member.name)", relativePath: relative, size: member.size,
            modified: archive.status.modified, tag: tag)))
      for other in others[Self.sample(member.name).key] ?? [] {
        guard other.size <= Self.largestText else {
          issues.append(
            IngestIssue(
              .archiveMember, .error, subject: "\(path)/\(other.name)",
              reason: "it has \(other.size) bytes, too many for a text beside a picture"))
          continue
        }
        let bytes = try TarArchive.bytes(of: other, in: path, as: archive.status)
        records.add(
          bytes, ending: Self.sample(other.name).ending, of: relative,
          named: "\(path)/\(other.name)")
      }
    }
  }

  /// WebDataset's key and ending: what stands before the first point of the name, and behind it.
  private static func sample(_ name: String) -> (key: String, ending: String) {
    let start = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
    guard let point = name[start...].firstIndex(of: "."), point > start else { return (name, "") }
    return (String(name[..<point]), name[name.index(after: point)...].lowercased())
  }
}
