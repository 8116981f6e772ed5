internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxSearch
internal import ParallaxStorage

/// Asks each case's nearest others what it is, and compares with what is known of it.
struct LeaveOneOut: Sendable {
  /// Cases that take one pass over the vectors.
  private static let batch = 64
  /// Neighbours that are looked at where most are near-copies, at most: what lies behind them does not vote.
  private static let deepest = 4_096

  let cases: KnownCases
  let request: SuggestRequest

  /// What the nearest others of a case are.
  private struct Neighbours {
    var row: Int
    var nearest: [SearchHit]
    /// Those of them that are no near-copies, with as many more.
    var apart: [SearchHit]
    var hasNearCopy: Bool
  }

  /// - Throws: `CancellationError`.
  func fields(_ progress: ProgressHandler) async throws -> [SuggestionTrial.Field] {
    let rows = cases.rows
    let judged = rows.filter { row in cases.fields.contains { $0.isKnown(row) } }
    var tallies = cases.fields.map { Tally($0, request) }
    for start in stride(from: 0, to: judged.count, by: Self.batch) {
      try Task.checkCancellation()
      let batch = Array(judged[start..<min(start + Self.batch, judged.count)])
      for neighbours in try await neighbours(of: batch) {
        for index in tallies.indices {
          tallies[index].add(
            neighbours.row, neighbours.nearest, apart: neighbours.apart, neighbours.hasNearCopy)
        }
      }
      progress(
        Progress(
          "asking each case", completed: start + batch.count, total: judged.count, unit: "cases"))
    }
    return tallies.map { tally in
      tally.field(missing: rows.count { !tally.field.isKnown($0) })
    }
  }

  private func neighbours(of batch: [Int]) async throws -> [Neighbours] {
    var found: [Neighbours] = []
    var deeper: [Int] = []
    let most = batch.map { cases.copies(of: $0) }.max() ?? 0
    for (row, hits) in zip(batch, try await nearest(to: batch, request.count + most)) {
      let nearest = Array(hits.prefix(request.count))
      let hasNearCopy = (nearest.first?.score ?? -1) >= SuggestRequest.nearCopy
      if hasNearCopy { deeper.append(found.count) }
      found.append(
        Neighbours(row: row, nearest: nearest, apart: nearest, hasNearCopy: hasNearCopy))
    }
    var depth = 2 * (request.count + most)
    while !deeper.isEmpty {
      let lists = try await nearest(to: deeper.map { found[$0].row }, depth)
      let isDeepest = depth >= min(Self.deepest, cases.entry.index.rowCount)
      deeper = zip(deeper, lists).compactMap { place, hits in
        found[place].apart = Array(
          hits.drop { $0.score >= SuggestRequest.nearCopy }.prefix(request.count))
        return found[place].apart.count < request.count && !isDeepest ? place : nil
      }
      depth *= 4
    }
    return found
  }

  /// The nearest cases of each of some rows, best first, without the row and its copies.
  private func nearest(to rows: [Int], _ depth: Int) async throws -> [[SearchHit]] {
    let vectors = rows.map { cases.entry.loaded.matrix.row($0) }
    let lists = try await ScanStop.whenCancelled { stop in
      try cases.entry.index.nearest(
        to: vectors, count: depth, allowed: cases.allowed, until: stop)
    }
    return zip(rows, lists).map { row, hits in hits.filter { !cases.areCopies($0.row, row) } }
  }
}

/// How right the others were in one field.
private struct Tally {
  let field: KnownCases.Field
  private var all: Trials
  /// Without near-copies.
  private var apart: Trials
  private var nearCopies = 0

  init(_ field: KnownCases.Field, _ request: SuggestRequest) {
    self.field = field
    all = Trials(of: field, request)
    apart = all
  }

  mutating func add(
    _ row: Int, _ nearest: [SearchHit], apart others: [SearchHit], _ hasNearCopy: Bool
  ) {
    guard field.isKnown(row) else { return }
    if hasNearCopy { nearCopies += 1 }
    all.add(nearest, on: row, of: field)
    apart.add(others, on: row, of: field)
  }

  func field(missing: Int) -> SuggestionTrial.Field {
    SuggestionTrial.Field(
      name: field.name, kind: field.kind, missing: missing, outcome: all.outcome(of: field),
      nearCopies: nearCopies, apart: nearCopies > 0 ? apart.outcome(of: field) : nil)
  }
}

/// The trial of a field, which is one of the two.
private struct Trials {
  private var categories: CategoryTrial
  private var numbers = NumberTrial()

  init(of field: KnownCases.Field, _ request: SuggestRequest) {
    var count = 0
    if case .categories(_, let names) = field.values { count = names.count }
    categories = CategoryTrial(
      categories: count, leastAgreement: request.minimumAgreement)
  }

  mutating func add(_ hits: [SearchHit], on row: Int, of field: KnownCases.Field) {
    switch field.values {
    case .categories(let known, _):
      guard let category = known[row], let vote = field.categories(hits) else { return }
      categories.add(vote, on: category)
    case .numbers(let known):
      if let number = known[row] { numbers.add(field.numbers(hits), on: number) }
    }
  }

  func outcome(of field: KnownCases.Field) -> SuggestionTrial.Outcome {
    switch field.values {
    case .categories(_, let names): .categories(categories, names: names)
    case .numbers: .numbers(numbers)
    }
  }
}

extension KnownCases.Field {
  /// What cases say of a field of categories.
  func categories(_ hits: [SearchHit]) -> CategoryVote? {
    guard case .categories(let known, _) = values else { return nil }
    return CategoryVote(hits.map { known[$0.row] }, scores: hits.map(\.score))
  }

  /// What cases say of a field of numbers; `nil` where they say nothing.
  func numbers(_ hits: [SearchHit]) -> NumberVote? {
    guard case .numbers(let known) = values else { return nil }
    return NumberVote(hits.map { known[$0.row] }, areDates: isOfDates)
  }
}
