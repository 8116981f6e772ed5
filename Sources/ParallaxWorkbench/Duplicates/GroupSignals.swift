internal import ParallaxCore
internal import ParallaxEvaluation
private import ParallaxReporting
internal import ParallaxSearch
internal import ParallaxStorage

/// What is known of contents besides their vectors, as far as it was asked for.
struct GroupSignals: Sendable {
  /// By content; `nil` where hashes do not count.
  var hashes: [PerceptualHash?]?
  /// By content, the cosine that is usual around it; `nil` where it was not asked for.
  var usual: [Double?]?

  func hashDistance(_ left: Int, _ right: Int) -> Int? {
    guard let hashes, let one = hashes[left], let other = hashes[right] else { return nil }
    return one.distance(to: other)
  }

  func normalized(_ score: Double, _ left: Int, _ right: Int) -> Double? {
    usual.flatMap { ScoreNormalization.normalized(score, $0[left], $0[right]) }
  }
}

extension Workbench {
  /// The perceptual hashes of contents; pictures that have none are said.
  ///
  /// - Throws: `unsupported` for a space of texts, about the parameter `also-hash`; as ``fingerprints(of:_:)``.
  func hashes(
    of contents: GroupContents, in space: Space, _ handler: @escaping EventHandler
  ) async throws -> [PerceptualHash?] {
    guard space.spec.content != .text else {
      throw ParallaxError(
        .unsupported,
        "'\(space.reference)' holds vectors of texts, and a perceptual hash is of a picture",
        hint: "choose a space of images", parameter: "also-hash")
    }
    let found = try await fingerprints(of: space.collection, handler)
    if let first = found.failures.first {
      let count = found.failures.count
      handler(
        .warning(
          "\(Wording.count(count, "picture")) \(count == 1 ? "has" : "have") no perceptual hash and "
            + "\(count == 1 ? "joins" : "join") none but copies of the same bytes: "
            + "'\(first.item.id)': \(first.error.message)"))
    }
    return contents.members.indices.map { found.byContent[contents.item(of: $0).hash]?.hash }
  }

  /// Of the contents that links are of, the cosine that is usual around each.
  ///
  /// - Throws: `incompatible` for a background of another identity, about the parameter `background`;
  ///   `CancellationError`.
  func usualScores(
    of links: [SimilarPair], _ contents: GroupContents, in loaded: LoadedSpace,
    _ normalization: ScoreNormalization, below threshold: Double, _ handler: @escaping EventHandler
  ) async throws -> [Double?] {
    let background =
      if let other = normalization.background {
        try await spaces.loading(other, progress: { handler(.progress($0)) }).loaded
      } else {
        loaded
      }
    let asked = Set(links.flatMap { [$0.left, $0.right] }).sorted()
      .compactMap { content in contents.rows[content].map { (content: content, row: $0) } }
    let usual = try await ScanStop.whenCancelled { stop in
      try BackgroundScores(
        index: ExactIndex(matrix: background.matrix, similarity: .cosine),
        ranks: normalization.ranks, threshold: threshold, stop: stop
      ) { done in
        handler(
          .progress(
            Progress("normalising", completed: done, total: asked.count, unit: "images")))
      }.means(of: asked.count) { loaded.matrix.row(asked[$0].row) }
    }
    var result: [Double?] = Array(repeating: nil, count: contents.members.count)
    for ((content, _), mean) in zip(asked, usual) { result[content] = mean }
    let missing = usual.count { $0 == nil }
    if missing > 0 {
      handler(
        .note(
          "\(Wording.count(missing, "image")) \(missing == 1 ? "has" : "have") no neighbour at ranks "
            + "\(normalization.ranks.lowerBound) to \(normalization.ranks.upperBound) below the threshold, so no "
            + "normalised score"))
    }
    return result
  }
}

/// The mean cosines of vectors to their nearest neighbours below a threshold.
struct BackgroundScores {
  let index: ExactIndex
  /// From 1 on, of the neighbours below the threshold.
  let ranks: ClosedRange<Int>
  let threshold: Double
  let stop: ScanStop
  /// Is told how many are done.
  let step: (Int) -> Void

  private static let batch = 64
  /// Hits in memory at once, at most, unless one vector has more.
  private static let mostHits = 1 << 20

  /// One for each of so many vectors; `nil` where fewer neighbours are below the threshold than the first rank.
  func means(of total: Int, _ vector: (Int) -> [Float]) throws -> [Double?] {
    var means: [Double?] = Array(repeating: nil, count: total)
    guard index.rowCount > 0 else { return means }
    var pending = Array(means.indices)
    var count = min(index.rowCount, ranks.upperBound + 8)
    // Those with many near-duplicates are asked again, for more.
    while !pending.isEmpty {
      var rest: [Int] = []
      let size = max(1, min(Self.batch, Self.mostHits / count))
      for start in stride(from: 0, to: pending.count, by: size) {
        let batch = Array(pending[start..<min(start + size, pending.count)])
        let hits = try index.nearest(to: batch.map(vector), count: count, until: stop)
        for (place, hits) in zip(batch, hits) {
          let below = hits.lazy.map { Double($0.score) }.filter { $0 < threshold }
          guard below.count >= ranks.upperBound || count == index.rowCount else {
            rest.append(place)
            continue
          }
          let chosen = below.prefix(ranks.upperBound).dropFirst(ranks.lowerBound - 1)
          means[place] = chosen.isEmpty ? nil : chosen.reduce(0, +) / Double(chosen.count)
        }
        step(total - rest.count - (pending.count - min(start + size, pending.count)))
      }
      pending = rest
      count = min(index.rowCount, count * 4)
    }
    return means
  }
}
