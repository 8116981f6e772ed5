internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxSearch
internal import ParallaxStatistics
package import ParallaxStorage

extension Workbench {
  /// How well the cosines of a space tell duplicates from other pairs.
  ///
  /// Contents are compared, not items: files with the same bytes are one. Where only duplicates are labelled, every
  /// other pair of the collection is distinct, and duplicates of duplicates are duplicates; otherwise only labelled pairs
  /// count.
  ///
  /// - Throws: `invalid-value` for labels that contradict one another; as ``pairs(of:minimumScore:_:)``.
  @concurrent package func evaluation(
    of space: Space, by labels: LabelledPairs, _ request: PairEvaluationRequest,
    _ handler: @escaping EventHandler
  ) async throws -> PairEvaluation {
    let loaded = try await spaces.loading(space, progress: { handler(.progress($0)) }).loaded
    let contents = LabelledContents(
      try workspace.items(in: space.collection), labels, ids: loaded.ids)
    let numbered = try NumberedLabels(labels, contents.numbers, name: contents.name)
    say(numbered, handler)
    let cosines = RowCosines(loaded.matrix)
    func cosine(_ pair: ItemPair) -> Double? {
      guard let left = contents.rows[pair.left], let right = contents.rows[pair.right] else {
        return nil
      }
      return cosines.cosine(left, right).map(Double.init)
    }
    var scores: [ItemPair: Double] = [:]
    for pair in numbered.duplicates.union(numbered.distinct) { scores[pair] = cosine(pair) }
    let lowest = numbered.duplicates.compactMap { scores[$0] }.min() ?? 1
    let floor = request.floor?.asKept ?? (labels.isClosed ? lowest : -1)
    if labels.isClosed {
      let kept = try keptPairs(of: space, handler)
      let (found, _) = try await ScanStop.whenCancelled { stop in
        try PairSearch(loaded, floor: Float(floor), until: stop) { done, total in
          handler(.progress(Progress("comparing", completed: done, total: total, unit: "pairs")))
        }.run(from: kept)
      }
      for pair in found.pairs {
        guard let left = contents.numberOfRow[Int(pair.left)],
          let right = contents.numberOfRow[Int(pair.right)]
        else { continue }
        scores[ItemPair(left, right)] = Double(pair.score)
      }
    }
    return try evaluation(
      space.reference, numbered, scores.filter { $0.value >= floor }, labels, request)
  }

  /// How well groups agree with labels.
  ///
  /// Where only duplicates are labelled, groups are held against the true groups that follow from them; otherwise only
  /// labelled pairs count, and B-cubed, which needs a label for every pair, is not given.
  ///
  /// - Throws: `invalid-value` for labels that contradict one another; `CancellationError`.
  @concurrent package func evaluation(
    of found: ItemGroups, named name: String, by labels: LabelledPairs,
    _ request: PairEvaluationRequest, _ handler: @escaping EventHandler
  ) async throws -> PairEvaluation {
    let contents = LabelledContents(
      try workspace.items(in: found.collection), labels, ids: [])
    let numbered = try NumberedLabels(labels, contents.numbers, name: contents.name)
    say(numbered, handler)
    var own = Array(0..<contents.count)
    for (number, group) in found.groups.enumerated() {
      for member in group.members {
        if let content = contents.numbers[member.item.hash] {
          own[content] = contents.count + number
        }
      }
    }
    let bootstrap = request.bootstrap
    // Bits are no cosine.
    let threshold = found.request.basis.isCosine ? found.request.basis.threshold : nil
    typealias Value = (GroupAgreement) -> Double?
    var measures: [PairEvaluation.Measure] = []
    func isTogether(_ pair: ItemPair) -> Bool { own[pair.left] == own[pair.right] }
    if labels.isClosed {
      let overlap = GroupOverlap(groups: own, truth: numbered.groups)
      let agreement = overlap.agreement()
      let values: [(String, Value)] = [
        ("pairwise precision", { $0.pairwise.precision }),
        ("pairwise recall", { $0.pairwise.recall }),
        ("pairwise f1", { $0.pairwise.f1 }), ("b-cubed precision", { $0.bCubed.precision }),
        ("b-cubed recall", { $0.bCubed.recall }), ("b-cubed f1", { $0.bCubed.f1 }),
      ]
      measures = try values.map { name, value in
        PairEvaluation.Measure(
          name, value(agreement),
          try bootstrap.interval(units: overlap.trueGroupCount) { value(overlap.agreement($0)) },
          threshold: threshold)
      }
      measures += [
        .init("over-merged groups", Double(agreement.overMerged), threshold: threshold),
        .init("split groups", Double(agreement.split), threshold: threshold),
      ]
    } else {
      let ranking = PairRanking(
        numbered.pairs { isTogether($0) ? 1 : 0 },
        missing: Array(repeating: 0, count: numbered.groupCount))
      let values: [(String, (PrecisionRecall) -> Double?)] = [
        ("pairwise precision", { $0.precision }), ("pairwise recall", { $0.recall }),
        ("pairwise f1", { $0.f1 }),
      ]
      measures = try values.map { name, value in
        PairEvaluation.Measure(
          name, value(ranking.precisionRecall(at: 1)),
          try bootstrap.interval(units: ranking.groupCount) {
            value(ranking.precisionRecall(at: 1, $0))
          }, threshold: threshold)
      }
      handler(
        .note(
          "only labelled pairs count, so B-cubed is not reported: it needs a label for every pair, which a file of "
            + "duplicates alone gives"))
    }
    return PairEvaluation(
      system: name, measures: measures, curve: [], isOfGroups: true,
      duplicates: numbered.duplicates.count,
      missing: numbered.duplicates.count { !isTogether($0) },
      distinct: labels.isClosed ? nil : numbered.distinct.count, trueGroups: numbered.groupCount)
  }

  private func evaluation(
    _ name: String, _ numbered: NumberedLabels, _ scores: [ItemPair: Double],
    _ labels: LabelledPairs, _ request: PairEvaluationRequest
  ) throws -> PairEvaluation {
    var missing = Array(repeating: 0, count: numbered.groupCount)
    for pair in numbered.duplicates where scores[pair] == nil {
      missing[numbered.groups[pair.left]] += 1
    }
    let ranking = PairRanking(
      scores.map { pair, score in
        PairRanking.Pair(
          score: score, left: numbered.groups[pair.left], right: numbered.groups[pair.right],
          isDuplicate: numbered.duplicates.contains(pair))
      }, missing: missing)
    let bootstrap = request.bootstrap
    let precision = PairEvaluationRequest.precision
    let (recall, best) = (ranking.recall(atPrecision: precision), ranking.best())
    func interval(_ statistic: ([Int]) -> Double?) throws -> Interval? {
      try bootstrap.interval(units: ranking.groupCount, of: statistic)
    }
    return PairEvaluation(
      system: name,
      measures: [
        .init("micro-ap", ranking.microAP, try interval { ranking.microAP($0) }),
        .init(
          "recall@P90", recall?.recall,
          try interval { ranking.recall(atPrecision: precision, $0)?.recall },
          threshold: recall?.threshold),
        .init(
          "best f1", best?.f1, try interval { ranking.best($0)?.f1 }, threshold: best?.threshold),
      ],
      curve: ranking.curve, duplicates: numbered.duplicates.count,
      missing: missing.reduce(0, +), distinct: labels.isClosed ? nil : numbered.distinct.count,
      trueGroups: numbered.groupCount)
  }

  private func say(_ numbered: NumberedLabels, _ handler: EventHandler) {
    guard numbered.implied > 0 else { return }
    handler(
      .note(
        "\(Wording.count(numbered.implied, "duplicate follows", "duplicates follow")) from others: what equals the same is equal"
      ))
  }
}

extension NumberedLabels {
  /// The labelled pairs with scores.
  fileprivate func pairs(_ score: (ItemPair) -> Double) -> [PairRanking.Pair] {
    [(duplicates, true), (distinct, false)].flatMap { pairs, isDuplicate in
      pairs.map { pair in
        PairRanking.Pair(
          score: score(pair), left: groups[pair.left], right: groups[pair.right],
          isDuplicate: isDuplicate)
      }
    }
  }
}

/// The contents that labels are held against: of the whole collection, or those that are labelled.
private struct LabelledContents {
  private(set) var numbers: [ContentHash: Int] = [:]
  /// Of each content, the row of the first of its items that has a vector.
  private(set) var rows: [Int?] = []
  private(set) var numberOfRow: [Int: Int] = [:]
  private var names: [ItemID] = []

  /// - Parameter ids: of the rows, ascending.
  init(_ items: [ItemRecord], _ labels: LabelledPairs, ids: [ItemID]) {
    let labelled =
      labels.isClosed
      ? nil : Set(labels.duplicates.union(labels.distinct).flatMap { [$0.one, $0.other] })
    let rowOf = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0) })
    for item in items.sorted(by: { $0.id < $1.id }) {
      if let labelled, !labelled.contains(item.hash) { continue }
      let number = numbers[item.hash] ?? names.count
      if number == names.count {
        numbers[item.hash] = number
        names.append(item.id)
        rows.append(nil)
      }
      guard rows[number] == nil, let row = rowOf[item.id] else { continue }
      rows[number] = row
      numberOfRow[row] = number
    }
  }

  var count: Int { names.count }

  func name(_ content: Int) -> String { names[content].rawValue }
}
