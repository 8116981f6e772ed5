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
  /// - Throws: `unreadable-file`, `invalid-value`, pointing at the word; usage errors.
  init(_ arguments: Arguments, collection: String, isNew: Bool = true) throws {
    let place = try IngestPlace(arguments)
    path = place.path
    metadata = try arguments.string("meta").map { name in
      try Self.absolute(name) { arguments.error(atOption: "meta", $0, $1) }
    }
    key = arguments.string("key")
    textColumn = arguments.string("text-column")
    let delimiter = try Self.delimiter(arguments)
    options = MetadataOptions(
      kinds: try Self.kinds(arguments), lists: Set(arguments.list("multi")), delimiter: delimiter,
      reserved: Self.reservedNames)
    if isNew { try Self.check(arguments, hasTable: place.isManifest || metadata != nil, place) }
    if place.isManifest {
      source = .manifest(
        path,
        columns: ManifestColumns(
          path: arguments.string("path-column"), id: arguments.string("id-column"),
          text: textColumn), delimiter: delimiter)
      if metadata == nil { metadata = path }
      if let textColumn, textColumn.lowercased() != "text" { options.reserved.insert("text") }
    } else {
      do {
        source = .folder(
          path, glob: try place.pattern.map { try Glob($0) },
          followsLinks: arguments.flag("follow"))
      } catch let error as ParallaxError {
        throw error.located(
          at: arguments.string("glob") == nil
            ? arguments.location(ofObject: "PATH") : arguments.location(ofOption: "glob"))
      }
    }
    command = Self.canonical(
      arguments, collection: collection, place,
      metadata: arguments.string("meta") == nil ? nil : metadata)
  }

  /// What has to be there for PATH: of a pattern, its folder.
  static func fileOrFolder(of path: String) -> String {
    guard let (folder, _) = IngestPlace.split(path),
      !FileStatus.exists(PathText.expandingHome(path))
    else { return path }
    return folder
  }

  /// Whether reading this request makes reading `other` again needless: it reads the same files, and
  /// the same table or one more.
  func replaces(_ other: IngestRequest) -> Bool {
    source == other.source && (metadata == other.metadata || other.metadata == nil)
  }

  private static func canonical(
    _ arguments: Arguments, collection: String, _ place: IngestPlace, metadata: String?
  ) -> String {
    var words = ["ingest", collection, Quoting.quoted(place.path)]
    if let metadata { words += ["--meta", Quoting.quoted(metadata)] }
    if let pattern = place.pattern { words += ["--glob", Quoting.quoted(pattern)] }
    for option in ["key", "path-column", "id-column", "text-column", "delimiter"] {
      if let value = arguments.string(option) { words += ["--\(option)", Quoting.quoted(value)] }
    }
    for option in ["type", "multi"] {
      for value in arguments.list(option) { words += ["--\(option)", Quoting.quoted(value)] }
    }
    if arguments.flag("follow") { words.append("--follow") }
    return words.joined(separator: " ")
  }

  /// Refuses options that would do nothing.
  private static func check(
    _ arguments: Arguments, hasTable: Bool, _ place: IngestPlace
  ) throws {
    for option in ["key", "type", "multi", "delimiter"]
    where !hasTable && (arguments.string(option) != nil || !arguments.list(option).isEmpty) {
      throw arguments.error(
        atOption: option, .usage, "--\(option) is about a table, and there is none",
        hint: "--meta FILE names it")
    }
    for option in ["path-column", "id-column", "text-column"]
    where !place.isManifest && arguments.string(option) != nil {
      throw arguments.error(
        atOption: option, .usage, "--\(option) is about a table that lists images; PATH is a folder"
      )
    }
    for option in ["glob", "follow"] where place.isManifest {
      guard arguments.string(option) != nil || arguments.flag(option) else { continue }
      throw arguments.error(
        atOption: option, .usage, "--\(option) is about a folder; PATH is a table that lists images"
      )
    }
  }

  private static func kinds(_ arguments: Arguments) throws -> [String: ValueKind] {
    var kinds: [String: ValueKind] = [:]
    for (index, text) in arguments.list("type").enumerated() {
      // A name may hold '='; a kind does not.
      let split = text.lastIndex(of: "=")
      let name = split.map { String(text[..<$0]) } ?? ""
      let written = split.map { String(text[text.index(after: $0)...]) } ?? text
      guard let kind = ValueKind(rawValue: written), !name.isEmpty else {
        let names = ValueKind.allCases.map(\.rawValue)
        throw arguments.error(
          atOption: "type", index: index, .badValue,
          "'type' takes FIELD=KIND with a kind of \(names.joined(separator: ", ")); got '\(text)'",
          hint: Suggestion.hint(for: written, among: names))
      }
      guard kinds.updateValue(kind, forKey: name) == nil else {
        throw arguments.error(
          atOption: "type", index: index, .badValue, "'\(name)' is given two kinds")
      }
    }
    return kinds
  }

  private static func delimiter(_ arguments: Arguments) throws -> Character? {
    guard let text = arguments.string("delimiter") else { return nil }
    if text == "tab" || text == "\\t" { return "\t" }
    guard text.count == 1, let character = text.first, character.isASCII, character != "\"",
      !character.isNewline
    else {
      throw arguments.error(
        atOption: "delimiter", .badValue,
        "'delimiter' takes one ASCII character, not a quote, or 'tab'; got '\(text)'")
    }
    return character
  }

  static func absolute(
    _ path: String, orThrow failure: (ParallaxError.Code, String) -> ParallaxError
  ) throws -> String {
    do throws(SystemError) { return try PathText.resolved(PathText.expandingHome(path)) } catch {
      throw failure(.unreadableFile, "cannot read '\(path)': \(error.reason)")
    }
  }
}

/// What PATH means: a folder, a table that lists images, or one image or pattern of a folder.
private struct IngestPlace {
  var path: String
  var isManifest = false
  /// Of `--glob`, or of the PATH itself.
  var pattern: String?

  init(_ arguments: Arguments) throws {
    let written = PathText.expandingHome(arguments.object("PATH") ?? "")
    pattern = arguments.string("glob")
    if let (folder, pattern) = Self.split(written), !FileStatus.exists(written) {
      guard self.pattern == nil else {
        throw arguments.error(
          atOption: "glob", .usage, "the pattern is in PATH already", hint: "name the folder alone")
      }
      self.pattern = pattern
      path = try IngestRequest.absolute(folder) { arguments.error(atObject: "PATH", $0, $1) }
      return
    }
    path = try IngestRequest.absolute(written) { arguments.error(atObject: "PATH", $0, $1) }
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
