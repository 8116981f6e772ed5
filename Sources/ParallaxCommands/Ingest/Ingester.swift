internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxImaging
internal import ParallaxIngest
internal import ParallaxStorage

/// Brings a collection up to date with a source, a committed batch at a time.
struct Ingester: Sendable {
  /// Items of one transaction: what a kill can cost.
  private static let batch = 256

  let workspace: Workspace
  let collection: ItemCollection
  let decoder: ImageDecoder
  let progress: ProgressHandler
  /// Whether items whose files are gone are removed.
  var removesMissing = false
  /// Whether changes are counted and not made.
  var isDryRun = false

  /// A file or row that was left out or repaired, and why.
  struct Problem: Sendable {
    var subject: String
    var line: Int?
    var isError: Bool
    var code: String
    var reason: String

    init(_ issue: IngestIssue) {
      subject = issue.subject
      line = issue.line
      isError = issue.severity == .error
      code = issue.code.rawValue
      reason = issue.reason
    }

    init(_ error: ParallaxError, subject: String) {
      self.subject = subject
      isError = true
      code = error.code.name
      reason = error.message
    }
  }

  /// What happened, and what could not be done and why.
  struct Outcome: Sendable {
    var counts = ChangeCounts()
    var unchanged = 0
    /// Items whose files are gone and which were kept.
    var missing = 0
    var issues: [Problem] = []
    /// Images left out because their header cannot be read.
    var unreadable = 0
  }

  @concurrent func run(_ requests: [IngestRequest]) async throws -> Outcome {
    var listings: [SourceListing] = []
    for request in requests {
      listings.append(try await request.source.listing(recognizing: Self.head))
    }
    var outcome = Outcome()
    for (index, request) in requests.enumerated() {
      // An item of another source below the same folder is not this one's to remove.
      let elsewhere = Set(
        listings.enumerated().filter { $0.offset != index }
          .flatMap { $0.element.items.map(\.file.path) })
      try await bring(request, listings[index], elsewhere: elsewhere, into: &outcome)
    }
    return outcome
  }

  private func bring(
    _ request: IngestRequest, _ listing: SourceListing, elsewhere: Set<String>,
    into outcome: inout Outcome
  ) async throws {
    let all = try workspace.items(in: collection)
    let listed = Set(listing.items.map(\.file.path))
    let known = all.filter { item in
      listed.contains(item.path)
        || (item.path.hasPrefix(listing.root + "/") && !elsewhere.contains(item.path))
    }
    let others = Set(all.map(\.id)).subtracting(known.map(\.id))
    let plan = try await SyncPlan.make(
      source: listing, known: known.map(Self.known), taken: others,
      byteLimit: Int64(decoder.limits.fileBytes), progress: progress)
    outcome.issues += plan.issues.map(Problem.init)
    outcome.unchanged += plan.unchanged.count

    let probed = try await probe(plan.new + plan.changed.map(\.to), into: &outcome)
    let (fields, metadata) = try self.metadata(request, plan, into: &outcome)
    var changes: [ItemChange] = []
    if removesMissing {
      changes += plan.removed.map { .remove($0.id) }
    } else {
      outcome.missing += plan.removed.count
    }
    changes += plan.renamed.map { .rename(from: $0.from.id, to: $0.to.id, path: $0.to.file.path) }
    let records = Dictionary(known.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let touched = refreshed(plan.unchanged.filter { $0.from != $0.to.known }, records)
    changes += touched
    changes += plan.changed.compactMap { change in
      probed[change.to.id].map { .update(change.to.id, $0) }
    }
    changes += plan.new.compactMap { item in
      probed[item.id].map { state in
        let values = metadata[item.id] ?? [:]
        return .insert(
          NewItem(
            id: item.id, file: state, text: item.text ?? (Self.text(in: values) ?? nil),
            metadata: values))
      }
    }
    for change in plan.unchanged + plan.renamed + plan.changed {
      let item = change.to
      let values = metadata[item.id]
      if let values { changes.append(.setMetadata(item.id, values)) }
      let text = item.text.map(Optional.some) ?? values.flatMap(Self.text)
      if let text, text != records[change.from.id]?.text {
        changes.append(.setText(item.id, text))
      }
    }
    // A new modification time alone is not a change worth reporting.
    outcome.counts.updated -= touched.count
    if isDryRun { return outcome.counts.add(ChangeCounts(planned: changes)) }
    // Known before the first item is, so that 'sync' goes on after a kill.
    try CollectionSources.add(request.command, to: collection, in: workspace)
    try commit(changes, fields, into: &outcome)
  }

  /// Metadata columns that are an item's text as well, the first there is.
  private static let textFields = ["text", "caption"]

  /// The text that metadata give an item, which may be none; `nil` where they do not speak of it.
  private static func text(in values: [String: Value]) -> String?? {
    for name in textFields {
      guard let value = values[name] else { continue }
      return .some(value == .null || value.plainText.isEmpty ? nil : value.plainText)
    }
    return nil
  }

  /// What the decoder would say of a file that begins so.
  @Sendable private static func head(_ bytes: [UInt8]) -> FileHead {
    switch PictureHead(bytes) {
    case .picture: .picture
    case .otherPicture(let name): .otherPicture(name)
    case .noPicture: .noPicture
    }
  }

  private static func known(_ item: ItemRecord) -> KnownItem {
    KnownItem(
      id: item.id, path: item.path, hash: item.hash, size: item.size, modified: item.modified)
  }

  /// The same content with another modification time: only the time is stored anew.
  private func refreshed(
    _ changes: [SyncPlan.Change], _ records: [ItemID: ItemRecord]
  ) -> [ItemChange] {
    changes.compactMap { change in
      records[change.from.id].map { record in
        .update(
          change.to.id,
          FileState(
            path: change.to.file.path, hash: change.to.hash, size: change.to.file.size,
            modified: change.to.file.modified, width: record.width, height: record.height,
            format: record.format))
      }
    }
  }

  /// Reads the headers of images; one that cannot be read is left out with its reason.
  private func probe(
    _ items: [IngestItem], into outcome: inout Outcome
  ) async throws -> [ItemID: FileState] {
    var states: [ItemID: FileState] = [:]
    var done = 0
    for start in stride(from: 0, to: items.count, by: Self.batch) {
      let slice = items[start..<min(start + Self.batch, items.count)]
      let results = try await withThrowingTaskGroup(
        of: (Int, Result<ImageProperties, ParallaxError>).self
      ) { group in
        for (offset, item) in slice.enumerated() {
          group.addTask { [decoder] in
            do { return (offset, .success(try await decoder.probe(item.file.path))) } catch let
              error as ParallaxError where error.code != .missingComponent
            { return (offset, .failure(error)) }
          }
        }
        var results = [Result<ImageProperties, ParallaxError>?](repeating: nil, count: slice.count)
        for try await (offset, result) in group { results[offset] = result }
        return results.compactMap(\.self)
      }
      for (item, result) in zip(slice, results) {
        switch result {
        case .success(let image):
          states[item.id] = FileState(
            path: item.file.path, hash: item.hash, size: item.file.size,
            modified: item.file.modified, width: image.width, height: image.height,
            format: image.format)
        case .failure(let error):
          outcome.unreadable += 1
          outcome.issues.append(Problem(error, subject: item.file.relativePath))
        }
      }
      done += slice.count
      progress(Progress("reading headers", completed: done, total: items.count, unit: "images"))
    }
    return states
  }

  private typealias Fields = [(name: String, kind: ValueKind)]

  private func metadata(
    _ request: IngestRequest, _ plan: SyncPlan, into outcome: inout Outcome
  ) throws -> (fields: Fields, values: [ItemID: [String: Value]]) {
    guard let path = request.metadata else { return ([], [:]) }
    let file = try MetadataFile(path: path, overrides: request.kinds)
    let items = plan.new + (plan.unchanged + plan.renamed + plan.changed).map(\.to)
    let join = try file.joined(
      to: items.map { MetadataTarget(id: $0.id, relativePath: $0.file.relativePath) },
      key: request.key)
    outcome.issues += (file.issues + join.issues).map(Problem.init)
    var values: [ItemID: [String: Value]] = [:]
    for item in items where join.rows[item.id] != nil {
      values[item.id] = join.values(for: item.id)
    }
    return (join.fields.map { ($0.name, $0.kind) }, values)
  }

  private func commit(
    _ changes: [ItemChange], _ fields: Fields, into outcome: inout Outcome
  ) throws {
    // Renames and removals free names that insertions take: they stay in one transaction.
    let pivot = changes.firstIndex { if case .insert = $0 { true } else { false } } ?? changes.count
    var slices = [changes[..<pivot]]
    for start in stride(from: pivot, to: changes.count, by: Self.batch) {
      slices.append(changes[start..<min(start + Self.batch, changes.count)])
    }
    var done = 0
    for slice in slices where !slice.isEmpty {
      try Task.checkCancellation()
      outcome.counts.add(try workspace.apply(Array(slice), to: collection, fields: fields))
      done += slice.count
      progress(Progress("storing", completed: done, total: changes.count, unit: "changes"))
    }
  }
}

extension ChangeCounts {
  /// What changes to items would count; annotations are known only when they are stored.
  fileprivate init(planned changes: [ItemChange]) {
    self.init()
    for change in changes {
      switch change {
      case .insert: inserted += 1
      case .update: updated += 1
      case .rename: renamed += 1
      case .remove: removed += 1
      case .setMetadata, .setText: break
      }
    }
  }

  mutating func add(_ other: ChangeCounts) {
    inserted += other.inserted
    updated += other.updated
    renamed += other.renamed
    removed += other.removed
    annotated += other.annotated
  }
}
