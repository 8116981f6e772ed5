internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxIngest
internal import ParallaxStorage
private import ParallaxSystem

/// What `ingest` was asked to read, with absolute paths.
struct IngestRequest: Sendable {
  var source: IngestSource
  /// The folder or the manifest.
  var path: String
  var metadata: String?
  var key: String?
  var options: MetadataOptions
  /// The column of a manifest that holds the items' texts.
  var textColumn: String?
  /// The command that reads the same again, wherever the program is started from.
  var command: String

  /// Names that no field takes: those of built-in fields and of the columns that results have.
  /// `text` is not among them, for a column of that name is the item's text.
  static let reservedNames = Set(
    ["rank", "score", "collection", "dimension", "item."]
      + BuiltInField.allCases.map(\.rawValue)
  ).subtracting(["text"])

  /// - Parameter isNew: whether options that mean nothing beside the others are refused; older
  ///   versions stored such.
  /// - Throws: `unreadable-file`, `invalid-value` and usage errors, about the option or object.
  init(_ asked: IngestOptions, collection: String, isNew: Bool = true) throws {
    let place = try IngestPlace(asked)
    path = place.path
    metadata = try asked.metadata.map { name in
      try attributing(to: IngestCommand.metadata) { try Self.absolute(name) }
    }
    key = asked.key
    textColumn = asked.columns.text
    options = MetadataOptions(
      kinds: Dictionary(asked.kinds.map { ($0.name, $0.kind) }) { first, _ in first },
      lists: Set(asked.lists), delimiter: asked.delimiter,
      reserved: Self.reservedNames)
    if isNew { try Self.check(asked, hasTable: place.isManifest || metadata != nil, place) }
    if place.isManifest {
      source = .manifest(path, columns: asked.columns, delimiter: asked.delimiter)
      if metadata == nil { metadata = path }
      if let textColumn, textColumn.lowercased() != "text" { options.reserved.insert("text") }
    } else {
      let glob: Glob? = try attributing(to: IngestCommand.path) {
        try place.pattern.map { try Glob($0) }
      }
      source = .folder(path, glob: glob, followsLinks: asked.follows)
    }
    command = Self.canonical(
      asked, collection: collection, place, metadata: asked.metadata == nil ? nil : metadata)
  }

  /// What has to be there for PATH: of a pattern, its folder.
  static func fileOrFolder(of path: String) -> String {
    guard let (folder, _) = IngestPlace.split(path),
      !FileStatus.exists(PathText.expandingHome(path))
    else { return path }
    return folder
  }

  /// - Throws: `unknown-name` for a column that is certainly not in the table it is sought in.
  func checkColumns(_ asked: IngestOptions) throws {
    func check(_ names: [String?], of option: some ArgumentKey, in table: String?) throws {
      guard let table else { return }
      for (index, name) in names.enumerated() {
        guard let name else { continue }
        try attributing(to: option, index: index) {
          try MetadataHeader.check(name, inFileAt: table, delimiter: asked.delimiter)
        }
      }
    }
    try check([asked.columns.path], of: IngestCommand.pathColumn, in: path)
    try check([asked.columns.id], of: IngestCommand.idColumn, in: path)
    try check([asked.columns.text], of: IngestCommand.textColumn, in: path)
    try check([asked.key], of: IngestCommand.key, in: metadata)
    try check(asked.kinds.map(\.name), of: IngestCommand.kinds, in: metadata)
    try check(asked.lists, of: IngestCommand.lists, in: metadata)
  }

  /// Whether reading this request makes reading `other` again needless: it reads the same files, and
  /// the same table or one more.
  func replaces(_ other: IngestRequest) -> Bool {
    source == other.source && (metadata == other.metadata || other.metadata == nil)
  }

  private static func canonical(
    _ asked: IngestOptions, collection: String, _ place: IngestPlace, metadata: String?
  ) -> String {
    var words = ["ingest", collection, Quoting.quoted(place.path)]
    for (option, value) in [
      ("meta", metadata), ("glob", place.pattern), ("key", asked.key),
      ("path-column", asked.columns.path), ("id-column", asked.columns.id),
      ("text-column", asked.columns.text),
      ("delimiter", asked.delimiter.map { $0 == "\t" ? "tab" : String($0) }),
    ] {
      if let value { words += ["--\(option)", Quoting.quoted(value)] }
    }
    for (name, kind) in asked.kinds {
      words += ["--type", Quoting.quoted("\(name)=\(kind.rawValue)")]
    }
    for name in asked.lists { words += ["--multi", Quoting.quoted(name)] }
    if asked.follows { words.append("--follow") }
    return words.joined(separator: " ")
  }

  /// Refuses options that would do nothing.
  private static func check(
    _ asked: IngestOptions, hasTable: Bool, _ place: IngestPlace
  ) throws {
    func refuse(_ key: some ArgumentKey, _ reason: String, hint: String? = nil) -> ParallaxError {
      ParallaxError(
        .usage, "--\(key.name) is about \(reason)", hint: hint, parameter: key.parameter())
    }
    let ofTable: [(key: any ArgumentKey, isGiven: Bool)] = [
      (IngestCommand.key, asked.key != nil), (IngestCommand.kinds, !asked.kinds.isEmpty),
      (IngestCommand.lists, !asked.lists.isEmpty),
      (IngestCommand.delimiter, asked.delimiter != nil),
    ]
    for option in ofTable where option.isGiven && !hasTable {
      throw refuse(option.key, "a table, and there is none", hint: "--meta FILE names it")
    }
    let ofManifest = [
      (IngestCommand.pathColumn, asked.columns.path), (IngestCommand.idColumn, asked.columns.id),
      (IngestCommand.textColumn, asked.columns.text),
    ]
    for (key, column) in ofManifest where column != nil && !place.isManifest {
      throw refuse(key, "a table that lists images; PATH is a folder")
    }
    let ofFolder: [(key: any ArgumentKey, isGiven: Bool)] = [
      (IngestCommand.pattern, asked.pattern != nil), (IngestCommand.follows, asked.follows),
    ]
    for option in ofFolder where option.isGiven && place.isManifest {
      throw refuse(option.key, "a folder; PATH is a table that lists images")
    }
  }

  static func absolute(_ path: String) throws -> String {
    do throws(SystemError) { return try PathText.resolved(PathText.expandingHome(path)) } catch {
      throw ParallaxError.unreadable(path, error)
    }
  }
}

/// What PATH means: a folder, a table that lists images, or one image or pattern of a folder.
private struct IngestPlace {
  var path: String
  var isManifest = false
  /// Of `--glob`, or of the PATH itself.
  var pattern: String?

  init(_ asked: IngestOptions) throws {
    let written = PathText.expandingHome(asked.path)
    pattern = asked.pattern
    if let (folder, pattern) = Self.split(written), !FileStatus.exists(written) {
      guard self.pattern == nil else {
        throw ParallaxError(
          .usage, "the pattern is in PATH already", hint: "name the folder alone",
          parameter: "glob")
      }
      self.pattern = pattern
      path = try attributing(to: IngestCommand.path) { try IngestRequest.absolute(folder) }
      return
    }
    path = try attributing(to: IngestCommand.path) { try IngestRequest.absolute(written) }
    guard !FileStatus.isFolder(path) else { return }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    guard FolderScan.imageEndings.contains(ending), pattern == nil else {
      isManifest = true
      return
    }
    path = String(path.dropLast(name.count + 1))
    if path.isEmpty { path = "/" }
    pattern = name.reduce(into: "") { text, character in
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
