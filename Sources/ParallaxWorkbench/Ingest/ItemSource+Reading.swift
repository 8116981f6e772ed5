internal import ParallaxCore
internal import ParallaxIngest
internal import ParallaxStorage
private import ParallaxSystem

extension ItemSource {
  /// Names that no field takes: those of built-in fields and of the columns that results have.
  /// `text` is not among them, for a column of that name is the item's text.
  private static let reservedNames = Set(
    ["rank", "score", "collection", "dimension", "item."]
      + BuiltInField.allCases.map(\.rawValue)
  ).subtracting(["text"])

  /// The table that describes the images; a manifest describes its own.
  var table: String? { metadata ?? (kind == .manifest ? path : nil) }

  /// - Throws: `invalid-value` for a pattern that is none; `unsupported` for a line that nobody can
  ///   read any more.
  func images() throws -> IngestSource {
    switch kind {
    case .folder where origin == .archives:
      .archives(path, glob: try glob.map { try Glob($0) })
    case .folder:
      .folder(path, glob: try glob.map { try Glob($0) }, followsLinks: followsLinks)
    case .manifest where origin == .addresses:
      .addresses(
        path, columns: ManifestColumns(path: pathColumn, id: idColumn, text: textColumn),
        delimiter: delimiter?.first)
    case .manifest:
      .manifest(
        path, columns: ManifestColumns(path: pathColumn, id: idColumn, text: textColumn),
        delimiter: delimiter?.first)
    case .line:
      throw ParallaxError(
        .unsupported, "an earlier version stored the source '\(path)', which cannot be read")
    }
  }

  var metadataOptions: MetadataOptions {
    var options = MetadataOptions(
      kinds: kinds, lists: lists, delimiter: delimiter?.first, reserved: Self.reservedNames)
    if kind == .manifest, let textColumn, textColumn.lowercased() != "text" {
      options.reserved.insert("text")
    }
    return options
  }

  /// The same with its paths as they are now: a folder may have become a link to another.
  ///
  /// - Throws: `unreadable-file` for what is not there.
  func resolved() throws -> ItemSource {
    guard kind != .line else { return self }
    var source = self
    if origin != .bucket { source.path = try Self.absolute(path) }
    source.metadata = try metadata.map { try Self.absolute($0) }
    return source
  }

  /// Whether both read the same images.
  func readsImages(of other: ItemSource) -> Bool {
    func images(_ source: ItemSource) -> ItemSource {
      ItemSource(
        source.kind, source.origin, path: source.path, glob: source.glob,
        followsLinks: source.followsLinks,
        pathColumn: source.pathColumn, idColumn: source.idColumn, textColumn: source.textColumn,
        delimiter: source.kind == .manifest ? source.delimiter : nil)
    }
    return images(self) == images(other)
  }

  /// Whether reading this source makes reading `other` again needless: it reads the same images, and
  /// the same table or one more.
  func replaces(_ other: ItemSource) -> Bool {
    readsImages(of: other) && (table == other.table || other.table == nil)
  }

  /// What begins the paths of all its items, as folders do.
  var roots: [String] {
    origin == .addresses ? ["http:", "https:"] : [UnreadableSource.folder(of: path)]
  }

  /// Whether an item may be of this source.
  func mayHold(_ path: String) -> Bool { roots.contains { path.isBelow($0) } }

  static func absolute(_ path: String) throws -> String {
    do throws(SystemError) { return try PathText.resolved(PathText.expandingHome(path)) } catch {
      throw ParallaxError.unreadable(path, error)
    }
  }
}
