import ParallaxCore
private import ParallaxSystem

/// The names in folders that were asked for, each folder read once.
struct FolderNames {
  private var names: [String: [String]] = [:]

  mutating func names(in folder: String) -> [String] {
    if let known = names[folder] { return known }
    let found = ((try? Folder.entries(in: folder)) ?? []).map {
      String(decoding: $0.bytes, as: UTF8.self)
    }
    names[folder] = found
    return found
  }
}

/// A path of a manifest as the file system spells it.
///
/// Tables come from other systems: `\` may separate, an accent may be a sign of its own, the case of
/// letters may differ. The path is taken as it is written if there is such a file, else the first
/// of these changes that leads to one is made.
struct FileSpelling {
  /// As written where nothing was found.
  private(set) var path: String
  /// Whether the case of letters was ignored.
  private(set) var isNear = false

  init(_ written: String, root: String, folders: inout FolderNames) {
    path = FilePath.tidied(written)
    let trimmed = written.trimmingBlanks
    let plain = FilePath.tidied(trimmed)
    let slashed = FilePath.tidied(trimmed.replacing("\\", with: "/"))
    var candidates = [path]
    for candidate in [plain, slashed]
    where !candidates.contains(where: { $0.isBytewise(candidate) }) {
      candidates.append(candidate)
    }
    for candidate in candidates where FileStatus.exists(PathText.joined(root, candidate)) {
      path = candidate
      return
    }
    for ignoresCase in [false, true] {
      for candidate in candidates {
        if let found = Self.find(candidate, in: root, ignoringCase: ignoresCase, &folders) {
          path = found
          isNear = ignoresCase
          return
        }
      }
    }
    path = slashed
  }

  /// Part by part, the only name that reads the same.
  private static func find(
    _ path: String, in root: String, ignoringCase: Bool, _ folders: inout FolderNames
  ) -> String? {
    var found = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      let folder = PathText.joined(root, found)
      let names = folders.names(in: folder).filter {
        ignoringCase ? $0.lowercased() == part.lowercased() : $0 == part
      }
      let exact = part == ".." ? [".."] : names.count == 1 ? names : names.filter { $0 == part }
      guard exact.count == 1 else { return nil }
      found += (found.isEmpty || found.hasSuffix("/") ? "" : "/") + exact[0]
    }
    return found
  }
}

extension String {
  /// Swift takes composed and decomposed letters for equal; the file system does not.
  fileprivate func isBytewise(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
