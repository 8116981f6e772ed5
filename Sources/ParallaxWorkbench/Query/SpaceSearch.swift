internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxSearch
internal import ParallaxStorage

/// How a query's vector is compared with a space, and how the answer describes it.
struct SpaceSearch {
  /// From here on codes with proof pay for their memory, and their making: of one question, and of many.
  static let provenBytes = (alone: 256 << 20, ofMany: 8 << 20)
  /// Queries that recall is measured on.
  private static let sample = 32

  let spaces: LoadedSpaces
  let entry: SearchableSpace
  let query: Query

  typealias Search = QueryRanking.Search

  struct Found {
    var hits: [SearchHit]
    /// Such as `exact` or `hnsw, recall@10 0.991`.
    var method: String
  }

  /// - Throws: `invalid-value`, `index`, `cancelled`.
  func nearest(_ search: Search, allowed: RowSet?) async throws -> Found {
    if let (index, method) = lengthwise {
      let hits = try index.nearest(
        to: search.vector, count: search.count, allowed: allowed,
        minimumScore: search.minimumScore)
      return Found(hits: hits, method: method)
    }
    if case .codes(let codes, let oversample) = query.method {
      return try await quantized(search, allowed, codes, oversample)
    }
    if let graph = usableGraph(isFiltered: allowed != nil) {
      let found = try graph.nearest(
        to: search.vector, count: search.count, allowed: allowed,
        minimumScore: search.minimumScore,
        expansion: query.expansion ?? graph.certificate?.expansion ?? GraphIndex.usualExpansion)
      return Found(hits: found.hits, method: Self.method(found.path, graph))
    }
    let least = query.isOneOfMany ? Self.provenBytes.ofMany : Self.provenBytes.alone
    guard entry.loaded.matrix.byteCount >= least else {
      let hits = try entry.index.nearest(
        to: search.vector, count: search.count, allowed: allowed,
        minimumScore: search.minimumScore)
      return Found(hits: hits, method: "exact")
    }
    let codes = try await spaces.provenCodes(of: entry)
    let found = try entry.index.proven(
      to: search.vector, count: search.count, allowed: allowed,
      minimumScore: search.minimumScore, codes: codes)
    return Found(hits: found.hits, method: Self.method(found, of: entry.index.rowCount))
  }

  private static func method(_ found: ExactIndex.Proven, of rowCount: Int) -> String {
    func share(_ rows: Int) -> String {
      "\(Wording.thousandths(Double(rows) / Double(max(1, rowCount)) * 100)) %"
    }
    if found.isPlainScan { return "exact" }
    let whole = "\(share(found.rescored)) of rows compared in full"
    guard let axes = found.axes else { return "exact, proven on int8 codes: \(whole)" }
    let how = "exact, proven on codes of \(axes) axes"
    guard found.coded > 0 else { return "\(how): \(whole)" }
    return "\(how): \(share(found.coded)) of rows compared by int8 codes, "
      + "\(share(found.rescored)) in full"
  }

  /// What compares every row, where that is how the answer is found: then many queries take one pass.
  func plain(isFiltered: Bool) -> (index: ExactIndex, method: String)? {
    if let lengthwise { return lengthwise }
    if case .codes = query.method { return nil }
    return usableGraph(isFiltered: isFiltered) == nil ? (entry.index, "exact") : nil
  }

  /// Bytes of what is searched beside the vectors, as far as it is in memory.
  func indexBytes(isFiltered: Bool) -> Int {
    if query.similarity != .cosine || !query.dimensions.isEmpty { return 0 }
    if case .codes(let codes, _) = query.method {
      return spaces.byteCount(of: codes, for: entry.loaded.space)
    }
    return usableGraph(isFiltered: isFiltered)?.graph.byteCount ?? 0
  }

  private func usableGraph(isFiltered: Bool) -> GraphIndex? {
    guard let graph = entry.graph, usesIndex, poorRecall(of: graph, isFiltered) == nil else {
      return nil
    }
    return graph
  }

  /// Whether the query leaves the choice to the index.
  private var usesIndex: Bool {
    query.similarity == .cosine && query.method == .best && query.dimensions.isEmpty
  }

  /// The recall measured for what is asked, where it is below the floor.
  private func poorRecall(of graph: GraphIndex, _ isFiltered: Bool) -> Double? {
    guard let recall = graph.certificate?.recall(isFiltered: isFiltered),
      recall < query.recallFloor
    else { return nil }
    return recall
  }

  /// The warning about an index that is not used because its recall is too low.
  func floorWarning(isFiltered: Bool) -> String? {
    guard let graph = entry.graph, usesIndex, let recall = poorRecall(of: graph, isFiltered) else {
      return nil
    }
    return
      "the index of '\(entry.loaded.space.reference)' found \(Wording.thousandths(recall)) of the exact "
      + "hits when it was measured, below \(Wording.number(query.recallFloor)) (index.floor): "
      + "every row was compared instead; 'index --rebuild' with a larger --m or "
      + "--ef-construction finds more"
  }

  /// By a measure that codes and graphs, which keep directions, know nothing of.
  private var lengthwise: (index: ExactIndex, method: String)? {
    if query.similarity == .cosine { return nil }
    return (
      ExactIndex(matrix: entry.loaded.matrix, similarity: query.similarity),
      query.similarity == .dot
        ? "exact, scores are dot products" : "exact, scores are negated distances"
    )
  }

  private static func method(_ path: GraphIndex.Path, _ graph: GraphIndex) -> String {
    guard path == .graph else { return "exact, where the index would not help" }
    guard let certificate = graph.certificate, let entry = certificate.entries.first else {
      return "hnsw, recall not measured"
    }
    return "hnsw, recall@\(certificate.count) \(Wording.thousandths(entry.recall)) on "
      + "\(certificate.queries) samples (at least \(Wording.thousandths(entry.lowerBound)), 95 %)"
  }

  private func quantized(
    _ search: Search, _ allowed: RowSet?, _ codes: Query.Codes, _ oversample: Double
  ) async throws -> Found {
    let short: Quantization =
      switch codes {
      case .int8: .int8(await spaces.int8Codes(of: entry))
      case .binary: .binary(await spaces.bits(of: entry))
      }
    let hits = try entry.index.quantized(
      to: search.vector, count: search.count, allowed: allowed,
      minimumScore: search.minimumScore, by: short, oversample: oversample)
    let recall = try await spaces.recall(
      of: entry, named: "\(codes.rawValue) \(oversample) \(search.count)"
    ) {
      try entry.index.recall(
        of: short, oversample: oversample, count: search.count, queries: Self.sample, seed: 1)
    }
    return Found(
      hits: hits,
      method:
        "\(codes.rawValue) codes, recall@\(search.count) \(Wording.thousandths(recall)) on samples of the "
        + "space")
  }
}
