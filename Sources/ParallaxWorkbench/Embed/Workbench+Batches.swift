package import ParallaxCore
private import ParallaxImaging
internal import ParallaxProviders
internal import ParallaxReporting
package import ParallaxStorage

extension Workbench {
  /// Fetches what jobs have done, stores it, and submits what the space still lacks, to be done within
  /// a day for less.
  ///
  /// What a job under way asks for is not submitted again.
  ///
  /// - Throws: as ``embed(_:of:budget:_:)``; `unsupported` naming `batch` for a provider without jobs;
  ///   `offline`.
  @concurrent package func submitJobs(
    _ request: EmbedRequest, of collection: ItemCollection, budget: Int?,
    _ handler: @escaping EventHandler
  ) async throws -> BatchOutcome {
    let (existing, embedder) = try await prepared(request, collection, budget, isForEstimate: false)
    guard let paid = embedder as? PaidEmbedder, let service = try paid.batches() else {
      throw ParallaxError.noJobs(embedder.spec.model)
    }
    let bucket = try service.bucket(named: request.bucket, usual: request.usualBucket)
    let fetched = try await fetchJobs(budget: budget, handler)
    for warning in fetched.warnings { handler(.warning(warning)) }
    if request.resumes, let existing { try discardDamage(in: existing, handler) }
    let space =
      try existing
      ?? workspace.createSpace(named: request.name, in: collection, spec: embedder.spec)
    defer { spaces.unload(space) }
    var plan = try await EmbeddingJob.plan(
      collection: collection, space: space, embedder: embedder, in: workspace,
      wanted: request.items, shard: request.shard)
    let pending = plan.pending
    let keys = try paid.replyKeys(
      of: pending.map { $0.items[0].input(for: embedder.spec.content) })
    let known = try knownPlaces(pending, keys, paid)
    let rest = try division(of: pending, keys, known: known, again: request.resumes)

    // What is known is stored first, as if it had been asked for now: it costs nothing, and stays
    // whatever becomes of submitting the rest.
    plan.pending = known.sorted().map { pending[$0] }
    let job = EmbeddingJob(workspace: workspace, space: space, embedder: embedder) {
      handler(.progress($0))
    }
    let done = try await job.run(plan)
    var failed = done.failed
    for (place, refusal) in rest.refused {
      failed += pending[place].items.count
      try note(
        ParallaxError(.rejectedInput, refusal, hint: "--resume submits it again"),
        of: pending[place].items, in: space)
    }
    let submitted: (jobs: Int, items: Int, failed: Int)
    do {
      submitted = try await submit(
        rest.missing, of: pending, keys, paid, service, bucket, space, handler)
    } catch let error as ParallaxError {
      if existing == nil, error.code != .cancelled { try dropIfEmpty(space) }
      throw error
    }
    let findings = models.drainFindings()
    for note in findings.notes + embedder.notes { handler(.note(note)) }
    for warning in findings.warnings + embedder.warnings { handler(.warning(warning)) }
    return BatchOutcome(
      stored: EmbedOutcome(
        space: space, embedded: done.embedded, reused: done.reused, before: plan.embeddedCount,
        empty: plan.emptyCount, elsewhere: plan.elsewhereCount, failed: failed + submitted.failed,
        failures: try workspace.failures(in: space)),
      fetched: fetched, submittedJobs: submitted.jobs, submittedItems: submitted.items,
      underWay: rest.waiting.reduce(0) { $0 + pending[$1].items.count })
  }

  /// What is to become of contents whose vectors are not known, by their places.
  private struct Division {
    var missing: [Int] = []
    /// Those that jobs under way ask for.
    var waiting: [Int] = []
    /// Those that the provider refused, and why.
    var refused: [(place: Int, why: String)] = []
  }

  /// - Parameter again: whether what was refused is submitted again.
  private func division(
    of pending: [EmbeddingJob.Pending], _ keys: [ContentHash?], known: Set<Int>, again: Bool
  ) throws -> Division {
    let asked = keys.indices.filter { !known.contains($0) }.compactMap { keys[$0] }
    let busy = try workspace.keysUnderWay(among: asked)
    let refusals = again ? [:] : try workspace.refusals(among: asked)
    var division = Division()
    for place in pending.indices where !known.contains(place) {
      guard let key = keys[place] else {
        throw ParallaxError(.internalError, "an item without a content was to be embedded")
      }
      if busy.contains(key) {
        division.waiting.append(place)
      } else if let why = refusals[key] {
        division.refused.append((place, why))
      } else {
        division.missing.append(place)
      }
    }
    return division
  }

  /// Submits contents. One whose file is gone or holds other bytes is looked for in the files of the items
  /// that share it.
  private func submit(
    _ missing: [Int], of pending: [EmbeddingJob.Pending], _ keys: [ContentHash?],
    _ paid: PaidEmbedder, _ service: any BatchService, _ bucket: JobBucket?,
    _ space: Space,
    _ handler: @escaping EventHandler
  ) async throws -> (jobs: Int, items: Int, failed: Int) {
    var (places, copy, failed) = (missing, 0, 0)
    var jobs: [(name: String, items: Int)] = []
    while !places.isEmpty {
      let inputs = places.map { pending[$0].items[copy].input(for: paid.spec.content) }
      let total = places.count
      let meter = JobMeter(
        workspace, paid.requests, paid.spec, of: service.account, bucket: bucket,
        zip(places, inputs).compactMap { place, input in
          keys[place].map { key in
            JobMeter.Input(
              item: BatchItem(key: key, kind: input.holdsImage ? .image : .text),
              micros: paid.price.map { $0.micros(of: input) * service.priceShare })
          }
        }
      ) {
        handler(.progress(Progress("submitting", completed: $0, total: total, unit: "items")))
      }
      let failures = try await service.submit(
        inputs, side: .document, bucket: bucket, meter: meter)
      jobs += meter.jobs
      var next: [Int] = []
      for (position, error) in failures.sorted(by: { $0.key < $1.key }) {
        let items = pending[places[position]].items
        if [.changedFile, .unreadableFile].contains(error.code), copy + 1 < items.count {
          next.append(places[position])
        } else {
          failed += items.count
          try note(error, of: items, in: space)
        }
      }
      (places, copy) = (next, copy + 1)
    }
    return (jobs.count, jobs.reduce(0) { $0 + $1.items }, failed)
  }

  private func note(_ error: ParallaxError, of items: [ItemRecord], in space: Space) throws {
    for item in items {
      try workspace.recordFailure(of: item.rowID, hash: item.hash, error: error, in: space)
    }
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
    let keys = try paid.replyKeys(
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

extension ParallaxError {
  static func noJobs(_ model: String) -> ParallaxError {
    ParallaxError(
      .unsupported, "model '\(model)' is not asked in jobs",
      hint:
        "the Gemini API and, for gemini-embedding-2, Vertex AI take jobs; leave --batch out to embed now",
      parameter: "batch")
  }
}
