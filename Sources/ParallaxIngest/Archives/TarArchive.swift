import ParallaxCore
package import ParallaxSystem

/// A file within a tar archive.
package struct TarMember: Sendable, Hashable {
  package var name: String
  /// Where its bytes begin in the archive.
  package var offset: Int64
  /// In bytes.
  package var size: Int64
}

/// What lies in a tar archive, by the headers alone: its files are read where they are.
///
/// Formats: POSIX ustar and pax (IEEE Std 1003.1-2017, pax, "ustar Interchange Format"), GNU tar, and
/// the format of version 7. An archive is anybody's: nothing in it is trusted, and nothing is unpacked.
package struct TarArchive: Sendable {
  /// Of an extended header, which holds a name and a few numbers.
  private static let largestExtension: Int64 = 1 << 20
  private static let block: Int64 = 512
  /// Bytes behind the end that are looked at in one read.
  private static let tail: Int64 = 1 << 20
  /// Members of one archive.
  private static let mostMembers = 10_000_000

  package let path: String
  package let status: FileStatus
  /// Regular files with names that can be told apart, in the order of the archive.
  package private(set) var members: [TarMember] = []
  package private(set) var issues: [IngestIssue] = []
  /// Whether its end was found; otherwise members may be missing that are there.
  package private(set) var isWhole = true

  private var log = IssueLog()
  private var places: [String: Int] = [:]

  /// What the headers before a member say of it.
  private struct Pending {
    var name: [UInt8]?
    var size: Int64?
    var isSparse = false
  }

  /// - Throws: `unsupported` for an archive that is packed; `unreadable-file`, `cancelled`.
  package init(_ path: String) throws {
    let file = try InputFile(path)
    self.path = path
    status = file.status
    try Self.refusePacked(try file.bytes(at: 0, count: 6), path)
    try read(file)
  }

  private mutating func read(_ file: borrowing InputFile) throws {
    var position: Int64 = 0
    var pending = Pending()
    var count = 0
    while position + Self.block <= status.size {
      count += 1
      if count & 0x3FF == 0, Task.isCancelled {
        throw ParallaxError(.cancelled, "cancelled while reading '\(path)'")
      }
      let bytes = try file.bytes(at: position, count: Int(Self.block))
      guard bytes.contains(where: { $0 != 0 }) else {
        return try end(at: position + Self.block, in: file)
      }
      guard let header = TarHeader(bytes) else {
        guard position > 0 else {
          throw ParallaxError(.unsupported, "'\(path)' is no tar archive")
        }
        return cut("what is at byte \(position) is no header of a member", position)
      }
      let size = pending.size ?? header.size
      let start = position + Self.block
      // Numbers of hostile headers reach beyond what can be added.
      guard size >= 0, size <= status.size - start else {
        let name = String(decoding: pending.name ?? header.name, as: UTF8.self)
        return cut("'\(name.shortened)' has \(size) bytes, more than are left", position)
      }
      switch header.kind {
      case .extended, .longName:
        guard size <= Self.largestExtension else {
          return cut("an extended header has \(size) bytes", position)
        }
        let text = try file.bytes(at: start, count: Int(size))
        if header.kind == .longName {
          pending.name = Array(text.prefix { $0 != 0 })
        } else {
          guard Self.read(text, into: &pending) else {
            return cut("the extended header at byte \(position) is damaged", position)
          }
        }
      case .passedOver: break
      case .member(let kind):
        add(pending.name ?? header.name, kind, pending, at: start, size)
        guard members.count < Self.mostMembers else {
          return cut("it has more than \(Self.mostMembers) members", position)
        }
        pending = Pending()
      }
      // The last block of the last member may be short.
      position = min(start + (size + Self.block - 1) / Self.block * Self.block, status.size)
    }
    if position < status.size { return cut("it ends within a header", position) }
    // Whole archives end with empty blocks; what was cut between two members looks like this.
    isWhole = false
    log.add(
      IngestIssue(
        .damagedArchive, subject: path,
        reason: "the archive has no end: it may have been cut; all that is there was read"))
    finish()
  }

  private static func refusePacked(_ head: [UInt8], _ path: String) throws {
    let packers: [([UInt8], String, String)] = [
      ([0x1F, 0x8B], "gzip", "gunzip -k"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd", "zstd -d"),
      (Array("BZh".utf8), "bzip2", "bunzip2 -k"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "xz", "xz -dk"),
    ]
    for (magic, name, command) in packers where head.starts(with: magic) {
      throw ParallaxError(
        .unsupported,
        "'\(path)' is packed with \(name): pictures are read where they lie, which a packed archive does "
          + "not tell", hint: "'\(command)' unpacks it to a tar file beside it")
    }
  }

  /// Blocks of zeros end an archive. What follows them is a second archive, or what a damaged block hides.
  private mutating func end(at start: Int64, in file: borrowing InputFile) throws {
    var position = start
    while position < status.size {
      if Task.isCancelled {
        throw ParallaxError(.cancelled, "cancelled while reading '\(path)'")
      }
      let bytes = try file.bytes(
        at: position, count: Int(min(Self.tail, status.size - position)))
      guard !bytes.isEmpty, !bytes.contains(where: { $0 != 0 }) else {
        return cut("more follows the zeros at byte \(start - Self.block)", start)
      }
      position += Int64(bytes.count)
    }
    finish()
  }

  private mutating func finish() {
    issues += log.issues
    log = IssueLog()
  }

  private mutating func cut(_ reason: String, _ position: Int64) {
    isWhole = false
    log.add(
      IngestIssue(
        .damagedArchive, .error, subject: path,
        reason: "the archive is cut or damaged: \(reason); what lies behind was not read"))
    finish()
  }

  private mutating func add(
    _ name: [UInt8], _ kind: TarHeader.Kind.Member, _ pending: Pending, at offset: Int64,
    _ size: Int64
  ) {
    guard kind != .folder else { return }
    guard let text = String(validating: name, as: UTF8.self), !text.utf8.contains(0) else {
      return leave(String(decoding: name, as: UTF8.self), "the name is not UTF-8", .error)
    }
    let parts = text.split(separator: "/").filter { $0 != "." }
    let plain = parts.joined(separator: "/")
    guard !text.hasPrefix("/"), !parts.contains(".."), !plain.isEmpty else {
      return leave(text, "its name leads out of the archive", .error)
    }
    switch kind {
    case .link: return leave(plain, "left out a link", .note)
    case .special: return leave(plain, "left out what is neither a file nor a folder", .note)
    case .sparse: return leave(plain, "it is stored with holes, which are not read", .error)
    case .file where pending.isSparse:
      return leave(plain, "it is stored with holes, which are not read", .error)
    case .file, .folder: break
    }
    let member = TarMember(name: plain, offset: offset, size: size)
    guard let place = places[plain] else {
      places[plain] = members.count
      members.append(member)
      return
    }
    // As tar itself unpacks it.
    members[place] = member
    log.add(
      IngestIssue(
        .sameName, subject: "\(path)/\(plain)",
        reason: "it is in the archive twice; the last counts"))
  }

  private mutating func leave(
    _ name: String, _ reason: String, _ severity: IngestIssue.Severity
  ) {
    log.add(
      IngestIssue(
        .archiveMember, severity, subject: "\(path)/\(name.shortened)", reason: reason))
  }

  /// Records of pax: `LENGTH KEY=VALUE\n`.
  private static func read(_ bytes: [UInt8], into pending: inout Pending) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      guard let length = Int(String(decoding: digits, as: UTF8.self)), length > digits.count + 2,
        length <= rest.count, rest.dropFirst(digits.count).first == 0x20
      else { return false }
      let record = rest.prefix(length).dropFirst(digits.count + 1)
      rest = rest.dropFirst(length)
      guard record.last == 0x0A, let equals = record.firstIndex(of: UInt8(ascii: "=")) else {
        return false
      }
      let value = record[record.index(after: equals)...].dropLast()
      switch String(decoding: record[..<equals], as: UTF8.self) {
      case "path": pending.name = Array(value)
      case "size":
        guard let size = Int64(String(decoding: value, as: UTF8.self)) else { return false }
        pending.size = size
      case let key where key.hasPrefix("GNU.sparse."): pending.isSparse = true
      default: continue
      }
    }
    return true
  }
}

extension TarArchive {
  /// What is the same as long as nobody changed the archive.
  package func tag(of member: TarMember) -> String {
    "\(status.modified).\(status.changed).\(member.offset)"
  }

  /// The bytes of a member.
  ///
  /// - Throws: `unreadable-file`, also when the archive is no longer as it was.
  package static func bytes(
    of member: TarMember, in path: String, as status: FileStatus
  ) throws -> [UInt8] {
    let file = try InputFile(path)
    guard file.status.size == status.size, file.status.modified == status.modified else {
      throw ParallaxError.unreadable(path, "the archive has changed meanwhile")
    }
    let bytes = try file.bytes(at: member.offset, count: Int(member.size))
    guard bytes.count == member.size else {
      throw ParallaxError.unreadable(path, "the archive has been cut meanwhile")
    }
    return bytes
  }
}
