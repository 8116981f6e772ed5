internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxIngest

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// What `ingest` was asked to read, with absolute paths.
struct IngestRequest: Sendable {
  var source: IngestSource
  var metadata: String?
  var key: String?
  var kinds: [String: ValueKind]
  /// The command that reads the same again, wherever the program is started from.
  var command: String

  static let manifestEndings = ["csv", "tsv", "jsonl", "ndjson"]

  init(_ arguments: Arguments, collection: String) throws {
    let path = try Self.absolute(arguments.object("PATH") ?? "") {
      arguments.error(atObject: "PATH", $0, $1)
    }
    metadata = try arguments.string("meta").map { name in
      try Self.absolute(name) { arguments.error(atOption: "meta", $0, $1) }
    }
    key = arguments.string("key")
    kinds = try Self.kinds(arguments)
    let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    if !Self.isFolder(path), Self.manifestEndings.contains(ending) {
      source = .manifest(
        path,
        columns: ManifestColumns(
          path: arguments.string("path-column"), id: arguments.string("id-column"),
          text: arguments.string("text-column")))
      if metadata == nil { metadata = path }
    } else {
      do {
        source = .folder(path, glob: try arguments.string("glob").map { try Glob($0) })
      } catch let error as ParallaxError {
        throw error.located(at: arguments.location(ofOption: "glob"))
      }
    }
    command = Self.canonical(
      arguments, collection: collection, path: path,
      metadata: arguments.string("meta") == nil ? nil : metadata)
  }

  private static func canonical(
    _ arguments: Arguments, collection: String, path: String, metadata: String?
  ) -> String {
    var words = ["ingest", collection, Quoting.quoted(path)]
    if let metadata { words += ["--meta", Quoting.quoted(metadata)] }
    for option in ["glob", "key", "path-column", "id-column", "text-column"] {
      if let value = arguments.string(option) { words += ["--\(option)", Quoting.quoted(value)] }
    }
    for kind in arguments.list("type") { words += ["--type", Quoting.quoted(kind)] }
    return words.joined(separator: " ")
  }

  private static func kinds(_ arguments: Arguments) throws -> [String: ValueKind] {
    var kinds: [String: ValueKind] = [:]
    for (index, text) in arguments.list("type").enumerated() {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let kind = ValueKind(rawValue: parts[1]) else {
        let names = ValueKind.allCases.map(\.rawValue)
        throw arguments.error(
          atOption: "type", index: index, .badValue,
          "'type' takes FIELD=KIND with a kind of \(names.joined(separator: ", ")); got '\(text)'",
          hint: Suggestion.hint(for: parts.last ?? "", among: names))
      }
      kinds[parts[0]] = kind
    }
    return kinds
  }

  private static func absolute(
    _ path: String, orThrow error: (ParallaxError.Code, String) -> ParallaxError
  ) throws -> String {
    guard let resolved = realpath(PathText.expandingHome(path), nil) else {
      throw error(
        .unreadableFile, "cannot read '\(path)': \(String(cString: strerror(errno)))")
    }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
