internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxSearch
internal import ParallaxStorage

/// How a query's vector is compared with a space, and what is said about it.
@MainActor
struct SpaceSearch {
  /// From here on int8 codes with proof pay for their memory.
  private static let provenBytes = 256 << 20
  /// Queries that recall is measured on.
  private static let sample = 32

  let session: Session
  let entry: SpaceShelf.Entry
  let count: Int
  let allowed: RowSet?
  let minimumScore: Float?
  let arguments: Arguments

  struct Answer {
    var hits: [SearchHit]
    /// Such as `exact` or `hnsw, recall@10 0.991`.
    var method: String
  }

  /// - Throws: `invalid-value`, `index`.
  func nearest(to vector: [Float]) async throws -> Answer {
    if let codes = arguments.string("codes") { return try await quantized(vector, codes) }
    if !arguments.flag("exact"), let graph = entry.graph {
      let found = try graph.nearest(
        to: vector, count: count, allowed: allowed, minimumScore: minimumScore,
        expansion: arguments.integer("ef") ?? GraphIndex.usualExpansion)
      return Answer(hits: found.hits, method: Self.method(found.path, graph))
    }
    guard entry.loaded.matrix.byteCount >= Self.provenBytes else {
      let hits = try entry.index.nearest(
        to: vector, count: count, allowed: allowed, minimumScore: minimumScore)
      return Answer(hits: hits, method: "exact")
    }
    let found = try entry.index.proven(
      to: vector, count: count, allowed: allowed, minimumScore: minimumScore,
      codes: await session.spaces.coded(entry))
    let share = Double(found.rescored) / Double(max(1, entry.index.rowCount)) * 100
    let how =
      found.isPlainScan
      ? "exact" : "exact, proven on int8 codes: \(Self.rounded(share)) % of rows compared in full"
    return Answer(hits: found.hits, method: how)
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
      ? .int8(await session.spaces.coded(entry)) : .binary(await session.spaces.bits(entry))
    let hits = try entry.index.quantized(
      to: vector, count: count, allowed: allowed, minimumScore: minimumScore, by: short,
      oversample: oversample)
    let recall = try await session.spaces.recall(
      entry, named: "\(codes) \(oversample) \(count)"
    ) { try self.recall(of: short, oversample) }
    return Answer(
      hits: hits,
      method: "\(codes) codes, recall@\(count) \(Self.rounded(recall)) on samples of the space")
  }

  /// The share of exact answers found, for some of the space's own rows.
  private func recall(of short: Quantization, _ oversample: Double) throws -> Double {
    var random = SeededGenerator(seed: 1)
    let rows = entry.index.rowCount
    guard rows > 0 else { return 1 }
    let drawn = (0..<min(Self.sample, rows)).map { _ in
      entry.loaded.matrix.row(Int.random(in: 0..<rows, using: &random))
    }
    var (wanted, found) = (0, 0)
    for (query, exact) in zip(drawn, try entry.index.nearest(to: drawn, count: count)) {
      let hits = try entry.index.quantized(
        to: query, count: count, by: short, oversample: oversample)
      wanted += exact.count
      found += Set(exact.map(\.row)).intersection(hits.map(\.row)).count
    }
    return wanted == 0 ? 1 : Double(found) / Double(wanted)
  }

  static func rounded(_ value: Double) -> String {
    String(describing: (value * 1_000).rounded() / 1_000)
  }
}
