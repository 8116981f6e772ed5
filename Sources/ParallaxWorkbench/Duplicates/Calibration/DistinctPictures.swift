internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxSearch
internal import ParallaxStatistics
internal import ParallaxStorage

/// The pictures of a space that are taken for distinct: each content once, those without a direction left out.
struct DistinctPictures: Sendable {
  /// Whose nearest other one is looked for, at most.
  private static let most = 20_000
  /// Pairs that are drawn at random, at most.
  private static let mostPairs = 100_000
  /// Pictures that are compared in one pass over the space.
  private static let batch = 64

  let entry: SearchableSpace
  /// The items of the rows.
  private let items: [ItemRecord]
  let labels: PairLabels
  /// The first row of each content.
  let rows: [Int]
  private let rowsOfContent: [ContentHash: [Int]]
  /// `nil` where only vectors count.
  private let sign: SecondSign?
  /// The score of a pair that the other sign tells apart: no threshold reaches it.
  private static let apart = -2.0

  /// - Throws: what reading the workspace throws.
  init(
    _ entry: SearchableSpace, _ sign: SecondSign?, _ labels: PairLabels, in workspace: Workspace
  ) throws {
    self.entry = entry
    self.sign = sign
    self.labels = labels
    let loaded = entry.loaded
    let records = Dictionary(
      try workspace.items(in: loaded.space.collection).map { ($0.rowID, $0) },
      uniquingKeysWith: { $1 })
    let items = loaded.items.compactMap { records[$0] }
    guard items.count == loaded.items.count else {
      throw ParallaxError(
        .storage, "the items of '\(loaded.space.reference)' changed while it was read",
        hint: "run the command again")
    }
    self.items = items
    rowsOfContent = Dictionary(grouping: items.indices) { items[$0].hash }
    let dimension = loaded.matrix.dimension
    rows = rowsOfContent.values.map { $0[0] }.sorted().filter { row in
      loaded.matrix.withValues { values in
        values[row * dimension..<(row + 1) * dimension].contains { $0 != 0 }
      }
    }
  }

  func item(_ row: Int) -> ItemRecord { items[row] }

  /// The id of the first item that has a content; `nil` where none has.
  func name(_ content: ContentHash) -> String? {
    rowsOfContent[content]?.first.map { items[$0].id.rawValue }
  }

  /// Whether two rows are known to show the same.
  private func areDuplicates(_ one: Int, _ other: Int) -> Bool {
    let (left, right) = (items[one].hash, items[other].hash)
    return left == right || labels.answer(left, right) == .duplicate
  }

  /// The nearest other one of each picture, or of a sample of them.
  ///
  /// - Throws: `CancellationError`.
  func falseAlarms(seed: UInt64, _ progress: ProgressHandler) async throws -> FalseAlarms {
    let asked = RandomSample.places(Self.most, of: rows.count, seed: seed).map { rows[$0] }
    var nearest: [FalseAlarms.Nearest] = []
    for start in stride(from: 0, to: asked.count, by: Self.batch) {
      let batch = asked[start..<min(start + Self.batch, asked.count)]
      if sign != nil {
        nearest += try batch.map { try nearestByBoth(to: $0) }
        progress(
          Progress(
            "comparing", completed: start + batch.count, total: asked.count, unit: "pictures"))
        continue
      }
      let known = batch.map { row in
        let hash = items[row].hash
        return ([hash] + labels.duplicates(of: hash))
          .reduce(0) { $0 + (rowsOfContent[$1]?.count ?? 0) }
      }
      let hits = try await ScanStop.whenCancelled { stop in
        try entry.index.nearest(
          to: batch.map { entry.loaded.matrix.row($0) }, count: 1 + (known.max() ?? 0),
          until: stop)
      }
      for (row, hits) in zip(batch, hits) {
        guard let hit = hits.first(where: { !areDuplicates(row, $0.row) }) else { continue }
        nearest.append(.init(item: row, other: hit.row, score: hit.score.shown))
      }
      progress(
        Progress(
          "comparing", completed: start + batch.count, total: asked.count, unit: "pictures"))
    }
    return FalseAlarms(nearest, of: rows.count)
  }

  /// The nearest other picture among those with a near hash.
  private func nearestByBoth(to row: Int) throws -> FalseAlarms.Nearest {
    try Task.checkCancellation()
    guard let sign, let hash = sign.hash(ofRow: row) else {
      return .init(item: row, other: row, score: Self.apart)
    }
    var rows = sign.rows(near: hash)
    let known = [items[row].hash] + labels.duplicates(of: items[row].hash)
    for same in known.flatMap({ rowsOfContent[$0] ?? [] }) { rows.remove(same) }
    let hit = try entry.index.nearest(
      to: entry.loaded.matrix.row(row), count: 1, allowed: rows, minimumScore: nil
    ).first
    return hit.map { .init(item: row, other: $0.row, score: $0.score.shown) }
      ?? .init(item: row, other: row, score: Self.apart)
  }

  /// The scores of distinct pictures drawn at random, two and two. None is in two pairs, so that pairs are independent.
  ///
  /// - Throws: `CancellationError`.
  func randomScores(seed: UInt64) throws -> [Double] {
    var random = SeededGenerator(seed: seed)
    let order = rows.shuffled(using: &random).prefix(2 * Self.mostPairs)
    return try stride(from: 0, to: order.count - 1, by: 2).compactMap { place in
      if place % 1_024 == 0 { try Task.checkCancellation() }
      let (left, right) = (order[place], order[place + 1])
      return areDuplicates(left, right) ? nil : score(left, right)
    }
  }

  private func score(_ one: Int, _ other: Int) -> Double? {
    score(of: entry.loaded.matrix.row(one), sign?.hash(ofRow: one), with: other)
  }

  /// - Parameter hash: that of the picture that the vector is of, where hashes count.
  func score(of vector: [Float], _ hash: PerceptualHash?, with row: Int) -> Double? {
    if let sign {
      guard let distance = sign.distance(hash, row: row), distance <= sign.bits else {
        return Self.apart
      }
    }
    return Vector.cosine(vector, entry.loaded.matrix.row(row)).map { Float($0).shown }
  }

  var countsHashes: Bool { sign != nil }

  /// The scores of pairs that somebody has judged, as far as both have a vector. Those that hang together by their pictures
  /// are one cluster.
  func scores(of pairs: [ContentPair]) -> JudgedScores {
    let known = pairs.compactMap { pair -> (pair: ItemPair, score: Double)? in
      guard let left = rowsOfContent[pair.one]?.first, let right = rowsOfContent[pair.other]?.first
      else { return nil }
      return score(left, right).map { (ItemPair(left, right), $0) }
    }
    // Pictures that pairs connect, whatever was said of the pairs.
    let sets = PairVerdicts(duplicate: Set(known.map(\.pair))).joined
    let owners = Dictionary(
      uniqueKeysWithValues: sets.enumerated().flatMap { number, set in set.map { ($0, number) } })
    return JudgedScores(
      scores: known.map(\.score), clusters: Clusters(known.map { owners[$0.pair.left] }))
  }

  /// Pictures of which copies are made.
  func sample(_ count: Int, seed: UInt64) -> [Int] {
    RandomSample.places(count, of: rows.count, seed: seed &+ 1).map { rows[$0] }
  }
}

/// Scores of pairs that somebody has judged.
struct JudgedScores: Sendable {
  var scores: [Double]
  /// Of pairs that share a picture, also by others.
  var clusters: Clusters
}
