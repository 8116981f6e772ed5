package import ParallaxCore
package import ParallaxSearch
package import ParallaxStorage
private import Synchronization

/// The spaces held in memory, shared by everybody who asks.
package final class LoadedSpaces: Sendable {
  /// Short forms of a space's rows, made when they are first asked for.
  private struct Codes {
    var int8: CodedRows?
    var bits: BitRows?
    var proven: ProvenCodes?
    /// Measured recall by what was asked.
    var recalls: [String: Double] = [:]
  }

  /// A load under way, which those who come later wait for as well.
  private struct Load {
    let task: Task<SearchableSpace, any Error>
    var waiters: Int
  }

  private struct State {
    var entries: [Int64: SearchableSpace] = [:]
    var codes: [Int64: Codes] = [:]
    var loads: [Int64: Load] = [:]
    /// Grows when a space is given up, so that what was read before is not kept after.
    var generations: [Int64: Int] = [:]

    /// Whether a space in memory is this one, and not one that was read since.
    func holds(_ entry: SearchableSpace) -> Bool {
      entries[entry.loaded.space.rowID]?.loaded.matrix === entry.loaded.matrix
    }
  }

  private let workspace: Workspace
  private let state = Mutex(State())

  package init(_ workspace: Workspace) { self.workspace = workspace }

  /// The space if it is in memory.
  package func entry(for space: Space) -> SearchableSpace? {
    state.withLock { $0.entries[space.rowID] }
  }

  /// All that are in memory, the oldest space first.
  var entries: [SearchableSpace] {
    state.withLock { $0.entries.sorted { $0.key < $1.key }.map(\.value) }
  }

  /// The space, read from the workspace unless it is in memory.
  ///
  /// - Throws: `storage` or `damaged` as the workspace does; `cancelled`.
  package func loading(
    _ space: Space, progress: ProgressHandler? = nil
  ) async throws -> SearchableSpace {
    let task: Task<SearchableSpace, any Error>? = state.withLock { state in
      if state.entries[space.rowID] != nil { return nil }
      if let load = state.loads[space.rowID] {
        state.loads[space.rowID]?.waiters += 1
        return load.task
      }
      let generation = state.generations[space.rowID, default: 0]
      let task = Task { try await self.read(space, generation, progress) }
      state.loads[space.rowID] = Load(task: task, waiters: 1)
      return task
    }
    guard let task else {
      // Given up between two looks: read again.
      if let entry = state.withLock({ $0.entries[space.rowID] }) { return entry }
      return try await loading(space, progress: progress)
    }
    return try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      stopWaiting(for: space)
    }
  }

  /// Ends the load when nobody waits for it any more.
  private func stopWaiting(for space: Space) {
    state.withLock { state in
      guard let load = state.loads[space.rowID] else { return }
      state.loads[space.rowID]?.waiters -= 1
      if load.waiters == 1 { load.task.cancel() }
    }
  }

  @concurrent private func read(
    _ space: Space, _ generation: Int, _ progress: ProgressHandler?
  ) async throws -> SearchableSpace {
    let outcome = Result { try SearchableSpace(reading: space, from: workspace, progress) }
    return try state.withLock { state in
      if state.generations[space.rowID, default: 0] == generation {
        state.loads[space.rowID] = nil
        if case .success(let entry) = outcome { state.entries[space.rowID] = entry }
      }
      return try outcome.get()
    }
  }

  /// Gives the memory back, with the last space of a collection also that of the columns which conditions
  /// have read; whether the space was in memory.
  @discardableResult
  package func unload(_ space: Space) -> Bool {
    let (was, isLast) = state.withLock { state in
      state.generations[space.rowID, default: 0] += 1
      state.codes[space.rowID] = nil
      state.loads[space.rowID] = nil
      let was = state.entries.removeValue(forKey: space.rowID) != nil
      return (
        was, !state.entries.values.contains { $0.loaded.space.collection == space.collection }
      )
    }
    if isLast { workspace.forgetColumns(of: space.collection) }
    return was
  }

  /// Forgets the spaces of a collection, whose items or vectors have changed.
  package func unload(_ collection: ItemCollection) {
    let spaces = state.withLock { state in
      state.entries.values.map(\.loaded.space).filter {
        $0.collection.rowID == collection.rowID
      }
    }
    for space in spaces { unload(space) }
    workspace.forgetColumns(of: collection)
  }

  /// Bytes held for a space: its vectors, its short codes, its index.
  package func byteCount(of space: Space) -> Int {
    state.withLock { state in
      guard let entry = state.entries[space.rowID] else { return 0 }
      let codes = state.codes[space.rowID]
      return entry.loaded.matrix.byteCount + (codes?.int8?.byteCount ?? 0)
        + (codes?.bits?.byteCount ?? 0) + (codes?.proven?.placed?.byteCount ?? 0)
        + (entry.graph?.graph.byteCount ?? 0)
    }
  }

  /// Bytes of the short codes of a space in memory; 0 before they are made.
  func byteCount(of codes: Query.Codes, for space: Space) -> Int {
    state.withLock { state in
      let made = state.codes[space.rowID]
      return (codes == .int8 ? made?.int8?.byteCount : made?.bits?.byteCount) ?? 0
    }
  }

  /// Puts a new index in the place of the old one; `nil` for none.
  package func attach(_ graph: GraphIndex?, to space: Space) {
    state.withLock { state in
      state.entries[space.rowID]?.graph = graph
      state.entries[space.rowID]?.graphProblem = nil
    }
  }

  /// The int8 codes of a space in memory.
  @concurrent func int8Codes(of entry: SearchableSpace) async -> CodedRows { codedRows(of: entry) }

  /// What the exact search of a space in memory proves its answers by.
  ///
  /// - Throws: `CancellationError`.
  @concurrent func provenCodes(of entry: SearchableSpace) async throws -> ProvenCodes {
    if let known = known(\.proven, of: entry) { return known }
    let made = try await ScanStop.whenCancelled { stop in
      // What is kept must not keep what keeps it.
      try ProvenCodes(for: entry.index, until: stop) { [weak self] in
        self?.codedRows(of: entry) ?? CodedRows(entry.loaded.matrix)
      }
    }
    return keep(made, as: \.proven, of: entry)
  }

  private func codedRows(of entry: SearchableSpace) -> CodedRows {
    if let known = known(\.int8, of: entry) { return known }
    return keep(CodedRows(entry.loaded.matrix), as: \.int8, of: entry)
  }

  /// The bits of a space in memory.
  @concurrent func bits(of entry: SearchableSpace) async -> BitRows {
    if let known = known(\.bits, of: entry) { return known }
    return keep(BitRows(entry.loaded.matrix), as: \.bits, of: entry)
  }

  private func known<Made: Sendable>(
    _ path: any WritableKeyPath<Codes, Made?> & Sendable, of entry: SearchableSpace
  ) -> Made? {
    state.withLock { $0.holds(entry) ? $0.codes[entry.loaded.space.rowID]?[keyPath: path] : nil }
  }

  /// Keeps what was made of a space, unless the space has been given up or read again since.
  ///
  /// - Returns: what is kept: whoever was first stays.
  private func keep<Made: Sendable>(
    _ made: Made, as path: any WritableKeyPath<Codes, Made?> & Sendable, of entry: SearchableSpace
  ) -> Made {
    state.withLock { state in
      let key = entry.loaded.space.rowID
      guard state.holds(entry) else { return made }
      let kept = state.codes[key]?[keyPath: path] ?? made
      state.codes[key, default: Codes()][keyPath: path] = kept
      return kept
    }
  }

  /// What was measured before under a name, or is measured now.
  @concurrent func recall(
    of entry: SearchableSpace, named name: String, _ measure: @Sendable () throws -> Double
  ) async throws -> Double {
    let key = entry.loaded.space.rowID
    if let known = state.withLock({ $0.holds(entry) ? $0.codes[key]?.recalls[name] : nil }) {
      return known
    }
    let measured = try measure()
    state.withLock { state in
      if state.holds(entry) { state.codes[key, default: Codes()].recalls[name] = measured }
    }
    return measured
  }
}
