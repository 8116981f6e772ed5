package import ParallaxConditions
package import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxSearch
internal import ParallaxStatistics
package import ParallaxStorage

extension Workbench {
  /// Items of a space as questions, each asking by itself.
  ///
  /// - Parameters:
  ///   - spaces: of one collection; items with a vector in all of them ask.
  ///   - condition: that an item fulfils to ask; `nil` for all.
  ///   - count: at most so many; more are drawn at random.
  /// - Throws: `unsupported` where the spaces have no such item in common; `unknown-field`,
  ///   `type-mismatch`, pointing into the condition; `storage`.
  @concurrent package func itemQuestions(
    of spaces: [Space], where condition: WhereExpression? = nil, atMost count: Int, seed: UInt64,
    _ handler: @escaping EventHandler
  ) async throws -> QuestionSet {
    var common: [ItemID] = []
    for (place, space) in spaces.enumerated() {
      let loaded = try await self.spaces.loading(space, progress: { handler(.progress($0)) }).loaded
      common =
        place == 0
        ? loaded.ids.indices.filter { Vector.length(loaded.matrix.row($0)) > 0 }
          .map { loaded.ids[$0] }
        : common.filter { id in
          loaded.row(of: id).map { Vector.length(loaded.matrix.row($0)) > 0 } ?? false
        }
    }
    guard let collection = spaces.first?.collection, !common.isEmpty else {
      let names = spaces.map { "'\($0.reference)'" }.joined(separator: " and ")
      throw ParallaxError(
        .unsupported,
        spaces.count == 1
          ? "\(names) has no item with a vector"
          : "\(names) have no item in common that has a vector")
    }
    if let condition {
      common = try condition.attributed {
        let passing = Set(try workspace.rows(in: collection, matching: condition))
        let records = try workspace.items(named: common, in: collection)
        return common.filter { id in records[id].map { passing.contains($0.rowID) } ?? false }
      }
      guard !common.isEmpty else {
        throw ParallaxError(
          .unsupported, "no item with a vector fulfils the condition, so there is nothing to ask",
          parameter: .init(name: condition.form.rawValue))
      }
    }
    let chosen = RandomSample.places(count, of: common.count, seed: seed).map { common[$0] }
    let records = try workspace.items(named: chosen, in: collection)
    let present = chosen.compactMap { records[$0] }
    let metadata = try workspace.metadata(of: present.map(\.rowID), in: collection)
    return QuestionSet(
      zip(present, metadata).map { item, fields in
        Question(
          id: item.id.rawValue,
          terms: [
            Query.Term(.item(item.id), label: "like \(item.id)", parameter: .queries)
          ], fields: fields)
      },
      columns: try workspace.fieldKinds(in: collection).map { .init($0.name, $0.kind) })
  }

  /// Compares two systems by what they answer, and their spaces.
  ///
  /// The same request gives the same numbers on every machine.
  ///
  /// - Throws: `invalid-value` where no question is answered by both; as
  ///   ``evaluate(_:_:)`` with judgements; `CancellationError`.
  @concurrent package func difference(
    _ request: DifferenceRequest, _ handler: @escaping EventHandler
  ) async throws -> SystemDifference {
    var difference = try Differ(request).difference()
    if let spaces = request.spaces {
      let first = try await self.spaces.loading(
        spaces.first, progress: { handler(.progress($0)) })
      let second = try await self.spaces.loading(
        spaces.second, progress: { handler(.progress($0)) })
      difference.spaces = try await ScanStop.whenCancelled { stop in
        try SpaceComparer(
          workspace: workspace, first: first, second: second, request: request, stop: stop,
          handler: handler
        ).comparison()
      }
    }
    if let judging = request.judging {
      var evaluation = EvaluationRequest(
        [request.first, request.second], judging.judgements, measures: judging.measures,
        seed: request.seed)
      evaluation.relevanceLevel = judging.relevanceLevel
      evaluation.dropsEmpty = judging.dropsEmpty
      evaluation.keepsOwn = request.keepsOwn
      evaluation.by = request.by
      evaluation.clusterBy = judging.clusterBy
      evaluation.comparison = .init()
      evaluation.comparison?.margin = judging.margin
      difference.evaluation = try await evaluate(evaluation, handler)
    }
    return difference
  }

  /// The share of its nearest neighbours that an item keeps from the first space to the second, for items
  /// that have a vector in both; none where no spaces were compared.
  ///
  /// - Throws: `storage`, where a space is gone; `CancellationError`.
  @concurrent package func neighboursKept(
    of items: [ItemID], in difference: SystemDifference, _ handler: @escaping EventHandler
  ) async throws -> [ItemID: Double] {
    guard let spaces = difference.compared else { return [:] }
    let entries = [
      try await self.spaces.loading(spaces.first, progress: { handler(.progress($0)) }),
      try await self.spaces.loading(spaces.second, progress: { handler(.progress($0)) }),
    ]
    let common = items.filter { id in entries.allSatisfy { $0.loaded.row(of: id) != nil } }
    let lists = try entries.map { entry in
      try entry.index.neighbours(
        of: common.compactMap { entry.loaded.row(of: $0) }, count: difference.top
      ).map { list in list.map { entry.loaded.ids[$0.row] } }
    }
    return Dictionary(
      uniqueKeysWithValues: common.enumerated().map { place, id in
        (id, ListOverlap(lists[0][place], lists[1][place], depth: difference.top)?.overlap ?? 1)
      })
  }
}
