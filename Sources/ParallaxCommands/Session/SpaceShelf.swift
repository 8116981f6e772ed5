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
    /// The approximate index of the space's file, if there is one.
    var graph: GraphIndex?
    /// Why the file there is cannot be used.
    var graphProblem: ParallaxError?

    /// The stable keys of the rows.
    var keys: [Int64] { loaded.items.map(\.rawValue) }
  }

  /// Short forms of a space's rows, made when they are first asked for.
  private struct Codes {
    var int8: CodedRows?
    var bits: BitRows?
    /// Measured recall by what was asked.
    var recalls: [String: Double] = [:]
  }

  private var codes: [Int64: Codes] = [:]

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
  func unload(_ space: Space) -> Bool {
    codes[space.rowID] = nil
    return entries.removeValue(forKey: space.rowID) != nil
  }

  /// Bytes held for a space: its vectors, its short codes, its index.
  func byteCount(of space: Space) -> Int {
    guard let entry = entries[space.rowID] else { return 0 }
    let codes = codes[space.rowID]
    return entry.loaded.matrix.byteCount + (codes?.int8?.byteCount ?? 0)
      + (codes?.bits?.byteCount ?? 0) + (entry.graph?.graph.byteCount ?? 0)
  }

  /// Puts a new index in the place of the old one.
  func attach(_ graph: GraphIndex?, to space: Space) {
    entries[space.rowID]?.graph = graph
    entries[space.rowID]?.graphProblem = nil
  }

  /// The int8 codes of a space in memory.
  func coded(_ entry: Entry) async -> CodedRows {
    let key = entry.loaded.space.rowID
    if let known = codes[key]?.int8 { return known }
    let made = await Self.encode(entry.loaded.matrix)
    codes[key, default: Codes()].int8 = made
    return made
  }

  /// The bits of a space in memory.
  func bits(_ entry: Entry) async -> BitRows {
    let key = entry.loaded.space.rowID
    if let known = codes[key]?.bits { return known }
    let made = await Self.bits(of: entry.loaded.matrix)
    codes[key, default: Codes()].bits = made
    return made
  }

  /// What was measured before under a name, or is measured now.
  func recall(
    _ entry: Entry, named name: String, _ measure: () async throws -> Double
  ) async rethrows -> Double {
    let key = entry.loaded.space.rowID
    if let known = codes[key]?.recalls[name] { return known }
    let measured = try await measure()
    codes[key, default: Codes()].recalls[name] = measured
    return measured
  }

  @concurrent private static func encode(_ matrix: VectorMatrix) async -> CodedRows {
    CodedRows(matrix)
  }

  @concurrent private static func bits(of matrix: VectorMatrix) async -> BitRows {
    BitRows(matrix)
  }

  /// Forgets the spaces of a collection, whose items or vectors have changed.
  func invalidate(_ collection: ItemCollection) {
    for entry in entries.values where entry.loaded.space.collection.rowID == collection.rowID {
      unload(entry.loaded.space)
    }
  }

  func invalidate(_ space: Space) { unload(space) }

  @concurrent
  private static func read(
    _ space: Space, from workspace: Workspace, progress: ProgressHandler?
  ) async throws -> Entry {
    let loaded = try workspace.load(space, progress: progress)
    var entry = Entry(
      loaded: loaded, index: ExactIndex(matrix: loaded.matrix, similarity: .cosine))
    do {
      entry.graph = try GraphIndex.open(
        IndexFiles.path(of: space, in: workspace), entry.index, keys: entry.keys)
    } catch let error as ParallaxError {
      // A cache: the exact search does without.
      entry.graphProblem = error
    }
    return entry
  }
}
