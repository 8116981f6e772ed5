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
    var common: String?
    while let entry = readdir(stream) {
      // The record may be shorter than the declared structure: the name is read in place.
      let start = (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self)
      guard start.pointee != CChar(bitPattern: UInt8(ascii: ".")) || prefix.hasPrefix("."),
        var name = String(validatingCString: start), name.hasPrefix(prefix), name != ".",
        name != ".."
      else { continue }
      if names.count < most {
        if isFolder(name, entry.pointee.d_type, stream) { name += "/" }
        names.append(name)
      }
      common = common.map { CompletionMatches.common(of: $0, name) } ?? name
    }
    return CompletionMatches(names.sorted(), common: common ?? "")
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
