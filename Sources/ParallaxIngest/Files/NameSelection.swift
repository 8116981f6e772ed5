/// Which of the names in a bucket or an archive are taken for pictures: the rules of a folder, for what
/// is no folder.
package struct NameSelection {
  package enum Verdict: Sendable, Hashable {
    case take
    /// The first bytes say whether it is a picture.
    case look
    case leave
  }

  /// Bytes that are looked at.
  package static let headLength = FileHeads.length

  private let glob: Glob?
  private let recognizes: HeadReader?
  private var log = IssueLog()
  private var otherKinds: [String: Int] = [:]
  private let place: String

  /// - Parameters:
  ///   - place: the bucket or archive, for messages.
  ///   - glob: replaces the test for endings of images.
  package init(in place: String, matching glob: Glob?, recognizing heads: HeadReader?) {
    self.place = place
    self.glob = glob
    recognizes = heads
  }

  package mutating func verdict(on name: String, size: Int64) -> Verdict {
    let ending = FilePath.ending(of: name)
    let isMeant =
      glob.map { $0.matches(name) } ?? (ending.map(FolderScan.imageEndings.contains) ?? false)
    guard isMeant || glob == nil else { return .leave }
    let parts = name.split(separator: "/")
    if parts.contains(where: { $0.hasPrefix(".") || $0 == "__MACOSX" }) {
      if isMeant { report(.hiddenFile, name, "left out a hidden file", .note) }
      return .leave
    }
    guard size > 0 else {
      if isMeant { report(.emptyFile, name, "the file is empty", .error) }
      return .leave
    }
    if isMeant { return .take }
    if let ending, FileHeads.otherEndings.contains(ending) { return .leave }
    if let ending, FileHeads.rawEndings.contains(ending) {
      otherKinds["a camera raw file", default: 0] += 1
      return .leave
    }
    return recognizes == nil ? .leave : .look
  }

  /// Whether what begins so is a picture.
  package mutating func isPicture(_ head: [UInt8]) -> Bool {
    switch recognizes?(head) {
    case .picture: return true
    case .otherPicture(let name): otherKinds[name, default: 0] += 1
    case .noPicture, nil: break
    }
    return false
  }

  package mutating func report(
    _ code: IngestIssue.Code, _ name: String, _ reason: String, _ severity: IngestIssue.Severity
  ) {
    log.add(IngestIssue(code, severity, subject: name, reason: reason))
  }

  package var issues: [IngestIssue] {
    log.issues + [FileHeads.issue(of: otherKinds, in: place)].compactMap(\.self)
  }
}
