package import ParallaxCore

/// An item as a collection already holds it.
package struct KnownItem: Sendable, Hashable {
  package var id: ItemID
  /// Absolute, as in `FoundFile.path`.
  package var path: String
  package var hash: ContentHash
  /// In bytes.
  package var size: Int64
  /// Nanoseconds since 1970.
  package var modified: Int64
  /// The last change of status, in nanoseconds since 1970; `nil` while unknown.
  package var changed: Int64?

  package init(
    id: ItemID, path: String, hash: ContentHash, size: Int64, modified: Int64,
    changed: Int64? = nil
  ) {
    self.changed = changed
    self.id = id
    self.path = path
    self.hash = hash
    self.size = size
    self.modified = modified
  }
}

/// An item as a collection should hold it.
package struct IngestItem: Sendable, Hashable {
  package var id: ItemID
  package var file: FoundFile
  package var hash: ContentHash
  package var text: String?

  package init(id: ItemID, file: FoundFile, hash: ContentHash, text: String? = nil) {
    self.id = id
    self.file = file
    self.hash = hash
    self.text = text
  }

  /// What the collection will know of it.
  package var known: KnownItem {
    KnownItem(
      id: id, path: file.path, hash: hash, size: file.size, modified: file.modified,
      changed: file.changed)
  }

  /// How a row of metadata may name it.
  package var target: MetadataTarget {
    MetadataTarget(id: id, path: file.path, relativePath: file.relativePath)
  }
}
