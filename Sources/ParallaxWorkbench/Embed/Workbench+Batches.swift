package import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
package import ParallaxStorage

extension Workbench {
  /// Fetches what jobs have done, stores it, and hands in what the space still lacks, to be done within
  /// a day for less.
  ///
  /// What a job under way asks for is not handed in again.
  ///
  /// - Throws: as ``embed(_:of:budget:_:)``; `unsupported` naming `batch` for a provider without jobs;
  ///   `offline`.
  @concurrent package func handIn(
    _ request: EmbedRequest, of collection: ItemCollection, budget: Int?,
    _ handler: @escaping EventHandler
  ) async throws -> BatchOutcome {
    let (existing, embedder) = try await prepared(request, collection, budget, isForEstimate: false)
    guard let paid = embedder as? PaidEmbedder, let service = try paid.batches() else {
      throw ParallaxError(
        .unsupported, "model '\(embedder.spec.model)' is not asked in jobs",
        hint: "the Gemini API takes jobs; leave --batch out to embed now", parameter: "batch")
    }
    let fetched = try await fetchJobs(budget: budget, handler)
    let space =
      try existing
      ?? workspace.createSpace(named: request.name, in: collection, spec: embedder.spec)
    defer { spaces.unload(space) }
    var plan = try await EmbeddingJob.plan(
      collection: collection, space: space, embedder: embedder, in: workspace,
      wanted: request.items, shard: request.shard)
    let pending = plan.pending
    let content = embedder.spec.content
    let inputs = pending.map { $0.items[0].input(for: content) }
    let keys = paid.replyKeys(of: inputs)
    let known = try knownPlaces(pending, keys, paid)
    let busy = try workspace.keysUnderWay(among: keys.compactMap(\.self))
    var (missing, waiting) = ([Int](), 0)
    for (place, key) in keys.enumerated() where !known.contains(place) {
      if key.map(busy.contains) ?? false {
        waiting += pending[place].items.count
      } else {
        missing.append(place)
      }
    }
    let total = missing.count
    let meter = JobMeter(
      workspace, paid.requests, embedder.spec,
      try missing.map { place in
        guard let key = keys[place] else {
          throw ParallaxError(.internalError, "an item without a content was to be embedded")
        }
        return JobMeter.Input(
          item: BatchItem(key: key, kind: inputs[place].holdsImage ? .image : .text),
          micros: paid.price.map { $0.micros(of: inputs[place]) * service.priceShare })
      }
    ) {
      handler(
        .progress(Progress("handing in", completed: $0, total: total, unit: "items")))
    }
    let failures = try await service.submit(
      missing.map { inputs[$0] }, side: .document, meter: meter)

    // What is known is stored as if it had been asked for now: it costs nothing.
    plan.pending = known.sorted().map { pending[$0] }
    let job = EmbeddingJob(workspace: workspace, space: space, embedder: embedder) {
      handler(.progress($0))
    }
    let done = try await job.run(plan)
    for (position, error) in failures {
      for item in pending[missing[position]].items {
        try workspace.recordFailure(of: item.rowID, hash: item.hash, error: error, in: space)
      }
    }
    let findings = models.drainFindings()
    for note in findings.notes + embedder.notes { handler(.note(note)) }
    for warning in fetched.warnings + findings.warnings + embedder.warnings {
      handler(.warning(warning))
    }
    return BatchOutcome(
      stored: EmbedOutcome(
        space: space, embedded: done.embedded, reused: done.reused, before: plan.embeddedCount,
        empty: plan.emptyCount, elsewhere: plan.elsewhereCount,
        failed: done.failed + failures.count,
        failures: try workspace.failures(in: space)),
      fetched: fetched, submittedJobs: meter.jobs.count,
      submittedItems: meter.jobs.reduce(0) { $0 + $1.items }, underWay: waiting)
  }

  /// The places of contents whose vectors a kept reply or another space has.
  private func knownPlaces(
    _ pending: [EmbeddingJob.Pending], _ keys: [ContentHash?], _ paid: PaidEmbedder
  ) throws -> Set<Int> {
    let lookup = 4_096
    var known: Set<Int> = []
    for start in stride(from: 0, to: pending.count, by: lookup) {
      try Task.checkCancellation()
      let places = start..<min(start + lookup, pending.count)
      let replies = try paid.requests.replies.vectors(for: places.compactMap { keys[$0] })
      let vectors = try workspace.reusableVectors(
        for: places.map { pending[$0].hash }, spec: paid.spec,
        fromTask: paid.sharesImages(with:))
      known.formUnion(
        places.filter { place in
          keys[place].flatMap { replies[$0] } != nil || vectors[pending[place].hash] != nil
        })
    }
    return known
  }

  /// Refuses to ask now for what a job under way asks for: it would be paid for twice.
  ///
  /// - Throws: `under-way`.
  func checkNothingIsUnderWay(_ plan: EmbeddingJob.Plan, _ embedder: any Embedder) throws {
    guard let paid = embedder as? PaidEmbedder, paid.inner.batches != nil else { return }
    let keys = paid.replyKeys(
      of: plan.pending.map { $0.items[0].input(for: embedder.spec.content) })
    let busy = try workspace.keysUnderWay(among: keys.compactMap(\.self))
    if busy.isEmpty { return }
    throw ParallaxError(
      .underWay,
      "jobs under way ask for \(Wording.count(busy.count, embedder.spec.content.noun)) already, and asking "
        + "now would pay twice",
      hint:
        "the same command with --batch fetches what is done; 'jobs' lists them, 'jobs --cancel NAME' "
        + "ends one")
  }
}

extension ParallaxError.Code {
  /// What is asked for is being done.
  package static let underWay = Self("under-way")
}
