package import ParallaxCore
private import ParallaxDigest

/// A graph over the present rows of a space, with the exact index beside it: approximate where that is
/// sound, exact where it is not, and never fewer hits than there are.
///
/// Rows that the graph does not know yet are compared one by one; nodes whose item has gone or has
/// another vector now are passed over. Hits carry exact scores.
package final class GraphIndex: Sendable {
  /// What answered.
  package enum Path: String, Sendable, Hashable {
    case graph, exact
  }

  package let graph: VectorGraph
  private let exact: ExactIndex
  /// The row of each node, -1 for none.
  private let rows: [Int32]
  /// Rows that no node stands for.
  package let unindexed: [Int]
  /// Nodes that stand for no row any more.
  package let deadCount: Int
  package let certificate: GraphCertificate?
  let nodes: GraphFile.Nodes

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
    var rows = [Int32](repeating: -1, count: nodes.keys.count)
    var isIndexed = [Bool](repeating: false, count: keys.count)
    // The last node of a key is the present one.
    for node in nodes.keys.indices.reversed() {
      guard let row = rowOfKey[nodes.keys[node]], nodes.digests[node] == digests[row],
        !isIndexed[row]
      else { continue }
      rows[node] = Int32(row)
      isIndexed[row] = true
    }
    self.rows = rows
    unindexed = isIndexed.indices.filter { !isIndexed[$0] }
    deadCount = rows.count { $0 < 0 }
  }

  /// Builds a graph over all rows.
  ///
  /// - Parameters:
  ///   - keys: the stable key of each row's item.
  ///   - progress: hears the number of rows added so far.
  /// - Throws: `index`, `cancelled`.
  package static func build(
    _ exact: ExactIndex, keys: [Int64], options: GraphOptions,
    progress: (Int) -> Void = { _ in }
  ) throws -> GraphIndex {
    let matrix = exact.matrix
    let scale = options.storage == .i8 ? largestValue(of: exact) / 127 : 1
    let graph = try VectorGraph(dimension: matrix.dimension, options: options, scale: scale)
    let added = try graph.add(
      Array(0..<matrix.rowCount), of: matrix, scales: exact.graphScales, progress: progress)
    let digests = digests(of: matrix)
    var nodes = GraphFile.Nodes(
      options: options, dimension: matrix.dimension, scale: scale,
      keys: keys, digests: digests)
    for (row, node) in added.enumerated() {
      nodes.keys[node] = keys[row]
      nodes.digests[node] = digests[row]
    }
    return GraphIndex(graph, nodes, exact: exact, keys: keys, digests: digests)
  }

  /// The index of a file over the present rows.
  ///
  /// - Returns: `nil` when there is none, or it is of another dimension.
  /// - Throws: `damaged-index` naming the file.
  package static func open(
    _ path: String, _ exact: ExactIndex, keys: [Int64], isFixed: Bool = true
  ) throws -> GraphIndex? {
    guard let (graph, nodes) = try GraphFile.read(path, isFixed: isFixed),
      nodes.dimension == exact.dimension
    else { return nil }
    return GraphIndex(
      graph, nodes, exact: exact, keys: keys, digests: digests(of: exact.matrix))
  }

  /// The same with nodes for the rows that had none.
  ///
  /// - Throws: `index`, `cancelled`; the graph must not be fixed.
  package func completed(
    keys: [Int64], progress: (Int) -> Void = { _ in }
  ) throws -> GraphIndex {
    let added = try graph.add(
      unindexed, of: exact.matrix, scales: exact.graphScales, progress: progress)
    let digests = Self.digests(of: exact.matrix)
    var nodes = nodes
    nodes.keys += unindexed.map { _ in 0 }
    nodes.digests += unindexed.map { _ in 0 }
    for (row, node) in zip(unindexed, added) {
      nodes.keys[node] = keys[row]
      nodes.digests[node] = digests[row]
    }
    nodes.certificate = nil
    return GraphIndex(graph, nodes, exact: exact, keys: keys, digests: digests)
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
    let found = try graph.nearest(
      to: unit, count: graph.options.storage.candidates(for: wanted, expansion: expansion),
      expansion: expansion, rows: rows, allowed: allowed
    ).map { Int(rows[$0]) }
    let others = unindexed.filter { allowed?.contains($0) ?? true }
    let candidates = found + others
    // The walk ended before it had met enough that pass.
    guard candidates.count >= wanted else {
      return (try scanned(query, count, allowed, minimumScore), .exact)
    }
    return (exact.rescored(candidates, prepared, count, minimumScore), .graph)
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
    let rows = ParallelRows(
      rowCount: matrix.rowCount, dimension: matrix.dimension, block: 1_024, threads: nil)
    return rows.run {
      [(first: Int, digests: [UInt64])]()
    } _: { parts, range in
      let digests = matrix.withValues { values in
        let bytes = UnsafeRawBufferPointer(values)
        return range.map {
          Digest.checksum(UnsafeRawBufferPointer(rebasing: bytes[($0 * size)..<(($0 + 1) * size)]))
        }
      }
      parts.append((range.lowerBound, digests))
    }.flatMap { $0 }.sorted { $0.first < $1.first }.flatMap { $0.digests }
  }

  /// Of the rows at unit length.
  private static func largestValue(of exact: ExactIndex) -> Float {
    exact.matrix.withValues { values in
      guard let scales = exact.graphScales else {
        return values.reduce(Float(0)) { max($0, abs($1)) }
      }
      return scales.indices.reduce(Float(0)) { most, row in
        let own = values[(row * exact.dimension)..<((row + 1) * exact.dimension)]
        return max(most, scales[row] * own.reduce(Float(0)) { max($0, abs($1)) })
      }
    }
  }
}

extension ExactIndex {
  /// 1 / length of each row; `nil` where all have unit length.
  fileprivate var graphScales: [Float]? {
    guard let lengths else { return nil }
    let scales = lengths.inverses.enumerated().map { row, inverse in
      Float(inverse.isNaN ? 1 / Vector.length(matrix.row(row)) : inverse)
    }
    return scales.allSatisfy { abs($0 - 1) < 1e-6 } ? nil : scales
  }
}
