internal import ParallaxCore
package import ParallaxSearch
package import ParallaxStorage

/// How a space is to be indexed.
package struct IndexRequest: Sendable, Hashable {
  /// Rows that recall is measured on, and hits of each that are compared.
  package static let sample = 200
  package static let top = 10

  package var options: GraphOptions
  /// Candidates held while recall is measured.
  package var expansion: Int
  /// Whether an existing index is rebuilt.
  package var rebuilds: Bool

  package init(options: GraphOptions, expansion: Int, rebuilds: Bool) {
    self.options = options
    self.expansion = expansion
    self.rebuilds = rebuilds
  }
}

extension Workbench {
  /// Builds the index of a space or completes it, measures its recall, saves it and searches by it.
  ///
  /// - Returns: the index, and the vectors that were added.
  /// - Throws: `read-only`; `index` when the file cannot be written; `cancelled`.
  @concurrent package func index(
    _ space: Space, _ request: IndexRequest, _ handler: @escaping EventHandler
  ) async throws -> (graph: GraphIndex, added: Int) {
    guard workspace.mode == .readWrite else {
      throw ParallaxError(.readOnly, "the workspace is open for reading only")
    }
    let entry = try await spaces.loading(space, progress: { handler(.progress($0)) })
    let path = IndexFiles.path(of: space, in: workspace)
    try IndexFiles.makeFolder(of: workspace)
    let total = entry.index.rowCount
    func report(_ done: Int) {
      handler(.progress(Progress("indexing", completed: done, total: total, unit: "vectors")))
    }
    let present =
      request.rebuilds ? nil : try? Self.reusable(path, entry, options: request.options)
    let graph: GraphIndex
    if let present {
      graph = try present.completed(keys: entry.keys, progress: report)
    } else {
      graph = try GraphIndex.build(
        entry.index, keys: entry.keys, options: request.options, progress: report)
    }
    let certificate = try graph.certify(
      count: IndexRequest.top, queries: IndexRequest.sample, expansion: request.expansion, seed: 1)
    try graph.save(certified: certificate, to: path)
    let saved = try GraphIndex.open(path, entry.index, keys: entry.keys) ?? graph
    spaces.attach(saved, to: space)
    return (saved, present?.unindexed.count ?? total)
  }

  /// Removes the index of a space, which is searched exactly from then on.
  package func dropIndex(of space: Space) {
    IndexFiles.remove(space, in: workspace)
    spaces.attach(nil, to: space)
  }

  /// What the file holds, when it was built as asked and is mostly alive.
  private static func reusable(
    _ path: String, _ entry: SearchableSpace, options: GraphOptions
  ) throws -> GraphIndex? {
    guard let graph = try GraphIndex.open(path, entry.index, keys: entry.keys),
      graph.graph.options == options, graph.deadCount * 5 <= graph.graph.count
    else { return nil }
    return graph
  }
}
