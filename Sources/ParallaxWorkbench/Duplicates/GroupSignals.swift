internal import ParallaxCore
internal import ParallaxEvaluation
private import ParallaxReporting
internal import ParallaxSearch
internal import ParallaxStorage

/// What is known of contents besides their vectors, as far as it was asked for; each by content.
struct GroupSignals: Sendable {
  /// `nil` where hashes do not count.
  var rule: HashRule?
  var hashes: [PictureHashes?]?
  /// Digests of decoded pixels; `nil` where pixels are not compared.
  var pixels: [ContentHash?]?
  /// The cosine that is usual around it; `nil` where it was not asked for.
  var usual: [Double?]?

  func hashDistance(_ left: Int, _ right: Int) -> Int? {
    guard let rule, let hashes, let one = hashes[left], let other = hashes[right] else {
      return nil
    }
    return rule.distance(one, other)
  }

  func normalized(_ score: Double, _ left: Int, _ right: Int) -> Double? {
    usual.flatMap { ScoreNormalization.normalized(score, $0[left], $0[right]) }
  }

  func haveSamePixels(_ left: Int, _ right: Int) -> Bool {
    guard let pixels, let one = pixels[left] else { return false }
    return one == pixels[right]
  }

  /// Contents that decode to the same pixels, two and more in each set, ascending; the sets by their first.
  var twins: [[Int]] {
    var sets: [ContentHash: [Int]] = [:]
    for (content, digest) in (pixels ?? []).enumerated() {
      if let digest { sets[digest, default: []].append(content) }
    }
    return sets.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
  }
}

extension Workbench {
  /// The fingerprints of all contents; pictures that have none are said.
  ///
  /// - Throws: as ``fingerprints(of:only:_:)``.
  func fingerprints(
    of contents: GroupContents, in collection: ItemCollection, _ handler: @escaping EventHandler
  ) async throws -> [Fingerprint?] {
    let found = try await fingerprints(of: collection, handler)
    if let first = found.failures.first {
      let count = found.failures.count
      handler(
        .warning(
          "\(Wording.count(count, "picture")) \(count == 1 ? "has" : "have") no perceptual hash and "
            + "\(count == 1 ? "joins" : "join") none but copies of the same bytes: "
            + "'\(first.item.id)': \(first.error.message)"))
    }
    return contents.members.indices.map { found.byContent[contents.item(of: $0).hash] }
  }

  /// The digests of the pixels of contents that links are of; pictures that cannot be decoded are said, and so is where none
  /// can be.
  ///
  /// - Throws: as ``fingerprints(of:only:_:)``, but not `missing-component`.
  func pixels(
    of links: [SimilarPair], _ contents: GroupContents, in collection: ItemCollection,
    _ handler: @escaping EventHandler
  ) async throws -> [ContentHash?] {
    let linked = Set(links.flatMap { [$0.left, $0.right] })
    var pixels: [ContentHash?] = Array(repeating: nil, count: contents.members.count)
    guard !linked.isEmpty else { return pixels }
    let found: CollectionFingerprints
    do {
      found = try await fingerprints(
        of: collection, only: Set(linked.map { contents.item(of: $0).hash }), handler)
    } catch let error as ParallaxError where error.code == .missingComponent {
      // Near-duplicates are told by vectors, for which nothing is decoded.
      handler(
        .warning(
          "pictures with the same pixels are not told from other near-duplicates: "
            + error.message))
      return pixels
    }
    if let first = found.failures.first {
      handler(
        .warning(
          "of \(Wording.count(found.failures.count, "picture")) it is not known whether another has the same "
            + "pixels: '\(first.item.id)': \(first.error.message)"))
    }
    for content in linked {
      pixels[content] = found.byContent[contents.item(of: content).hash]?.pixels
    }
    return pixels
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
