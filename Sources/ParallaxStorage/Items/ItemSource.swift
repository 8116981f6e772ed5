package import ParallaxCore

/// Where items of a collection come from, as `ingest` was told: what `sync` reads again.
package struct ItemSource: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable {
    /// The images below a folder.
    case folder
    /// The images that a table lists.
    case manifest
    /// A line that an earlier version stored and nobody can read any more: `path` is the line.
    case line
  }

  /// Where the pictures of a source lie, if they are no files of their own.
  package enum Origin: String, Sendable, Hashable {
    /// At addresses of the web, which a table lists.
    case addresses
    /// In a bucket of an object store, as in a folder.
    case bucket
    /// Within archives, which lie in a folder.
    case archives
  }

  package var kind: Kind
  /// `nil` for files.
  package var origin: Origin?
  /// Absolute: the folder, or the table; of a bucket, `s3://BUCKET/PREFIX`.
  package var path: String
  /// Of a folder: the files to take.
  package var glob: String?
  /// Whether links to folders outside are followed.
  package var followsLinks: Bool
  /// Absolute: the table of metadata, where it is not the manifest itself.
  package var metadata: String?
  /// The column of the metadata that names the image.
  package var key: String?
  /// Columns of a manifest.
  package var pathColumn: String?
  package var idColumn: String?
  package var textColumn: String?
  /// One character that separates the columns of a table.
  package var delimiter: String?
  /// Kinds of fields that somebody chose.
  package var kinds: [String: ValueKind]
  /// Fields that keep the values of all rows of an image.
  package var lists: Set<String>

  package init(
    _ kind: Kind, _ origin: Origin? = nil, path: String, glob: String? = nil,
    followsLinks: Bool = false,
    metadata: String? = nil, key: String? = nil, pathColumn: String? = nil,
    idColumn: String? = nil, textColumn: String? = nil, delimiter: String? = nil,
    kinds: [String: ValueKind] = [:], lists: Set<String> = []
  ) {
    self.kind = kind
    self.origin = origin
    self.path = path
    self.glob = glob
    self.followsLinks = followsLinks
    self.metadata = metadata
    self.key = key
    self.pathColumn = pathColumn
    self.idColumn = idColumn
    self.textColumn = textColumn
    self.delimiter = delimiter
    self.kinds = kinds
    self.lists = lists
  }
}
