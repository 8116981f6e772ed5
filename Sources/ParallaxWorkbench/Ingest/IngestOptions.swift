package import ParallaxCore
package import ParallaxIngest
package import ParallaxStorage
private import ParallaxSources
private import ParallaxSystem

/// What is asked of `ingest`, before any file has been looked at.
package struct IngestOptions: Sendable {
  /// As a person writes it: a folder, a table that lists images, an image, or a pattern.
  package var path: String
  /// Whether the path is a list of addresses of the web.
  package var listsAddresses = false
  package var pattern: String?
  package var followsLinks = false
  package var metadata: String?
  package var key: String?
  /// In the order written; no name twice.
  package var kinds: [(name: String, kind: ValueKind)] = []
  package var lists: [String] = []
  package var delimiter: Character?
  package var columns = ManifestColumns()

  package init(path: String) { self.path = path }

  /// What has to be there for a path: of a pattern, its folder.
  package static func fileOrFolder(of path: String) -> String {
    guard let (folder, _) = IngestPlace.split(path),
      !FileStatus.exists(PathText.expandingHome(path))
    else { return path }
    return folder
  }

  /// The source that is meant, with absolute paths.
  ///
  /// - Throws: `unreadable-file`, `invalid-value`, and `usage` for options that would do nothing,
  ///   naming the parameter: `PATH`, or one as the option is called.
  package func source() throws -> ItemSource {
    let place = try IngestPlace(self)
    var source = ItemSource(
      place.isManifest ? .manifest : .folder, place.origin, path: place.path)
    source.metadata = try metadata.map { name in
      try attributing(to: "meta") { try ItemSource.absolute(name) }
    }
    try check(hasTable: place.isManifest || metadata != nil, place)
    source.glob = place.pattern
    if let pattern = place.pattern { try attributing(to: "PATH") { _ = try Glob(pattern) } }
    source.followsLinks = followsLinks
    source.key = key
    source.pathColumn = columns.path
    source.idColumn = columns.id
    source.textColumn = columns.text
    source.delimiter = delimiter.map { String($0) }
    source.kinds = Dictionary(kinds.map { ($0.name, $0.kind) }) { first, _ in first }
    source.lists = Set(lists)
    return source
  }

  /// - Throws: `unknown-name` for a column that is certainly not in the table it is sought in.
  package func checkColumns() throws {
    let source = try source()
    func check(_ names: [String?], of option: String, in table: String?) throws {
      guard let table else { return }
      for (index, name) in names.enumerated() {
        guard let name else { continue }
        try attributing(to: .init(name: option, index: index)) {
          try MetadataHeader.check(name, inFileAt: table, delimiter: delimiter)
        }
      }
    }
    try check([columns.path], of: "path-column", in: source.path)
    try check([columns.id], of: "id-column", in: source.path)
    try check([columns.text], of: "text-column", in: source.path)
    try check([key], of: "key", in: source.table)
    try check(kinds.map(\.name), of: "type", in: source.table)
    try check(lists, of: "multi", in: source.table)
  }

  /// Refuses options that would do nothing.
  private func check(hasTable: Bool, _ place: IngestPlace) throws {
    func refuse(_ option: String, _ reason: String, hint: String? = nil) -> ParallaxError {
      ParallaxError(
        .usage, "--\(option) is about \(reason)", hint: hint, parameter: .init(name: option))
    }
    let ofTable = [
      ("key", key != nil), ("type", !kinds.isEmpty), ("multi", !lists.isEmpty),
      ("delimiter", delimiter != nil),
    ]
    for (option, isGiven) in ofTable where isGiven && !hasTable {
      throw refuse(option, "a table, and there is none", hint: "--meta FILE names it")
    }
    let ofManifest = [
      ("path-column", columns.path), ("id-column", columns.id), ("text-column", columns.text),
    ]
    for (option, column) in ofManifest where column != nil && !place.isManifest {
      throw refuse(option, "a table that lists images; PATH is a folder")
    }
    for (option, isGiven) in [("glob", pattern != nil), ("follow", followsLinks)]
    where isGiven && place.isManifest {
      throw refuse(option, "a folder; PATH is a table that lists images")
    }
  }
}

/// What a path means: a folder, a table that lists images, or one image or pattern of a folder.
private struct IngestPlace {
  var path: String
  var isManifest = false
  var origin: ItemSource.Origin?
  /// Of `--glob`, or of the path itself.
  var pattern: String?

  init(_ asked: IngestOptions) throws {
    let written = PathText.expandingHome(asked.path)
    pattern = asked.pattern
    if PicturePath.isRemote(written) {
      (path, pattern) = try Self.bucket(written, pattern)
      origin = .bucket
      return
    }
    if asked.listsAddresses {
      path = try attributing(to: "urls") { try ItemSource.absolute(written) }
      isManifest = true
      origin = .addresses
      return
    }
    if let (folder, pattern) = Self.split(written), !FileStatus.exists(written) {
      if ArchivePath.isName(pattern) { origin = .archives }
      guard self.pattern == nil else {
        throw ParallaxError(
          .usage, "the pattern is in PATH already", hint: "name the folder alone",
          parameter: "glob")
      }
      self.pattern = pattern
      path = try attributing(to: "PATH") { try ItemSource.absolute(folder) }
      return
    }
    path = try attributing(to: "PATH") { try ItemSource.absolute(written) }
    guard !FileStatus.isFolder(path) else {
      findArchives()
      return
    }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    if ArchivePath.isName(name) {
      origin = .archives
      return
    }
    guard FolderScan.imageEndings.contains(ending), pattern == nil else {
      isManifest = true
      return
    }
    path = String(path.dropLast(name.count + 1))
    if path.isEmpty { path = "/" }
    pattern = Self.escaped(name)
  }

  /// A folder of archives is one whose pattern asks for them, or that has some and no image beside them.
  private mutating func findArchives() {
    if let pattern {
      if ArchivePath.isName(pattern) { origin = .archives }
      return
    }
    let endings = ((try? Folder.entries(in: path)) ?? []).compactMap(\.name).map {
      $0.split(separator: ".").dropFirst().last.map { $0.lowercased() } ?? ""
    }
    guard endings.contains(ArchivePath.ending),
      !endings.contains(where: FolderScan.imageEndings.contains)
    else { return }
    origin = .archives
    pattern = "*.\(ArchivePath.ending)"
  }

  /// A place in a bucket, with the pattern of the names below.
  private static func bucket(
    _ written: String, _ asked: String?
  ) throws -> (path: String, pattern: String?) {
    try attributing(to: "PATH") {
      guard !PicturePath.isAddress(written) else {
        throw ParallaxError(
          .unsupported, "one address of the web is no source",
          hint: "--urls FILE reads a list of them")
      }
      var (place, pattern) =
        split(written).map { ($0.folder, $0.pattern as String?) } ?? (written, nil)
      guard asked == nil || pattern == nil else {
        throw ParallaxError(.usage, "the pattern is in PATH already", parameter: "glob")
      }
      let name = place.split(separator: "/").last.map(String.init) ?? ""
      let ending = name.split(separator: ".").dropFirst().last.map { $0.lowercased() } ?? ""
      if pattern == nil, asked == nil, FolderScan.imageEndings.contains(ending),
        place.split(separator: "/").count > 2
      {
        pattern = escaped(name)
        place.removeLast(name.count + 1)
      }
      return (try BucketPlace(place).canonical, pattern ?? asked)
    }
  }

  /// A name as a pattern that only it matches.
  private static func escaped(_ name: String) -> String {
    name.reduce(into: "") { text, character in
      if "*?[]{},!\\".contains(character) { text.append("\\") }
      text.append(character)
    }
  }

  /// The folder before the first part that is a pattern, and the pattern.
  static func split(_ path: String) -> (folder: String, pattern: String)? {
    guard let first = path.firstIndex(where: { "*?[{".contains($0) }) else { return nil }
    guard let slash = path[..<first].lastIndex(of: "/") else { return (".", path) }
    let folder = String(path[..<slash])
    return (folder.isEmpty ? "/" : folder, String(path[path.index(after: slash)...]))
  }
}
