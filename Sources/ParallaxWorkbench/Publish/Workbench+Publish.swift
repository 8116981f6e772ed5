internal import ParallaxCore
internal import ParallaxHTTP
internal import ParallaxProviders
package import ParallaxPublishing
internal import ParallaxReporting
package import ParallaxStorage
private import ParallaxSystem

extension Workbench {
  /// Publishes a space, or brings what is published of it up to date.
  ///
  /// - Throws: `read-only`; `offline`; `engine`, `not-ours`, `unsupported`, `missing-key`, `missing-component`;
  ///   `damaged-data`; `cancelled`. What was written is kept.
  @concurrent package func publish(
    _ space: Space, _ request: PublishRequest, _ handler: @escaping EventHandler
  ) async throws -> PublishOutcome {
    guard workspace.mode == .readWrite || request.isDryRun else {
      throw ParallaxError(.readOnly, "the workspace is open for reading only")
    }
    let engine = try request.address.engine
    let name = try tableName(request.name, of: space, engine)
    let publisher = try workspace.publisherID()
    let connection = try await connect(to: request.address)
    defer { connection.close() }
    if !request.isDryRun { try await connection.lock(name) }
    let kept = try await connection.record(named: name)
    try kept?.check(
      collection: space.collection.name, space: space.name, identity: space.spec.identity,
      publisher: request.takesOver ? nil : publisher)
    let fields = try EngineFields(of: space.collection, in: workspace)
    let schema = EngineSchema(
      name: name, collection: space.collection.name, space: space.name,
      identity: space.spec.identity, dimension: space.spec.dimension,
      similarity: request.similarity ?? kept?.schema.similarity ?? .cosine,
      options: try engine.settled(
        request.options, over: kept?.schema.options, dimension: space.spec.dimension),
      fields: fields.fields, publisher: publisher)
    try await connection.check(schema, over: kept)
    // Before the vectors are read: what changes meanwhile is published the next time.
    let stamp = try workspace.stamp(of: space)
    var mover = Publisher(
      workspace, space, schema, fields, connection, request.address, handler)
    if let remark = connection.remark(on: schema, over: kept) { handler(.note(remark)) }
    if !request.isDryRun { try await connection.begin(schema, over: kept) }
    if kept != nil { try await mover.readPairs() }
    try await mover.move(writes: !request.isDryRun)
    let count = mover.comparison.wanted.count
    var publication = Publication(
      collection: space.collection, space: space.name, identity: space.spec.identity,
      url: request.address.text, name: name, engine: connection.version,
      similarity: schema.similarity, options: schema.options.text, published: Clock.now(),
      count: count, stamp: stamp)
    if !request.isDryRun {
      try await mover.verify()
      handler(
        .progress(Progress("indexing", completed: count, total: count, unit: "vectors")))
      try await connection.finish(schema, count: count)
      try workspace.keep(publication)
      if request.sample > 0, count > 0 {
        let record = EngineRecord(
          layout: EngineSchema.layout, schema: schema, isComplete: true, count: count)
        publication.certificate = try await certificate(
          of: space, record, connection, questions: request.sample, handler)
        try workspace.keep(publication)
      }
    }
    return PublishOutcome(
      publication: publication, isDryRun: request.isDryRun,
      inserted: mover.counts[.isNew] ?? 0, updated: mover.counts[.isChanged] ?? 0,
      deleted: mover.deleted, unchanged: mover.counts[.isUnchanged] ?? 0,
      compared: mover.compared)
  }

  /// Removes what was published of a space, there and here.
  ///
  /// - Parameters:
  ///   - name: of the table; `nil` for the usual one.
  ///   - takesOver: whether what another workspace published is removed, too.
  /// - Returns: the name, and whether there was anything.
  /// - Throws: `not-ours` for what is of another workspace, collection or space; as ``publish(_:_:_:)``.
  @concurrent package func dropPublication(
    of reference: SpaceReference, at address: EngineAddress, named name: String?,
    takesOver: Bool = false
  ) async throws -> (name: String, wasThere: Bool) {
    guard workspace.mode == .readWrite else {
      throw ParallaxError(.readOnly, "the workspace is open for reading only")
    }
    let name = name ?? usualName(of: reference.collection, reference.space ?? "")
    let connection = try await connect(to: address)
    defer { connection.close() }
    try await connection.lock(name)
    let record = try await connection.record(named: name)
    if let record {
      // Of any identity: that is what one drops a publication for.
      try record.check(
        collection: reference.collection, space: reference.space ?? "",
        identity: record.schema.identity,
        publisher: takesOver ? nil : try workspace.publisherID())
      try await connection.drop(record)
    }
    // The collection may be gone here, and what was known of its publications with it.
    let collection = try workspace.collections().first { $0.name == reference.collection }
    let known =
      try collection.map { try workspace.publications(of: $0) }?.filter {
        $0.space == reference.space && $0.url == address.text && $0.name == name
      } ?? []
    for publication in known { try workspace.forget(publication) }
    return (name, record != nil || !known.isEmpty)
  }

  private func tableName(
    _ name: String?, of space: Space, _ engine: any VectorEngine.Type
  ) throws -> String {
    let name = name ?? usualName(of: space.collection.name, space.name)
    do throws(ParallaxError) { try EngineSchema.check(name: name) } catch {
      throw error.about("name")
    }
    try engine.check(name: name)
    return name
  }

  func usualName(of collection: String, _ space: String) -> String {
    EngineSchema.usualName(collection: collection, space: space)
  }

  /// - Throws: `offline`; as the engine does.
  func connect(to address: EngineAddress) async throws -> any EngineConnection {
    let providers = models.providers
    guard !providers.isOffline else {
      throw ParallaxError(
        .offline, "'\(address.text)' is not asked with --offline",
        hint: "leave --offline out")
    }
    return try await address.engine.connect(
      to: address,
      EngineEnvironment(
        variables: providers.variables, transport: providers.transport, trace: providers.trace,
        secrets: providers.secrets))
  }
}
