private import ParallaxSystem

/// Parts of paths written with `/`.
enum FilePath {
  /// The path without the ending of its last part; a leading or final point begins no ending.
  static func withoutEnding(_ path: String) -> Substring {
    let name =
      path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.index(after: $0)...] }
      ?? path[...]
    guard let point = name.utf8.lastIndex(of: UInt8(ascii: ".")), point > name.startIndex,
      name.utf8.index(after: point) < name.endIndex
    else { return path[...] }
    return path[..<point]
  }

  /// The lower-case ending without its point; `nil` when there is none.
  static func ending(of path: String) -> String? {
    let stem = withoutEnding(path)
    guard stem.endIndex < path.endIndex else { return nil }
    return path[stem.endIndex...].dropFirst().lowercased()
  }

  /// The ending of a table, also under `.gz`.
  static func tableEnding(of path: String) -> String? {
    let ending = ending(of: path)
    return ending == "gz" ? Self.ending(of: String(withoutEnding(path))) : ending
  }

  /// The canonical absolute path of the folder that holds a file; `.` where it cannot be found.
  static func folderOfTable(_ path: String) -> String {
    (try? PathText.resolved(path)).map(PathText.folder) ?? "."
  }

  /// The absolute path that `path` means in a folder, `..` taken back by its words.
  static func resolved(_ path: String, in folder: String) -> String {
    if path.hasPrefix("/") { return path }
    var parts = folder.split(separator: "/")
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// The path without empty parts and parts that are `.`; `..` is kept, for links may stand before.
  static func tidied(_ path: String) -> String {
    guard needsTidying(path) else { return path }
    let parts = path.split(separator: "/").filter { $0 != "." }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }

  /// Whether some part is empty or `.`.
  private static func needsTidying(_ path: String) -> Bool {
    var previous = UInt8(ascii: "/")
    var beforePrevious = UInt8(ascii: "/")
    for byte in path.utf8 + [UInt8(ascii: "/")] {
      if byte == UInt8(ascii: "/") {
        if previous == UInt8(ascii: "/") { return true }
        if previous == UInt8(ascii: "."), beforePrevious == UInt8(ascii: "/") { return true }
      }
      beforePrevious = previous
      previous = byte
    }
    return false
  }
}
