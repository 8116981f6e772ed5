package import ParallaxCore
private import ParallaxDigest

/// A graph over the present rows of a space, with the exact index beside it: approximate where that is
/// sound, exact where it is not, and never fewer hits than there are.
///
/// Rows that the graph does not know yet are compared one by one; nodes whose item has gone or has
/// another vector now are skipped. Hits carry exact scores.
package final class GraphIndex: Sendable {
  /// What answered.
  package enum Path: String, Sendable, Hashable {
    case graph, exact
  }

  package let graph: VectorGraph
  private let exact: ExactIndex
  private let rows: NodeRows
  /// Rows that no node stands for.
  package let unindexed: [Int]
  package let certificate: GraphCertificate?
  let nodes: GraphFile.Nodes

  /// Nodes that stand for no row any more.
  package var deadCount: Int { rows.deadCount }

  /// Candidates held while searching, unless something else is asked for.
  package static let usualExpansion = 64

  /// Below this share of allowed rows reading just those is faster than a walk that passes many others
  /// by, and exact.
  ///
  /// A walk costs about 1 / share, a filtered scan about share × values: they met at 0.07 for 200,000
  /// rows of 768 when measured (Benchmarks), which fixes the factor.
  package var leastSelectivity: Double {
    min(0.5, (768_000 / Double(max(1, exact.rowCount * exact.dimension))).squareRoot())
  }

  private init(
    _ graph: VectorGraph, _ nodes: GraphFile.Nodes, exact: ExactIndex, keys: [Int64],
    digests: [UInt64]
  ) {
    self.graph = graph
    self.nodes = nodes
    self.exact = exact
    certificate = nodes.certificate
    let rowOfKey = Dictionary(uniqueKeysWithValues: zip(keys, 0...))
    var nodeOfRow = [Int](repeating: -1, count: keys.count)
    // What was added last of a key is the present one.
    for place in nodes.keys.indices.reversed() {
      guard let row = rowOfKey[nodes.keys[place]], nodes.digests[place] == digests[row],
        nodeOfRow[row] < 0
      else { continue }
      nodeOfRow[row] = Int(nodes.nodes[place])
    }
    rows = NodeRows(nodes: nodeOfRow, nodeCount: graph.count)
    unindexed = nodeOfRow.indices.filter { nodeOfRow[$0] < 0 }
  }

  /// Builds a graph over all rows: the same, and the same file, each time and on every machine.
  ///
  /// - Parameters:
  ///   - keys: the stable key of each row's item.
  ///   - threads: at most this many; `nil` for one a processor.
  ///   - progress: hears the number of rows added so far.
  /// - Throws: `index`, `cancelled`.
  package static func build(
    _ exact: ExactIndex, keys: [Int64], options: GraphOptions, threads: Int? = nil,
    progress: (Int) -> Void = { _ in }
  ) throws -> GraphIndex {
    let scale = options.storage == .i8 ? largestValue(of: exact) / 127 : 1
    let graph = VectorGraph(dimension: exact.dimension, options: options, scale: scale)
    let nodes = GraphFile.Nodes(
      options: options, dimension: exact.dimension, scale: scale, keys: [], digests: [], nodes: [])
    return try adding(
      Array(0..<exact.rowCount), to: graph, nodes, exact, keys: keys, threads: threads,
      progress: progress)
  }

  private static func adding(
    _ rows: [Int], to graph: VectorGraph, _ nodes: GraphFile.Nodes, _ exact: ExactIndex,
    keys: [Int64], threads: Int?, progress: (Int) -> Void
  ) throws -> GraphIndex {
    let added = try graph.add(
      rows, of: exact.matrix, unit: { exact.unit($0) }, threads: threads, progress: progress)
    let digests = digests(of: exact.matrix)
    var nodes = nodes
    nodes.keys += rows.map { keys[$0] }
    nodes.digests += rows.map { digests[$0] }
    nodes.nodes += added.map(Int32.init)
    nodes.certificate = nil
    return GraphIndex(graph, nodes, exact: exact, keys: keys, digests: digests)
  }

  /// The index of a file over the present rows.
  ///
  /// - Returns: `nil` when there is none, or it is of another dimension.
  /// - Throws: `damaged-index` naming the file.
  package static func open(
    _ path: String, _ exact: ExactIndex, keys: [Int64]
  ) throws -> GraphIndex? {
    guard let (graph, nodes) = try GraphFile.read(path), nodes.dimension == exact.dimension
    else { return nil }
    return GraphIndex(
      graph, nodes, exact: exact, keys: keys, digests: digests(of: exact.matrix))
  }

  /// The same with nodes for the rows that had none. The graph grows in place: nobody else may hold it.
  ///
  /// - Throws: `index`, `cancelled`.
  package func completed(
    keys: [Int64], threads: Int? = nil, progress: (Int) -> Void = { _ in }
  ) throws -> GraphIndex {
    try Self.adding(
      unindexed, to: graph, nodes, exact, keys: keys, threads: threads, progress: progress)
  }

  /// - Throws: `index` with the system's reason.
  package func save(certified certificate: GraphCertificate? = nil, to path: String) throws {
    var nodes = nodes
    nodes.certificate = certificate
    try GraphFile.save(graph, nodes, to: path)
  }

  package static func remove(_ path: String) { GraphFile.remove(path) }

  /// The nearest rows and what found them.
  ///
  /// - Throws: `invalid-value` as the exact search; `index`.
  package func nearest(
    to query: [Float], count: Int, allowed: RowSet? = nil, minimumScore: Float? = nil,
    expansion: Int = GraphIndex.usualExpansion
  ) throws -> (hits: [SearchHit], path: Path) {
    let present = exact.rowCount
    let passing = allowed?.count ?? present
    let wanted = min(count, passing)
    guard wanted > 0, Double(passing) >= leastSelectivity * Double(present) else {
      return (try scanned(query, count, allowed, minimumScore), .exact)
    }
    let prepared = try exact.prepared(query)
    guard let unit = Vector.normalized(prepared.values) else {
      return (try scanned(query, count, allowed, minimumScore), .exact)
    }
    guard let found = try candidates(of: unit, wanted, expansion, allowed) else {
      return (try scanned(query, count, allowed, minimumScore), .exact)
    }
    let others = unindexed.filter { allowed?.contains($0) ?? true }
    let candidates = found + others
    // The walk ended before it had met enough that pass.
    guard candidates.count >= wanted else {
      return (try scanned(query, count, allowed, minimumScore), .exact)
    }
    return (exact.rescored(candidates, prepared, count, minimumScore), .graph)
  }

  /// The rows worth comparing in full.
  ///
  /// - Returns: `nil` when all rows are to be read.
  private func candidates(
    of unit: [Float], _ wanted: Int, _ expansion: Int, _ allowed: RowSet?
  ) throws -> [Int]? {
    let storage = graph.options.storage
    let blur = storage.blur(graph.dimension, scale: graph.scale)
    var held = max(expansion, wanted)
    while true {
      let found = try graph.nearest(
        to: unit, count: held, expansion: held, rows: rows, allowed: allowed)
      let distances = found.map { ($0.distance * graph.scale * graph.scale).squareRoot() }
      guard let last = distances.last else { return [] }
      // Whatever may be nearer in truth than the last one wanted. Rounding lies across distances it is small beside, and
      // moves them by about blur / √dimension; beside those as small as itself it is no chance any more.
      let kth = distances[min(wanted, distances.count) - 1]
      let areNearCopies = kth <= 4 * blur
      let edge = kth + (areNearCopies ? 2 * blur : 8 * blur / Float(graph.dimension).squareRoot())
      if areNearCopies, found.count == held, last <= edge {
        // The short form hardly tells these apart, such as pictures of a film: more of them are met, up to where
        // reading every row is faster.
        held *= 4
        if held * 16 > exact.rowCount { return nil }
        continue
      }
      let certain = storage.candidates(for: wanted, expansion: expansion)
      var worthIt: [Int] = []
      for (place, node) in found.enumerated() where place < certain || distances[place] <= edge {
        for row in rows[node.node] where allowed?.contains(Int(row)) ?? true {
          worthIt.append(Int(row))
        }
      }
      return worthIt
    }
  }

  private func scanned(
    _ query: [Float], _ count: Int, _ allowed: RowSet?, _ minimumScore: Float?
  ) throws -> [SearchHit] {
    try exact.nearest(to: query, count: count, allowed: allowed, minimumScore: minimumScore)
  }

  /// Measures recall against the exact search, with rows of the space as queries.
  ///
  /// - Parameters:
  ///   - queries: how many rows are drawn.
  ///   - expansion: candidates held while searching.
  /// - Throws: as the searches; `cancelled`.
  package func certify(
    count: Int, queries: Int, expansion: Int, seed: UInt64
  ) throws -> GraphCertificate {
    var random = SeededGenerator(seed: seed)
    let total = exact.rowCount
    let drawn = (0..<min(queries, total)).map { _ in
      Int.random(in: 0..<total, using: &random)
    }
    var entries: [GraphCertificate.Entry] = []
    for selectivity in [1, 0.5, 0.1] {
      let allowed: RowSet? =
        selectivity == 1
        ? nil
        : RowSet(
          capacity: total,
          rows: (0..<total).filter { _ in Double.random(in: 0..<1, using: &random) < selectivity })
      var entry = GraphCertificate.Entry(selectivity: selectivity, wanted: 0, found: 0)
      for start in stride(from: 0, to: drawn.count, by: 16) {
        guard !Task.isCancelled else { throw ParallaxError(.cancelled, "cancelled") }
        let part = drawn[start..<min(start + 16, drawn.count)].map { exact.matrix.row($0) }
        let wanted = try exact.nearest(to: part, count: count, allowed: allowed)
        for (query, hits) in zip(part, wanted) {
          let found = try nearest(
            to: query, count: count, allowed: allowed, expansion: expansion
          ).hits
          entry.wanted += hits.count
          entry.found += Set(hits.map(\.row)).intersection(found.map(\.row)).count
        }
      }
      entries.append(entry)
    }
    return GraphCertificate(
      count: count, queries: drawn.count, expansion: expansion, entries: entries)
  }

  private static func digests(of matrix: VectorMatrix) -> [UInt64] {
    let size = matrix.dimension * MemoryLayout<Float>.stride
    return ParallelRows(
      rowCount: matrix.rowCount, dimension: matrix.dimension, block: 1_024, threads: nil
    ).collect { row in
      matrix.withValues { values in
        let bytes = UnsafeRawBufferPointer(values)
        return Digest.checksum(
          UnsafeRawBufferPointer(rebasing: bytes[row * size..<(row + 1) * size]))
      }
    }
  }

  /// Of the rows at unit length.
  private static func largestValue(of exact: ExactIndex) -> Float {
    (0..<exact.rowCount).reduce(Float(0)) { most, row in
      if let unit = exact.unit(row) { return unit.reduce(most) { max($0, abs($1)) } }
      return exact.matrix.withValues { values in
        values[row * exact.dimension..<(row + 1) * exact.dimension].reduce(most) {
          max($0, abs($1))
        }
      }
    }
  }
}

extension ExactIndex {
  /// A row at unit length; `nil` for one that has it already, or has no direction.
  fileprivate func unit(_ row: Int) -> [Float]? {
    guard let inverse = lengths?.inverses[row], inverse != 0, !(abs(inverse - 1) < 1e-6) else {
      return nil
    }
    return Vector.normalized(matrix.row(row))
  }
}
