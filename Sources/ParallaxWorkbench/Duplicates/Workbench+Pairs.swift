internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxSearch
package import ParallaxStorage
private import ParallaxSystem

extension Workbench {
  /// Rows whose pairs are all looked for, to tell what an index misses.
  private static let recallSample = 256

  /// Every pair of items of a space whose cosine is at least a score; exactly, unless the space's index is asked.
  ///
  /// The pairs found exactly are kept with the space: a higher score, later, is read from them, and items added since are
  /// compared with all others, which costs less than all anew. What is given does not depend on that.
  ///
  /// - Parameters:
  ///   - minimumScore: from -1 to 1.
  ///   - throughIndex: pairs are looked for in the space's index, which may miss some.
  /// - Throws: `invalid-value` for another score; `too-many-pairs`; `unsupported` for a space without an index; what
  ///   loading the space throws; `CancellationError`.
  @concurrent package func pairs(
    of space: Space, minimumScore: Double, throughIndex: Bool = false,
    _ handler: @escaping EventHandler
  ) async throws -> SpacePairs {
    guard (-1...1).contains(minimumScore) else {
      throw ParallaxError(
        .invalidValue, "a cosine is from -1 to 1; got \(minimumScore)",
        hint: "1 is the same direction, 0 is unrelated")
    }
    let entry = try await spaces.loading(space, progress: { handler(.progress($0)) })
    let loaded = entry.loaded
    let floor = Float(minimumScore)
    let (pairs, origin) =
      throughIndex
      ? try await indexedPairs(entry, floor: floor, handler)
      : try await exactPairs(loaded, floor: floor, handler)
    let zeros = (0..<loaded.matrix.rowCount).count { row in
      loaded.matrix.withValues { values in
        let start = row * loaded.matrix.dimension
        return values[start..<start + loaded.matrix.dimension].allSatisfy { $0 == 0 }
      }
    }
    return SpacePairs(
      space: space, ids: loaded.ids, pairs: pairs, minimumScore: minimumScore, origin: origin,
      itemCount: try workspace.summaries(of: [space]).first?.itemCount ?? 0,
      withoutDirection: zeros, copies: try workspace.copies(in: space.collection))
  }

  private func exactPairs(
    _ loaded: LoadedSpace, floor: Float, _ handler: @escaping EventHandler
  ) async throws -> ([RowPair], SpacePairs.Origin) {
    let space = loaded.space
    let kept = try keptPairs(of: space, handler)
    let (found, origin) = try await ScanStop.whenCancelled { stop in
      try PairSearch(loaded, floor: floor, until: stop) { done, total in
        handler(
          .progress(Progress("comparing", completed: done, total: total, unit: "pairs")))
      }.run(from: kept)
    }
    if origin != .kept, workspace.mode == .readWrite {
      try workspace.keep(found, of: space, created: Clock.now())
    }
    let pairs = found.pairs.compactMap { pair -> RowPair? in
      guard pair.score >= floor else { return nil }
      return RowPair(left: Int32(pair.left), right: Int32(pair.right), score: pair.score)
    }
    return (pairs, origin)
  }

  /// Not kept: what is kept is exact.
  private func indexedPairs(
    _ entry: SearchableSpace, floor: Float, _ handler: @escaping EventHandler
  ) async throws -> ([RowPair], SpacePairs.Origin) {
    let graph = try entry.requireGraph(for: "through-index")
    let (matrix, space) = (entry.loaded.matrix, entry.loaded.space)
    let search = GraphPairs(graph, over: matrix, floor: floor)
    return try await ScanStop.whenCancelled { stop in
      let limit = PairLimit(of: space, floor: floor, total: matrix.rowCount)
      let pairs = try search.run(
        expansion: graph.certificate?.expansion ?? GraphIndex.usualExpansion, until: stop
      ) { rows, found in
        limit.compared = rows
        try limit.add(found)
        handler(
          .progress(
            Progress("asking the index", completed: rows, total: matrix.rowCount, unit: "vectors")))
      }
      let recall = try search.recall(of: pairs, sample: Self.recallSample, until: stop)
      return (pairs, .index(recall))
    }
  }

  /// The pairs that are kept; none where they are damaged, which is said.
  func keptPairs(of space: Space, _ handler: EventHandler) throws -> StoredPairs? {
    do {
      return try workspace.pairs(of: space)
    } catch let error as ParallaxError where error.code == .damagedData {
      handler(.warning("\(error.message); all items are compared again"))
      return nil
    }
  }
}
