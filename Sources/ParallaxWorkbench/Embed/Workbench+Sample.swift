internal import ParallaxCore
package import ParallaxStorage
private import ParallaxSystem

/// Some of the items that are embedded again, to see what embedding all of them would change.
package struct ReembedSample: Sendable, Hashable {
  /// At most so many.
  package var count: Int
  /// Decides which.
  package var seed: UInt64

  package init(count: Int, seed: UInt64) {
    self.count = count
    self.seed = seed
  }
}

/// What a sample tells of embedding a whole collection again.
package struct ReembedEstimate: Sendable {
  /// What became of the sample in the new space.
  package var outcome: EmbedOutcome
  /// `nil` where too few items have a vector in both spaces.
  package var change: NeighbourChange?
  /// What the rest takes.
  package var rest: Forecast
  /// Milliseconds that the rest takes at the speed of the sample; `nil` where all of that was known.
  package var time: Double?
}

extension Workbench {
  /// The items of a sample: drawn from those that have a vector in the old space. A larger sample holds
  /// each smaller one of the same seed.
  package func items(
    of sample: ReembedSample, from old: Space
  ) throws -> Set<ItemRecord.RowID> {
    let embedded = try workspace.embeddedHashes(in: old)
    var items = try workspace.items(in: old.collection).map(\.rowID).filter { embedded[$0] != nil }
    var random = SeededGenerator(seed: sample.seed)
    let count = min(sample.count, items.count)
    for place in 0..<count {
      items.swapAt(place, Int.random(in: place..<items.count, using: &random))
    }
    return Set(items.prefix(count))
  }

  /// Embeds a sample into the new space, where it stays, and compares it with the old one.
  ///
  /// - Throws: as ``embed(_:of:budget:_:)``.
  @concurrent package func estimate(
    _ reembedding: Reembedding, by sample: ReembedSample, budget: Int?,
    _ handler: @escaping EventHandler
  ) async throws -> ReembedEstimate {
    let old = reembedding.old
    var part = reembedding.request
    let items = try items(of: sample, from: old)
    part.items = items
    let started = ContinuousClock.now
    let outcome = try await embed(part, of: old.collection, budget: budget, handler)
    let spent = Clock.milliseconds(since: started)
    let spaces = [
      try await self.spaces.loading(old, progress: { handler(.progress($0)) }).loaded,
      try await self.spaces.loading(outcome.space, progress: { handler(.progress($0)) }).loaded,
    ]
    let common = spaces[0].items.filter { items.contains($0) && spaces[1].row(of: $0) != nil }
    let matrices = spaces.map { $0.matrix(of: common) }
    let change = try await NeighbourChange(
      from: matrices[0], to: matrices[1], seed: sample.seed
    ) { handler(.progress($0)) }
    var whole = reembedding.request
    whole.resumes = false
    let rest = try await forecast(whole, of: old.collection, budget: budget)
    return ReembedEstimate(
      outcome: outcome, change: change, rest: rest,
      time: outcome.embedded == 0
        ? nil : spent / Double(outcome.embedded) * Double(rest.toEmbed))
  }
}

extension LoadedSpace {
  /// The vectors of some items that have one here, in their order.
  fileprivate func matrix(of items: [ItemRecord.RowID]) -> VectorMatrix {
    let rows = items.compactMap { row(of: $0) }
    return VectorMatrix(rowCount: rows.count, dimension: matrix.dimension) { values in
      for (place, row) in rows.enumerated() {
        let start = place * matrix.dimension
        _ = values[start..<(start + matrix.dimension)].update(fromContentsOf: matrix.row(row))
      }
    }
  }
}
