internal import CommandLanguage

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The names in a folder, for completion.
enum FolderEntries {
  /// Names that are kept of a large folder.
  private static let most = 1_000

  /// The names that begin with `prefix`, in order; folders, and links to folders, end in `/`.
  ///
  /// Hidden ones need a prefix with their point. Names that are not UTF-8 are left out: a line
  /// cannot spell them.
  static func matches(_ folder: String, startingWith prefix: String) -> CompletionMatches {
    guard let stream = opendir(folder) else { return CompletionMatches([]) }
    defer { closedir(stream) }
    guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else {
      return CompletionMatches([])
    }
    var names: [String] = []
    var common: Beginning?
    while let entry = readdir(stream) {
      // The record may be shorter than the declared structure: the name is read in place.
      let start = (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self)
      guard strncmp(start, prefix, prefix.utf8.count) == 0,
        start.pointee != CChar(bitPattern: UInt8(ascii: ".")) || prefix.hasPrefix("."),
        strcmp(start, ".") != 0, strcmp(start, "..") != 0
      else { continue }
      // A folder may hold very many: past the first ones only their common beginning is kept.
      guard names.count < most else {
        common?.cut(toMatch: start)
        continue
      }
      guard var name = String(validatingCString: start) else { continue }
      if isFolder(name, entry.pointee.d_type, stream) { name += "/" }
      names.append(name)
      if common == nil { common = Beginning(of: name) } else { common?.cut(toMatch: start) }
    }
    return CompletionMatches(names.sorted(), common: common?.text ?? "")
  }

  /// What all names begin with.
  private struct Beginning {
    private let bytes: [CChar]
    private var count: Int

    init(of name: String) {
      bytes = name.utf8.map { CChar(bitPattern: $0) }
      count = bytes.count
    }

    mutating func cut(toMatch name: UnsafePointer<CChar>) {
      for index in 0..<count where bytes[index] != name[index] {
        count = index
        return
      }
    }

    /// Cut between characters.
    var text: String {
      var kept = bytes[..<count].map { UInt8(bitPattern: $0) }
      while !kept.isEmpty {
        if let text = String(validating: kept, as: UTF8.self) { return text }
        kept.removeLast()
      }
      return ""
    }
  }

  private static func isFolder(_ name: String, _ type: UInt8, _ stream: OpaquePointer) -> Bool {
    switch Int32(type) {
    case Int32(DT_DIR): return true
    case Int32(DT_REG): return false
    default: break
    }
    var status = stat()
    return fstatat(dirfd(stream), name, &status, 0) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
