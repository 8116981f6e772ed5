internal import CommandLanguage
private import ParallaxSystem

/// The names in a folder, for completion.
enum FolderEntries {
  /// Names that are kept of a large folder.
  private static let most = 1_000

  /// The names that begin with `prefix`, in order; folders, and links to folders, end in `/`.
  ///
  /// Hidden ones need a prefix with their point. Names that are not UTF-8 are left out: a line
  /// cannot spell them.
  static func matches(_ folder: String, startingWith prefix: String) -> CompletionMatches {
    let point = UInt8(ascii: ".")
    var names: [String] = []
    var common: Beginning?
    try? Folder.forEachEntry(in: folder) { entry in
      guard entry.bytes.starts(with: prefix.utf8),
        entry.bytes.first != point || prefix.utf8.first == point
      else { return }
      // A folder may hold very many: past the first ones only their common beginning is kept.
      guard names.count < most else {
        common?.cut(toMatch: entry.bytes)
        return
      }
      guard var name = entry.name else { return }
      if isFolder(entry.kind, PathText.joined(folder, name)) { name += "/" }
      names.append(name)
      if common == nil {
        common = Beginning(of: name)
      } else {
        common?.cut(toMatch: Array(name.utf8))
      }
    }
    return CompletionMatches(names.sorted(), common: common?.text ?? "")
  }

  /// What all names begin with.
  private struct Beginning {
    private var bytes: ArraySlice<UInt8>

    init(of name: String) { bytes = Array(name.utf8)[...] }

    mutating func cut(toMatch name: [UInt8]) {
      bytes = bytes.prefix(zip(bytes, name).prefix { $0 == $1 }.count)
    }

    /// Cut between characters.
    var text: String {
      var kept = bytes
      while !kept.isEmpty {
        if let text = String(validating: kept, as: UTF8.self) { return text }
        kept.removeLast()
      }
      return ""
    }
  }

  private static func isFolder(_ kind: FileStatus.Kind?, _ path: String) -> Bool {
    switch kind {
    case .folder: true
    case .file: false
    default: FileStatus.isFolder(path)
    }
  }
}
