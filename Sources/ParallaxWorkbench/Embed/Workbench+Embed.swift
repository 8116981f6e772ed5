internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
package import ParallaxStorage

extension Workbench {
  /// Embeds what a space lacks; the space is made unless it exists.
  ///
  /// Every batch is stored before it counts. A space that the first request failed to fill is not
  /// made; a cancelled one stays, to be resumed.
  ///
  /// - Parameter budget: millionths of a US dollar that may be spent in this workspace; `nil` for no
  ///   limit.
  /// - Throws: `unknown-name` naming `resume`, `unsupported` naming `model`, `already-exists` naming
  ///   `as`; `model-changed`; what opens no model; `budget` and `quota`; what the provider says;
  ///   `cancelled` saying how much was kept.
  @concurrent package func embed(
    _ request: EmbedRequest, of collection: ItemCollection, budget: Int?,
    _ handler: @escaping EventHandler
  ) async throws -> EmbedOutcome {
    let (existing, embedder) = try await prepared(request, collection, budget, isForEstimate: false)
    if request.resumes, let existing { try discardDamage(in: existing, handler) }
    let plan = try await EmbeddingJob.plan(
      collection: collection, space: existing, embedder: embedder, in: workspace,
      wanted: request.items, shard: request.shard)
    try checkNothingIsUnderWay(plan, embedder)
    let space =
      try existing
      ?? workspace.createSpace(named: request.name, in: collection, spec: embedder.spec)
    defer { spaces.unload(space) }
    let job = EmbeddingJob(workspace: workspace, space: space, embedder: embedder) {
      handler(.progress($0))
    }
    let done: EmbeddingJob.Outcome
    do {
      done = try await job.run(plan)
    } catch let error as ParallaxError {
      // Keep a cancelled space: 'resumes' continues it.
      if existing == nil, error.code != .cancelled { try dropIfEmpty(space) }
      throw error
    }
    let findings = models.drainFindings()
    for note in findings.notes + embedder.notes { handler(.note(note)) }
    let cut = done.cut.sorted { $0.key.tokens < $1.key.tokens }.map {
      $0.warning("\(Wording.count($1)) texts were", of: space.spec.model)
    }
    for warning in cut + findings.warnings + embedder.warnings { handler(.warning(warning)) }
    return EmbedOutcome(
      space: space, embedded: done.embedded, reused: done.reused, before: plan.embeddedCount,
      empty: plan.emptyCount, elsewhere: plan.elsewhereCount, failed: done.failed,
      failures: try workspace.failures(in: space))
  }

  /// The space if it exists, and the model asked for, which must be that of the space.
  func prepared(
    _ request: EmbedRequest, _ collection: ItemCollection, _ budget: Int?, isForEstimate: Bool
  ) async throws -> (Space?, any Embedder) {
    let reference = "\(collection.name)@\(request.name)"
    let existing = try workspace.spaces(in: collection).first { $0.name == request.name }
    if request.resumes, existing == nil {
      throw ParallaxError(
        .unknownName, "there is no space '\(reference)' to go on with",
        hint: "leave --resume out to make it", parameter: "resume")
    }
    try existing?.checkHoldsAnswers()
    if let existing, !request.insistsOnModel {
      return (
        existing,
        try await models.embedder(for: existing, budget: budget, isForEstimate: isForEstimate)
      )
    }
    let embedder = try await models.embedder(
      for: request.model, provider: request.provider, subject: reference, budget: budget,
      isForEstimate: isForEstimate)
    guard embedder.capabilities.embedsImages || request.model.content == .text else {
      throw ParallaxError(
        .unsupported, "model '\(request.model.model)' embeds text only",
        hint: "--content text embeds the items' texts", parameter: "model")
    }
    if let existing, existing.spec != embedder.spec {
      let differences = existing.spec.differences(from: embedder.spec)
        .map { "\($0.name) is '\($0.own)', asked was '\($0.other)'" }
      throw ParallaxError(
        .alreadyExists,
        "'\(existing.reference)' has another identity: \(differences.joined(separator: "; "))",
        hint: "spaces never mix: choose another name with --as", parameter: "as")
    }
    return (existing, embedder)
  }

  func dropIfEmpty(_ space: Space) throws {
    if try workspace.isEmpty(space) {
      try workspace.dropSpace(named: space.name, in: space.collection)
    }
  }

  func discardDamage(in space: Space, _ handler: EventHandler) throws {
    let damaged = try workspace.discardDamagedChunks(in: space).count
    if damaged == 0 { return }
    let chunks = Wording.count(damaged, "damaged chunk")
    handler(
      .note(
        "\(chunks) of \(space.reference) \(damaged == 1 ? "was" : "were") dropped; the "
          + "\(space.spec.content.noun)s are embedded again"))
  }
}
