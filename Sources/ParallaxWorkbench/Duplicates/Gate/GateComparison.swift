internal import ParallaxCore
internal import ParallaxSearch
internal import ParallaxStorage

/// Finds the nearest of what is there, and of what comes in before, for each picture that comes in.
struct GateComparison: Sendable {
  /// Pictures that are compared in one pass over the space.
  private static let batch = 64

  private let incoming: [IncomingPicture?]
  private let entry: SearchableSpace
  private let wanted: Int
  private let items: [ItemID: ItemRecord]
  /// Items by their bytes; ids ascending.
  private let copies: [ContentHash: [ItemID]]
  /// What somebody has said of pictures, and what follows from it.
  private let labels: PairLabels
  /// Of each picture that comes in, how many rows and other pictures are known to show something else.
  private let others: [Int]
  /// Places of the pictures that have a vector, by rows of `matrix`.
  private let places: [Int]
  private let matrix: VectorMatrix
  /// With the hashes of what comes in, by place.
  private let sign: (rows: SecondSign, incoming: [PerceptualHash?])?

  /// - Parameter vectors: by place; `nil` where there is none.
  init(
    _ incoming: [IncomingPicture?], _ vectors: [[Float]?], _ entry: SearchableSpace,
    _ request: GateRequest, _ sign: (rows: SecondSign, incoming: [PerceptualHash?])?,
    in workspace: Workspace
  ) throws {
    self.sign = sign
    self.incoming = incoming
    self.entry = entry
    wanted = request.matches
    let collection = entry.loaded.space.collection
    let labels = PairLabels(try workspace.verdicts())
    let own = Dictionary(grouping: incoming.compactMap { $0?.hash }, by: \.self)
    let records = try workspace.items(in: collection).sorted { $0.id < $1.id }
    let byContent = Dictionary(grouping: records, by: \.hash)
    others = incoming.map { picture in
      picture.map { labels.distinct(from: $0.hash) }?.reduce(0) {
        $0 + (byContent[$1]?.count ?? 0) + (own[$1]?.count ?? 0)
      } ?? 0
    }
    copies = byContent.mapValues { $0.map(\.id) }
    items = Dictionary(records.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    self.labels = labels
    let places = incoming.indices.filter { vectors[$0] != nil }
    let dimension = entry.loaded.space.spec.dimension
    self.places = places
    matrix = VectorMatrix(rowCount: places.count, dimension: dimension) { values in
      for (row, place) in places.enumerated() {
        for (index, value) in (vectors[place] ?? []).enumerated() {
          values[row * dimension + index] = value
        }
      }
    }
  }

  /// The nearest of each, by place: copies first, then by score.
  ///
  /// - Throws: `CancellationError`.
  func matches(_ progress: ProgressHandler) async throws -> [[GateOutcome.Match]] {
    var found = try await nearest(progress)
    var firsts: [ContentHash: Int] = [:]
    for (place, picture) in incoming.enumerated() {
      guard let picture else { continue }
      found[place] = withCopies(found[place], of: picture, before: firsts)
      if firsts[picture.hash] == nil { firsts[picture.hash] = place }
    }
    return found
  }

  private func nearest(_ progress: ProgressHandler) async throws -> [[GateOutcome.Match]] {
    var found = [[GateOutcome.Match]](repeating: [], count: incoming.count)
    let index = ExactIndex(matrix: matrix, similarity: .cosine)
    var before = RowSet(capacity: places.count)
    for start in stride(from: 0, to: places.count, by: Self.batch) {
      let rows = start..<min(start + Self.batch, places.count)
      let queries = rows.map { matrix.row($0) }
      // Those that count for nothing must not take the places of others.
      let wanted = wanted + (rows.map { others[places[$0]] }.max() ?? 0)
      for row in rows { before.insert(row) }
      let earlierRows = before
      let (there, here) = try await ScanStop.whenCancelled { stop in
        (
          entry.loaded.ids.isEmpty
            ? queries.map { _ in [] }
            : try entry.index.nearest(to: queries, count: wanted, until: stop),
          // As many more as are not before the first of them.
          try index.nearest(
            to: queries, count: wanted + rows.count, allowed: earlierRows, until: stop)
        )
      }
      for (place, row) in rows.enumerated() {
        var items = there[place]
        var earlier = here[place].filter { $0.row < row }.prefix(wanted)
        let own = places[row]
        if let sign, let hash = sign.incoming[own] {
          try Task.checkCancellation()
          // What both signs say must not stand back behind what only one says.
          if !entry.loaded.ids.isEmpty {
            items += try entry.index.nearest(
              to: queries[place], count: wanted, allowed: sign.rows.rows(near: hash),
              minimumScore: nil)
          }
          earlier += try index.nearest(
            to: queries[place], count: wanted, allowed: rowsBefore(row, near: hash),
            minimumScore: nil)
        }
        found[own] =
          Self.once(items).compactMap { match(item: $0, of: own) }
          + Self.once(earlier).compactMap { match(incoming: $0, of: own) }
      }
      progress(
        Progress("comparing", completed: rows.upperBound, total: places.count, unit: "pictures"))
    }
    return found
  }

  /// What is to be said of verdicts about what comes in that contradict one another; `nil` where none do.
  var contradiction: String? {
    let names = Dictionary(
      incoming.compactMap { $0.map { ($0.hash, $0.name) } }, uniquingKeysWith: { first, _ in first }
    )
    return Contradictions.sentence(
      of: labels.contradictions.filter { $0.contains { names[$0] != nil } }
    ) { names[$0] ?? copies[$0]?.first?.rawValue }
  }

  /// Each row once, the nearest first.
  private static func once(_ hits: some Sequence<SearchHit>) -> [SearchHit] {
    var rows: Set<Int> = []
    return hits.filter { rows.insert($0.row).inserted }
      .sorted { ($1.score, $0.row) < ($0.score, $1.row) }
  }

  /// Pictures that come in before another, and whose hashes are near.
  private func rowsBefore(_ row: Int, near hash: PerceptualHash) -> RowSet {
    RowSet(
      capacity: places.count,
      rows: (0..<row).filter { other in
        guard let sign, let known = sign.incoming[places[other]] else { return false }
        return known.distance(to: hash) <= sign.rows.bits
      })
  }

  private func match(item hit: SearchHit, of place: Int) -> GateOutcome.Match? {
    var match = match(item: entry.loaded.ids[hit.row], score: hit.score)
    match?.hashDistance = sign.flatMap { $0.rows.distance($0.incoming[place], row: hit.row) }
    return match
  }

  private func match(incoming hit: SearchHit, of place: Int) -> GateOutcome.Match? {
    let other = places[hit.row]
    var match = match(incoming: other, score: hit.score)
    match?.hashDistance = sign.flatMap { sign in
      sign.incoming[place].flatMap { own in sign.incoming[other].map { own.distance(to: $0) } }
    }
    return match
  }

  private func match(item id: ItemID, score: Float?) -> GateOutcome.Match? {
    items[id].map {
      GateOutcome.Match(
        name: id.rawValue, isIncoming: false, score: score?.shown, isCopy: false,
        path: $0.path, hash: $0.hash)
    }
  }

  private func match(incoming place: Int, score: Float?) -> GateOutcome.Match? {
    incoming[place].map {
      GateOutcome.Match(
        name: $0.name, isIncoming: true, score: score?.shown, isCopy: false,
        path: $0.path, hash: $0.hash)
    }
  }

  /// What a match is.
  private struct Key: Hashable {
    private let name: String
    private let isIncoming: Bool

    init(_ match: GateOutcome.Match) { (name, isIncoming) = (match.name, match.isIncoming) }
  }

  /// The matches in their order, with those whose files have the same bytes.
  ///
  /// - Parameter earlier: of what comes in before, the place of the first picture with each content.
  private func withCopies(
    _ matches: [GateOutcome.Match], of picture: IncomingPicture, before earlier: [ContentHash: Int]
  ) -> [GateOutcome.Match] {
    var matches = matches
    var known = Set(matches.map(Key.init))
    func add(_ others: some Sequence<GateOutcome.Match>) {
      // More are not shown: a picture may have any number of copies.
      var left = wanted
      for other in others {
        guard left > 0 else { return }
        guard known.insert(Key(other)).inserted else { continue }
        matches.append(other)
        left -= 1
      }
    }
    for contents in [[picture.hash], labels.duplicates(of: picture.hash)] {
      add(contents.lazy.flatMap { copies[$0] ?? [] }.compactMap { match(item: $0, score: nil) })
      add(contents.lazy.compactMap { earlier[$0] }.compactMap { match(incoming: $0, score: nil) })
    }
    for place in matches.indices {
      matches[place].isCopy = matches[place].hash == picture.hash
      matches[place].verdict = labels.answer(picture.hash, matches[place].hash)
    }
    let order = matches.indices.sorted { one, other in
      let (left, right) = (matches[one], matches[other])
      let places = (left.place(sign?.rows.bits), right.place(sign?.rows.bits))
      if places.0 != places.1 { return places.0 < places.1 }
      let scores = (left.score ?? -2, right.score ?? -2)
      if scores.0 != scores.1 { return scores.0 > scores.1 }
      return one < other
    }
    return order.prefix(wanted).map { matches[$0] }
  }
}

extension GateOutcome.Match {
  /// Whether the score of a match counts.
  ///
  /// - Parameter bits: in which perceptual hashes may differ; `nil` where only vectors count.
  func counts(_ bits: Int?) -> Bool {
    guard verdict == nil else { return false }
    guard let bits else { return true }
    return hashDistance.map { $0 <= bits } ?? false
  }

  /// Copies first, then what counts, and last what somebody has found to be another picture.
  fileprivate func place(_ bits: Int?) -> Int {
    if isCopy { return 0 }
    if verdict == .duplicate { return 1 }
    return counts(bits) ? 2 : verdict == nil ? 3 : 4
  }
}
