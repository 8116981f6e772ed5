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

  package init(id: ItemID, path: String, hash: ContentHash, size: Int64, modified: Int64) {
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
    KnownItem(id: id, path: file.path, hash: hash, size: file.size, modified: file.modified)
  }
}

/// What has to happen to a collection so that it holds what its source holds.
///
/// Contents are told apart by SHA-256. Only files that are new, or whose size or modification time
/// differs, are read. An item keeps its id when its file changes or moves; two files of the same
/// content are two items. Apply removals first: a new item may take the id of a removed one.
package struct SyncPlan: Sendable {
  /// An item before and after; both have the same id.
  package struct Change: Sendable, Hashable {
    package var from: KnownItem
    package var to: IngestItem

    package init(from: KnownItem, to: IngestItem) {
      self.from = from
      self.to = to
    }
  }

  package var new: [IngestItem] = []
  /// The file is where it was, its content is another.
  package var changed: [Change] = []
  /// The content is the same, the path is another and the old path is gone.
  package var renamed: [Change] = []
  /// Path and content are the same; size and modification time may need refreshing.
  package var unchanged: [Change] = []
  package var removed: [KnownItem] = []
  /// Items that stay as they are because their file or folder could not be read.
  package var unreadable: [KnownItem] = []
  /// The listing's issues and those of reading the files.
  package var issues: [IngestIssue] = []

  package init() {}

  /// Whether there is nothing to do; a refreshed modification time does not count.
  package var isEmpty: Bool {
    new.isEmpty && changed.isEmpty && renamed.isEmpty && removed.isEmpty
  }

  /// Compares a listing with what is known.
  ///
  /// - Parameters:
  ///   - known: the items that came from this source; ids and paths are distinct.
  ///   - rehash: reads every file, whatever its size and modification time say.
  ///   - width: files read at once; `nil` for the number of processors.
  ///   - progress: counts the files read.
  /// - Throws: `cancelled`; a file that cannot be read is an issue.
  @concurrent package static func make(
    source: SourceListing, known: [KnownItem], rehash: Bool = false, width: Int? = nil,
    progress: ProgressHandler? = nil
  ) async throws -> SyncPlan {
    SyncPlan()
  }
}
