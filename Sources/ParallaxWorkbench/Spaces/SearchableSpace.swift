package import ParallaxCore
package import ParallaxSearch
package import ParallaxStorage

/// A space in memory, ready to be searched.
package struct SearchableSpace: Sendable {
  package let loaded: LoadedSpace
  package let index: ExactIndex
  /// The approximate index of the space's file, if there is one.
  package internal(set) var graph: GraphIndex?
  /// Why the file there is cannot be used.
  package internal(set) var graphProblem: ParallaxError?

  /// The stable keys of the rows.
  package var keys: [Int64] { loaded.items.map(\.rawValue) }

  /// - Throws: as ``Workspace/load(_:progress:)`` does. An index that cannot be used is no error: it is
  ///   a cache, and the exact search does without.
  init(reading space: Space, from workspace: Workspace, _ progress: ProgressHandler?) throws {
    loaded = try workspace.load(space, progress: progress)
    index = ExactIndex(matrix: loaded.matrix, similarity: .cosine)
    do {
      graph = try GraphIndex.open(IndexFiles.path(of: space, in: workspace), index, keys: keys)
    } catch let error as ParallaxError {
      graphProblem = error
    }
  }

  /// - Parameter parameter: what asks for the index.
  /// - Throws: `unsupported` where there is none, with the reason why the file there is cannot be used.
  func requireGraph(for parameter: String) throws -> GraphIndex {
    if let graph { return graph }
    let name = loaded.space.reference
    throw ParallaxError(
      .unsupported, graphProblem?.message ?? "'\(name)' has no index",
      hint: "'index \(name)' makes one", parameter: .init(name: parameter))
  }
}
