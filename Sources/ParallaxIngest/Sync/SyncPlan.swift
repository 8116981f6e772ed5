package import ParallaxCore
private import ParallaxSystem

/// What has to happen to a collection so that it holds what its source holds.
///
/// Contents are identified by SHA-256. Only files that are new, or whose size, modification time or
/// time of status differs, are read. An item keeps its id when its file changes or moves; where a manifest gives
/// ids, they say which item is which. Two files of the same content are two items. All lists are in
/// the order of the source, what is gone in the order of ids. Apply removals first: a new item may
/// take the id of a removed one.
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
  /// The content is another.
  package var changed: [Change] = []
  /// The content is the same, the path is another and the old path is gone from the source.
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
  ///   - lost: items of other places whose files are gone: new files may have their content.
  ///   - taken: ids of the collection's other items, which new items do not get.
  ///   - rehash: reads every file, whatever its size and modification time say.
  ///   - byteLimit: files of more bytes are not read; they are issues.
  ///   - width: files read at once; `nil` for the number of processors.
  ///   - progress: counts the files read.
  ///   - reading: reads the source's pictures where they are no files.
  /// - Throws: `cancelled`; a file that cannot be read is an issue.
  @concurrent package static func make(
    source: SourceListing, known: [KnownItem], lost: [KnownItem] = [],
    taken: Set<ItemID> = [], rehash: Bool = false, byteLimit: Int64 = .max, width: Int? = nil,
    progress: ProgressHandler? = nil, reading: PictureReading? = nil
  ) async throws -> SyncPlan {
    var planner = SyncPlanner(source: source, known: known, lost: lost, taken: taken)
    let hasher = FileHasher(
      width: width ?? Processors.count, byteLimit: byteLimit, reading: reading,
      progress: progress)
    let unread = planner.positionsToRead(rehash: rehash)
    let read = try await hasher.hashes(of: unread.map { source.items[$0].file })
    return planner.plan(with: Dictionary(uniqueKeysWithValues: zip(unread, read)))
  }
}
