internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxSearch
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

/// How a query's vector is compared with a space, and what is said about it.
@MainActor
struct SpaceSearch {
  /// From here on int8 codes with proof pay for their memory.
  private static let provenBytes = 256 << 20
  /// Queries that recall is measured on.
  nonisolated private static let sample = 32

  let session: Session
  let entry: SearchableSpace
  let count: Int
  let allowed: RowSet?
  let minimumScore: Float?
  let arguments: Arguments

  struct Answer {
    var hits: [SearchHit]
    /// Such as `exact` or `hnsw, recall@10 0.991`.
    var method: String
  }

  static func similarity(_ arguments: Arguments) -> Similarity {
    arguments.string("similarity").flatMap(Similarity.init(rawValue:)) ?? .cosine
  }

  /// - Throws: `invalid-value`, `index`, `cancelled`.
  func nearest(to vector: [Float]) async throws -> Answer {
    let similarity = Self.similarity(arguments)
    guard similarity == .cosine else { return try await lengthwise(vector, similarity) }
    if let codes = arguments.string("codes") { return try await quantized(vector, codes) }
    if let graph = entry.graph, Self.usesIndex(arguments), poorRecall(of: graph) == nil {
      let expansion =
        arguments.integer("ef") ?? graph.certificate?.expansion ?? GraphIndex.usualExpansion
      let found = try await offMainActor {
        try graph.nearest(
          to: vector, count: count, allowed: allowed, minimumScore: minimumScore,
          expansion: expansion)
      }
      return Answer(hits: found.hits, method: Self.method(found.path, graph))
    }
    guard entry.loaded.matrix.byteCount >= Self.provenBytes else {
      let hits = try await offMainActor {
        try entry.index.nearest(
          to: vector, count: count, allowed: allowed, minimumScore: minimumScore)
      }
      return Answer(hits: hits, method: "exact")
    }
    let codes = await session.bench.spaces.int8Codes(of: entry)
    let found = try await offMainActor {
      try entry.index.proven(
        to: vector, count: count, allowed: allowed, minimumScore: minimumScore, codes: codes)
    }
    let share = Double(found.rescored) / Double(max(1, entry.index.rowCount)) * 100
    let how =
      found.isPlainScan
      ? "exact" : "exact, proven on int8 codes: \(Self.rounded(share)) % of rows compared in full"
    return Answer(hits: found.hits, method: how)
  }

  /// Whether the options leave the choice to the index.
  private static func usesIndex(_ arguments: Arguments) -> Bool {
    similarity(arguments) == .cosine
      && !["exact", "codes", "dims"].contains { arguments.flag($0) || arguments.given($0) }
  }

  /// The recall measured for what is asked, where it is below the setting.
  private func poorRecall(of graph: GraphIndex) -> Double? {
    guard let recall = graph.certificate?.recall(isFiltered: allowed != nil),
      recall < session.settings.number("index.floor")
    else { return nil }
    return recall
  }

  /// What is to be said of an index that is passed over because it finds too little.
  var floorWarning: String? {
    guard let graph = entry.graph, Self.usesIndex(arguments), let recall = poorRecall(of: graph)
    else { return nil }
    return
      "the index of '\(entry.loaded.space.reference)' found \(Self.rounded(recall)) of the exact "
      + "hits when it was measured, below \(session.settings["index.floor"]) (index.floor): "
      + "every row was compared instead; 'index --rebuild' with a larger --m or "
      + "--ef-construction finds more"
  }

  /// By a measure that codes and graphs, which keep directions, know nothing of.
  private func lengthwise(_ vector: [Float], _ similarity: Similarity) async throws -> Answer {
    let hits = try await offMainActor {
      try ExactIndex(matrix: entry.loaded.matrix, similarity: similarity)
        .nearest(to: vector, count: count, allowed: allowed, minimumScore: minimumScore)
    }
    return Answer(
      hits: hits,
      method: similarity == .dot
        ? "exact, scores are dot products" : "exact, scores are negated distances")
  }

  private static func method(_ path: GraphIndex.Path, _ graph: GraphIndex) -> String {
    guard path == .graph else { return "exact, where the index would not help" }
    guard let certificate = graph.certificate, let entry = certificate.entries.first else {
      return "hnsw, recall not measured"
    }
    return "hnsw, recall@\(certificate.count) \(rounded(entry.recall)) on "
      + "\(certificate.queries) samples (at least \(rounded(entry.lowerBound)), 95 %)"
  }

  private func quantized(_ vector: [Float], _ codes: String) async throws -> Answer {
    let oversample = arguments.number("oversample") ?? (codes == "int8" ? 4 : 20)
    let short: Quantization =
      codes == "int8"
      ? .int8(await session.bench.spaces.int8Codes(of: entry))
      : .binary(await session.bench.spaces.bits(of: entry))
    let hits = try await offMainActor {
      try entry.index.quantized(
        to: vector, count: count, allowed: allowed, minimumScore: minimumScore, by: short,
        oversample: oversample)
    }
    let recall = try await session.bench.spaces.recall(
      of: entry, named: "\(codes) \(oversample) \(count)"
    ) {
      try entry.index.recall(
        of: short, oversample: oversample, count: count, queries: Self.sample, seed: 1)
    }
    return Answer(
      hits: hits,
      method: "\(codes) codes, recall@\(count) \(Self.rounded(recall)) on samples of the space")
  }

  static func rounded(_ value: Double) -> String {
    String(describing: (value * 1_000).rounded() / 1_000)
  }
}
