import ParallaxCore
private import ParallaxSystem
private import ParallaxText

/// Finds the item that a key of a table names.
///
/// A key is compared with the items' paths relative to the folder, with file names, and those without
/// their ending, then with ids, which come first in a column named `id`. A key with a separator
/// is then taken for an absolute path, for one relative to the table, and for the end of a path. The
/// first of these that names exactly one item decides, and a key that fits several is joined to none.
/// Blanks around a key do not count, nor does a leading `./`; `\` separates as `/` does. Last comes
/// a key that fits one item when `%20` is read as in a URL, or the case of letters is ignored.
struct KeyMatcher {
  enum Match {
    case none
    case one(MetadataTarget, isNear: Bool)
    /// The relative paths of two of them.
    case several(String, String)

    /// The same, found by a guess.
    fileprivate var near: Match {
      if case .one(let item, _) = self { .one(item, isNear: true) } else { self }
    }
  }

  /// The folder that holds the table, canonical and absolute.
  private let tableFolder: String
  /// In the order in which they are tried, each built when it is first needed.
  private var rules: [KeyIndex]
  private var looseRules: [KeyIndex]
  private var absolutePaths: KeyIndex
  private var endings: PathEndings

  init(_ items: [MetadataTarget], tableFolder: String, idsFirst: Bool) {
    self.tableFolder = tableFolder
    absolutePaths = KeyIndex(items) { $0.path }
    endings = PathEndings(items)
    let names: [(MetadataTarget) -> String] = [
      { FilePath.tidied($0.relativePath) },
      { PathText.name(of: $0.relativePath) },
      { String(FilePath.withoutEnding(PathText.name(of: $0.relativePath))) },
    ]
    let id: (MetadataTarget) -> String = { $0.id.rawValue }
    let order = idsFirst ? [id] + names : names + [id]
    rules = order.map { KeyIndex(items, by: $0) }
    looseRules = order.map { name in KeyIndex(items) { name($0).lowercased() } }
  }

  mutating func match(_ key: String) -> Match {
    var key = key.trimmingBlanks
    if key.hasPrefix("file://") { key = String(key.dropFirst("file://".count)) }
    var outcome = exact(key)
    if case .none = outcome, let decoded = key.percentDecoded { outcome = exact(decoded).near }
    guard case .none = outcome else { return outcome }
    let loose = FilePath.tidied(key.replacing("\\", with: "/")).lowercased()
    for rule in looseRules.indices {
      let match = looseRules[rule].match(loose)
      if case .none = match { continue }
      return match.near
    }
    return .none
  }

  private mutating func exact(_ key: String) -> Match {
    if key.contains("://") {
      // Without what may be a key, as the path of an item is.
      let address = try? WebAddress(key).shown
      let match = absolutePaths.match(address ?? key)
      if case .one = match { return match }
    }
    let path = FilePath.tidied(key.replacing("\\", with: "/"))
    var ambiguity = Match.none
    for rule in rules.indices {
      for spelling in path == key ? [key] : [key, path] {
        switch rules[rule].match(spelling) {
        case .none: continue
        case .one(let item, _): return .one(item, isNear: false)
        case .several(let first, let second):
          if case .none = ambiguity { ambiguity = .several(first, second) }
        }
      }
    }
    guard path.utf8.contains(UInt8(ascii: "/")) else { return ambiguity }
    for absolute in [path, FilePath.resolved(path, in: tableFolder)]
    where absolute.hasPrefix("/") {
      if case .one(let item, _) = absolutePaths.match(absolute) { return .one(item, isNear: false) }
    }
    let ending = endings.match(path)
    if case .none = ending { return ambiguity }
    return ending
  }
}

/// The items by one of their names.
private struct KeyIndex {
  private let items: [MetadataTarget]
  private let name: (MetadataTarget) -> String
  /// Positions of items, and where several share a name, of a second one.
  private var positions: [String: (first: Int, second: Int?)]?

  init(_ items: [MetadataTarget], by name: @escaping (MetadataTarget) -> String) {
    self.items = items
    self.name = name
  }

  mutating func match(_ key: String) -> KeyMatcher.Match {
    let positions = positions ?? build()
    self.positions = positions
    guard let found = positions[key] else { return .none }
    guard let second = found.second else { return .one(items[found.first], isNear: false) }
    return .several(items[found.first].relativePath, items[second].relativePath)
  }

  private func build() -> [String: (first: Int, second: Int?)] {
    var positions: [String: (first: Int, second: Int?)] = [:]
    positions.reserveCapacity(items.count)
    for (position, item) in items.enumerated() {
      let name = name(item)
      if positions[name] == nil {
        positions[name] = (position, nil)
      } else {
        positions[name]?.second = position
      }
    }
    return positions
  }
}

/// The items by the ends of their paths: `set/img/5.jpg` and `/mnt/old/img/5.jpg` find
/// `/home/me/img/5.jpg`.
///
/// A relative key has to be the end of an absolute path as a whole. An absolute one, of another
/// machine or drive, has to agree with the relative path and with the name of the ingested folder.
private struct PathEndings {
  private let items: [MetadataTarget]
  private var byName: [String: [Int]]?

  init(_ items: [MetadataTarget]) { self.items = items }

  mutating func match(_ key: String) -> KeyMatcher.Match {
    let byName =
      byName
      ?? Dictionary(grouping: items.indices) { PathText.name(of: items[$0].relativePath) }
    self.byName = byName
    let wanted = key.split(separator: "/")
    guard let name = wanted.last, let candidates = byName[String(name)] else { return .none }
    let isAbsolute = key.hasPrefix("/") || wanted.first?.hasSuffix(":") == true
    var best: (length: Int, positions: [Int]) = (0, [])
    for position in candidates {
      let parts = items[position].path.split(separator: "/")
      let shared = zip(wanted.reversed(), parts.reversed()).prefix { $0 == $1 }.count
      let own = items[position].relativePath.split(separator: "/").count
      guard isAbsolute ? shared > own : shared == wanted.count else { continue }
      if shared > best.length {
        best = (shared, [position])
      } else if shared == best.length {
        best.positions.append(position)
      }
    }
    switch best.positions.count {
    case 0: return .none
    case 1: return .one(items[best.positions[0]], isNear: false)
    default:
      return .several(
        items[best.positions[0]].relativePath, items[best.positions[1]].relativePath)
    }
  }
}

extension String {
  /// With each `%20` as the byte it stands for; `nil` when there is none, or the bytes are not UTF-8.
  fileprivate var percentDecoded: String? {
    let source = Array(utf8)
    var bytes: [UInt8] = []
    var position = 0
    while position < source.count {
      if source[position] == UInt8(ascii: "%"), position + 2 < source.count,
        let byte = UInt8(
          String(decoding: source[(position + 1)...(position + 2)], as: UTF8.self), radix: 16)
      {
        bytes.append(byte)
        position += 3
      } else {
        bytes.append(source[position])
        position += 1
      }
    }
    return bytes.count == source.count ? nil : String(validating: bytes, as: UTF8.self)
  }
}
