internal import ParallaxCore
internal import ParallaxPublishing
internal import ParallaxReporting
internal import ParallaxStorage

/// What is published of a space, with a connection to where it is: ready to be asked.
struct PublishedSpace {
  struct Hit {
    /// Of the space here.
    var row: Int
    var id: ItemID
    var score: Float
  }

  /// What a question found.
  struct Found {
    var hits: [Hit]
    /// Hits of items that are no longer here.
    var gone: Int
    /// Who answered, and whether that is exact.
    var method: String
  }

  let entry: SearchableSpace
  let place: EnginePlace
  /// What is known of it here.
  let publication: Publication?
  let record: EngineRecord
  let connection: any EngineConnection
  let filter: EngineFilter?
  /// What a person should know of the state of what is asked.
  let warnings: [String]

  /// Rows there.
  var count: Int? { record.count }

  func close() { connection.close() }

  /// - Parameter omitted: items that are not answered.
  /// - Throws: `engine`, `cancelled`.
  func nearest(
    to vector: [Float], _ query: Query, without omitted: Set<ItemID>
  ) async throws -> Found {
    let answer = try await connection.nearest(
      EngineQuestion(
        vector: vector, count: query.top + omitted.count, similarity: query.similarity,
        filter: filter, isExact: query.method == .exact, expansion: query.expansion,
        probes: place.probes), in: record)
    let hits = answer.hits.filter {
      !omitted.contains($0.item) && $0.score >= query.minimumScore ?? -.infinity
    }.prefix(query.top)
    let found = hits.compactMap { hit in
      entry.loaded.row(of: hit.item).map { Hit(row: $0, id: hit.item, score: hit.score) }
    }
    return Found(hits: found, gone: hits.count - found.count, method: method(answer))
  }

  /// A sentence about hits of items that are no longer here.
  func gone(_ count: Int) -> [String] {
    if count == 0 { return [] }
    return [
      "\(Wording.count(count, "hit")) of '\(record.schema.name)' left out: "
        + "'\(entry.loaded.space.reference)' has no such item any more"
    ]
  }

  private func method(_ answer: EngineAnswer) -> String {
    let who = "\(connection.version), '\(record.schema.name)' at \(place.address.text)"
    guard !answer.isExact else { return "\(who): \(answer.method)" }
    guard let certificate = publication?.certificate else {
      return "\(who): approximate, \(answer.method), recall not measured"
    }
    return "\(who): approximate, \(answer.method), \(certificate.words)"
  }
}

extension Workbench {
  /// Connects to where a space is published, and checks that it is that space.
  ///
  /// - Parameter query: whose condition is compiled.
  /// - Throws: `unknown-name` where nothing is published; `engine`, `not-ours`, `unsupported`, `cancelled`.
  func published(
    _ query: Query, in entry: SearchableSpace, _ place: EnginePlace
  ) async throws -> PublishedSpace {
    let space = entry.loaded.space
    let (name, publication) = try table(of: space, place)
    let connection = try await connect(to: place.address)
    do {
      let record = try await record(name, of: space, place, connection)
      return PublishedSpace(
        entry: entry, place: place, publication: publication, record: record,
        connection: connection, filter: try filter(query, record, space, place),
        warnings: try news(of: space, publication, record, place))
    } catch {
      connection.close()
      throw error
    }
  }

  /// The table that is meant, and what is known of it here.
  private func table(
    of space: Space, _ place: EnginePlace
  ) throws -> (name: String, publication: Publication?) {
    let known = try workspace.publications(of: space.collection).filter {
      $0.space == space.name && $0.url == place.address.text
    }
    if let name = place.name { return (name, known.first { $0.name == name }) }
    guard known.count < 2 else {
      throw ParallaxError(
        .usage,
        "'\(space.reference)' is published there as \(known.map { "'\($0.name)'" }.joined(separator: ", "))",
        hint: "--name says which is asked", parameter: "name")
    }
    return (
      known.first?.name ?? usualName(of: space.collection.name, space.name), known.first
    )
  }

  private func record(
    _ name: String, of space: Space, _ place: EnginePlace, _ connection: any EngineConnection
  ) async throws -> EngineRecord {
    guard let record = try await connection.record(named: name) else {
      throw ParallaxError(
        .unknownName, "'\(name)' is not published at '\(place.address.text)'",
        hint: "'publish \(space.reference) --to \(place.address.text)' publishes it",
        parameter: "on")
    }
    try record.check(
      collection: space.collection.name, space: space.name, identity: space.spec.identity,
      publisher: nil)
    return record
  }

  private func filter(
    _ query: Query, _ record: EngineRecord, _ space: Space, _ place: EnginePlace
  ) throws -> EngineFilter? {
    try query.condition.map { condition in
      let node = try condition.attributed {
        try workspace.checked(condition, in: space.collection)
      }
      let current = try EngineFields(of: space.collection, in: workspace).fields
      let filter = try EngineFilter(node, in: record.schema, current: current)
      try place.address.engine.check(filter)
      return filter
    }
  }

  private func news(
    of space: Space, _ publication: Publication?, _ record: EngineRecord, _ place: EnginePlace
  ) throws -> [String] {
    let again = "'publish \(space.reference) --to \(place.address.text)' brings it up to date"
    // Others may ask it who have the same images, and nobody knows whether they have.
    guard try record.schema.publisher == workspace.publisherID() else {
      return [
        "'\(record.schema.name)' was published by another workspace, and may hold other images under the same ids"
      ]
    }
    guard record.isComplete else {
      return ["a publish to '\(record.schema.name)' has not come to its end: \(again)"]
    }
    guard let publication, let stamp = publication.stamp,
      let now = try workspace.stamp(of: space), now != stamp
    else { return [] }
    return [
      "'\(space.reference)' has changed since it was published \(publication.published): \(again)"
    ]
  }
}
