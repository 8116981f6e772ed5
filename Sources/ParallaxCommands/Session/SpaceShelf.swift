internal import ParallaxCore
internal import ParallaxSearch
internal import ParallaxStorage

/// The spaces held in memory.
@MainActor
final class SpaceShelf {
  /// A space in memory, ready to be searched.
  struct Entry: Sendable {
    let loaded: LoadedSpace
    let index: ExactIndex
  }

  private var entries: [Int64: Entry] = [:]

  /// The space if it is in memory.
  func entry(for space: Space) -> Entry? { entries[space.rowID] }

  /// The space, read from the workspace unless it is in memory.
  func loading(
    _ space: Space, from workspace: Workspace, progress: ProgressHandler? = nil
  ) async throws -> Entry {
    if let entry = entries[space.rowID] { return entry }
    let entry = try await Self.read(space, from: workspace, progress: progress)
    entries[space.rowID] = entry
    return entry
  }

  /// Gives the memory back; whether there was any.
  @discardableResult
  func unload(_ space: Space) -> Bool { entries.removeValue(forKey: space.rowID) != nil }

  /// Forgets the spaces of a collection, whose items or vectors have changed.
  func invalidate(_ collection: ItemCollection) {
    entries = entries.filter { $0.value.loaded.space.collection.rowID != collection.rowID }
  }

  func invalidate(_ space: Space) { entries[space.rowID] = nil }

  @concurrent
  private static func read(
    _ space: Space, from workspace: Workspace, progress: ProgressHandler?
  ) async throws -> Entry {
    let loaded = try workspace.load(space, progress: progress)
    return Entry(
      loaded: loaded, index: ExactIndex(matrix: loaded.matrix, similarity: .cosine))
  }
}
