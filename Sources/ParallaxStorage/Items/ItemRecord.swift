package import ParallaxCore

/// An item as stored.
package struct ItemRecord: Sendable, Hashable {
  /// The key of an item within a workspace; kept through renames, never used again.
  package struct RowID: RawRepresentable, Hashable, Sendable, Comparable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  package let rowID: RowID
  package let id: ItemID
  package let path: String
  package let hash: ContentHash
  /// In bytes.
  package let size: Int64
  /// The file's modification time in nanoseconds since 1970.
  package let modified: Int64
  /// In pixels, as the viewer sees it; `nil` while unknown.
  package let width: Int?
  package let height: Int?
  /// Lower-case format name, such as `jpeg`.
  package let format: String?
  package let text: String?
  /// The time of the file's last change of status in nanoseconds since 1970; `nil` while unknown.
  package let changed: Int64?
}

/// What is known of an item's file.
package struct FileState: Sendable, Hashable {
  package var path: String
  package var hash: ContentHash
  /// In bytes.
  package var size: Int64
  /// Nanoseconds since 1970.
  package var modified: Int64
  /// The time of the last change of status, which nobody can set back; `nil` while unknown.
  package var changed: Int64?
  package var width: Int?
  package var height: Int?
  package var format: String?

  package init(
    path: String, hash: ContentHash, size: Int64, modified: Int64, changed: Int64? = nil,
    width: Int? = nil, height: Int? = nil, format: String? = nil
  ) {
    self.path = path
    self.hash = hash
    self.size = size
    self.modified = modified
    self.changed = changed
    self.width = width
    self.height = height
    self.format = format
  }
}

/// An item to add.
package struct NewItem: Sendable, Hashable {
  package var id: ItemID
  package var file: FileState
  package var text: String?
  package var metadata: [String: Value]

  package init(id: ItemID, file: FileState, text: String? = nil, metadata: [String: Value] = [:]) {
    self.id = id
    self.file = file
    self.text = text
    self.metadata = metadata
  }
}

/// One step of bringing a collection up to date; see ``Workspace/apply(_:to:)``.
package enum ItemChange: Sendable, Hashable {
  case insert(NewItem)
  /// The file has new bytes, or only another time or place.
  case update(ItemID, FileState)
  /// The same bytes under another name: vectors and metadata stay.
  case rename(from: ItemID, to: ItemID, path: String)
  case remove(ItemID)
  /// Sets the named fields and leaves the others; null takes a value away.
  case setMetadata(ItemID, [String: Value])
  case setText(ItemID, String?)
}

/// How many items each kind of change touched.
package struct ChangeCounts: Sendable, Hashable {
  package var inserted: Int
  package var updated: Int
  package var renamed: Int
  package var removed: Int
  /// Items whose metadata or text was set by a change of its own.
  package var annotated: Int

  package init(
    inserted: Int = 0, updated: Int = 0, renamed: Int = 0, removed: Int = 0, annotated: Int = 0
  ) {
    self.inserted = inserted
    self.updated = updated
    self.renamed = renamed
    self.removed = removed
    self.annotated = annotated
  }
}
