internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxSearch
internal import ParallaxStatistics
package import ParallaxStorage

extension Workbench {
  /// The fewest vectors that say anything.
  private static let fewest = 3
  /// Items that near copies are sought of, where not all are compared with one another.
  private static let probes = 1_000

  /// Measures how a space is built.
  ///
  /// - Parameter budget: millionths of a US dollar that may be spent in this workspace; `nil` for no
  ///   limit.
  /// - Throws: `unsupported` for a space with fewer than three vectors that have a direction; what the
  ///   model says where texts are embedded; `cancelled`.
  @concurrent package func health(
    of space: Space, _ request: HealthRequest, budget: Int?, _ handler: @escaping EventHandler
  ) async throws -> SpaceHealth {
    let entry = try await spaces.loading(space, progress: { handler(.progress($0)) })
    let matrix = entry.loaded.matrix
    let lengths = try (0..<matrix.rowCount).map { row in
      if row % 4_096 == 0 { try Task.checkCancellation() }
      return Vector.length(matrix.row(row))
    }
    let usable = lengths.indices.filter { lengths[$0] > 0 }
    guard usable.count >= Self.fewest, let least = lengths.min(), let most = lengths.max() else {
      throw ParallaxError(
        .unsupported,
        "'\(space.reference)' has \(Wording.count(usable.count, "vector")) with a direction; its "
          + "health needs at least \(Self.fewest)")
    }
    let places = RandomSample.places(request.sample, of: usable.count, seed: request.seed)
    let rows = places.map { usable[$0] }
    let sampled = SampledRows(entry, rows)
    let (lists, shape, copies) = try await ScanStop.whenCancelled { stop in
      let lists = try sampled.neighbours(HealthRequest.neighbours, until: stop, handler)
      return (
        lists, try VectorShape(of: sampled.matrix, rows: Array(rows.indices), until: stop),
        try self.copies(in: entry, usable, lists, request, until: stop, handler)
      )
    }
    let hubness = Hubness(lists.map { $0.map(\.row) })
    return SpaceHealth(
      space: space, items: matrix.rowCount, sample: rows.count,
      zeros: lengths.count - usable.count, lengths: least...most,
      equal: EqualRows.count(in: matrix),
      copies: copies, hubness: hubness,
      hubs: try hubs(hubness, request.hubs, rows, entry.loaded), shape: shape,
      gap: try await gap(in: entry, rows, request, budget: budget, handler))
  }

  private func copies(
    in entry: SearchableSpace, _ usable: [Int], _ lists: [[SearchHit]], _ request: HealthRequest,
    until stop: ScanStop, _ handler: @escaping EventHandler
  ) throws -> SpaceHealth.Copies {
    var nearest = lists
    if lists.count < usable.count {
      let probes = RandomSample.places(
        min(Self.probes, request.sample), of: usable.count, seed: request.seed &+ 1
      ).map { usable[$0] }
      nearest = try entry.index.neighbours(of: probes, count: 1, until: stop) { done in
        handler(
          .progress(
            Progress("looking for copies", completed: done, total: probes.count, unit: "images")))
      }
    }
    return SpaceHealth.Copies(
      probed: nearest.count,
      found: nearest.count { $0.first.map { $0.score >= SpaceHealth.Copies.least } ?? false })
  }

  private func hubs(
    _ hubness: Hubness, _ count: Int, _ rows: [Int], _ loaded: LoadedSpace
  ) throws -> [SpaceHealth.Hub] {
    let places = hubness.top(count)
    let ids = places.map { loaded.ids[rows[$0]] }
    let records = try workspace.items(named: ids, in: loaded.space.collection)
    return zip(places, ids).map { place, id in
      SpaceHealth.Hub(id: id, path: records[id]?.path ?? "", count: hubness.counts[place])
    }
  }

  private func gap(
    in entry: SearchableSpace, _ rows: [Int], _ request: HealthRequest, budget: Int?,
    _ handler: @escaping EventHandler
  ) async throws -> Result<ModalityGap, SpaceHealth.GapMissing> {
    func missing(
      _ reason: SpaceHealth.MissingGap
    ) -> Result<ModalityGap, SpaceHealth.GapMissing> { .failure(.init(reason: reason)) }
    let space = entry.loaded.space
    guard space.spec.content == .image else { return missing(.holdsTexts) }
    if request.texts == 0 { return missing(.notWanted) }
    if space.spec.provider == ImportedProvider.id { return missing(.imported) }
    let isRemote = try ProviderRegistry.provider(withID: space.spec.provider).isRemote
    if request.texts == nil, isRemote { return missing(.costs) }
    let records = try workspace.items(
      named: rows.map { entry.loaded.ids[$0] }, in: space.collection)
    let withText = rows.filter { records[entry.loaded.ids[$0]]?.text.map { !$0.isBlank } ?? false }
    if withText.isEmpty { return missing(.noTexts) }
    let embedder = try await models.embedder(for: space, budget: budget)
    guard embedder.capabilities.embedsText else { return missing(.noTextModel) }
    let chosen = RandomSample.places(
      request.texts ?? HealthRequest.usualTexts, of: withText.count, seed: request.seed &+ 2
    ).map { withText[$0] }
    var (images, texts): ([[Float]], [[Float]]) = ([], [])
    let size = embedder.capabilities.preferredBatch
    for start in stride(from: 0, to: chosen.count, by: size) {
      try Task.checkCancellation()
      handler(
        .progress(
          Progress("embedding", completed: start, total: chosen.count, unit: "texts")))
      let part = chosen[start..<min(start + size, chosen.count)]
      let outcomes = try await embedder.embed(
        part.map { .text(records[entry.loaded.ids[$0]]?.text ?? "") }, side: .query)
      for (row, outcome) in zip(part, outcomes) {
        texts.append(try outcome.get())
        images.append(entry.loaded.matrix.row(row))
      }
    }
    let findings = models.drainFindings()
    for note in findings.notes { handler(.note(note)) }
    for warning in findings.warnings { handler(.warning(warning)) }
    return ModalityGap(images: images, texts: texts).map { .success($0) } ?? missing(.noTexts)
  }
}
