internal import ParallaxCore
internal import ParallaxIngest
private import ParallaxSystem
private import Synchronization

/// Pictures within tar archives, read where they lie.
struct ArchiveSource: PictureSource {
  let archives: ArchiveShelf

  static func reads(_ path: String) -> Bool { ArchivePath.split(path) != nil }

  func picture(
    at path: String, unless known: PictureState?, atMost limit: Int
  ) async throws -> PictureReply {
    guard let (archive, name) = ArchivePath.split(path) else {
      throw ParallaxError.unreadable(path, "there is no such archive")
    }
    let index = try archives.index(of: archive)
    guard let member = index.members[name] else {
      throw ParallaxError(
        .unreadableFile, "cannot read '\(path)': the archive has no such file any more")
    }
    let state = PictureState(
      tag: index.archive.tag(of: member), modified: index.archive.status.modified)
    if let known, known == state { return .unchanged }
    guard member.size <= Int64(limit) else {
      throw ParallaxError(
        .unreadableFile,
        "'\(path)' has \((member.size + 999_999) / 1_000_000) MB; the limit is \(limit / 1_000_000)"
      )
    }
    return .picture(
      try TarArchive.bytes(of: member, in: archive, as: index.archive.status), state)
  }
}

/// The places of the members of the archives that were read last.
final class ArchiveShelf: Sendable {
  /// Archives whose places are kept; of ten thousand members each that is about a megabyte.
  private static let most = 32

  struct Index: Sendable {
    let archive: TarArchive
    let members: [String: TarMember]
  }

  private struct State {
    var indexes: [String: Index] = [:]
    /// The last used comes last.
    var order: [String] = []
  }
  private let state = Mutex(State())

  /// - Throws: `unreadable-file`, `unsupported`, `cancelled`.
  func index(of path: String) throws -> Index {
    let status = FileStatus(at: path)
    let known = state.withLock { state -> Index? in
      guard let index = state.indexes[path], index.archive.status == status else { return nil }
      return index
    }
    if let known { return known }
    let archive = try TarArchive(path)
    let index = Index(
      archive: archive,
      members: Dictionary(archive.members.map { ($0.name, $0) }, uniquingKeysWith: { $1 }))
    state.withLock { state in
      if state.indexes.updateValue(index, forKey: path) == nil { state.order.append(path) }
      if state.order.count > Self.most { state.indexes[state.order.removeFirst()] = nil }
    }
    return index
  }
}
