internal import ParallaxCore
internal import ParallaxImaging
internal import ParallaxIngest
internal import ParallaxSources
internal import ParallaxStorage
private import ParallaxSystem

/// Brings a collection up to date with its sources, a committed batch at a time.
struct Ingester: Sendable {
  /// Items of one transaction: what a kill can cost.
  private static let batch = 256

  let workspace: Workspace
  let collection: ItemCollection
  let decoder: ImageDecoder
  let sources: PictureSources
  let progress: ProgressHandler
  /// Whether items whose files are gone are removed.
  var removesMissing = false
  /// Whether they are removed even if that is most of a source.
  var removesMost = false
  /// Whether every file is read, whatever its size and times say.
  var verifies = false
  /// Whether changes are counted and not made.
  var isDryRun = false
  /// Whether a warning stops before anything is changed.
  var isStrict = false
  /// The path of a source to drop with the items that no other source holds.
  var forgotten: String?

  /// Reads all sources and applies what they hold.
  @concurrent func run(_ sources: [ItemSource]) async throws -> IngestOutcome {
    // Takes about as long as looking through the folders.
    async let stored = try workspace.items(in: collection)
    let (sources, away) = try await listings(of: sources)
    let known = try await stored
    if isStrict, !isDryRun, sources.count > 1 {
      // What one source would warn of must be known before another has been applied.
      var rehearsal = self
      rehearsal.isDryRun = true
      _ = try await rehearsal.bring(sources, away: away, known: known)
    }
    let outcome = try await bring(sources, away: away, known: known)
    // What is not packed now is when it is first asked for.
    if !isDryRun {
      try? workspace.packColumns(of: collection)
      if removesMissing { try? workspace.forgetUnusedFarPictures() }
    }
    return outcome
  }

  /// Drops the source to forget with the items that none of the others holds.
  ///
  /// - Returns: the number of items.
  @concurrent func forget(_ others: [ItemSource]) async throws -> Int {
    guard let forgotten else { return 0 }
    let (sources, away) = try await listings(of: others)
    var outcome = IngestOutcome()
    try forget(forgotten, sources, away, into: &outcome)
    return outcome.removed.count
  }

  /// What sources hold, and those that cannot be read; nothing is concluded from the absence of their
  /// items.
  private func listings(
    of sources: [ItemSource]
  ) async throws -> (read: [Source], away: [UnreadableSource]) {
    var read: [Source] = []
    var away: [UnreadableSource] = []
    for stored in sources {
      do {
        let source = try stored.resolved()
        if let known = read.first(where: { $0.source.readsImages(of: source) }) {
          read.append(Source(source: source, listing: known.listing, isRead: true))
          continue
        }
        let listing = try await listing(of: source)
        read.append(Source(source: source, listing: listing))
      } catch let error as ParallaxError where error.code != .cancelled && removesMissing {
        away.append(UnreadableSource(source: stored, error: error))
      }
    }
    return (read, away)
  }

  private func listing(of source: ItemSource) async throws -> SourceListing {
    guard source.origin == .bucket else {
      return try await source.images().listing(recognizing: Self.head)
    }
    return try await sources.listing(
      ofBucket: source.path, matching: source.glob.map { try Glob($0) }, recognizing: Self.head,
      isKnown: { [workspace] path, tag in
        ((try? workspace.farPicture(at: path)) ?? nil)?.tag == tag
      }, progress)
  }

  private struct Source {
    var source: ItemSource
    var listing: SourceListing
    /// Whether the same files came with an earlier source.
    var isRead = false
  }

  /// - Parameter known: the items before anything is changed.
  private func bring(
    _ sources: [Source], away: [UnreadableSource], known: [ItemRecord]
  ) async throws -> IngestOutcome {
    var outcome = IngestOutcome()
    for source in away {
      let images = known.count { source.source.mayHold($0.path) }
      outcome.failures.append(source.failure(of: collection.name, images: images))
    }
    if let forgotten { try forget(forgotten, sources, away, into: &outcome) }
    for (index, source) in sources.enumerated() {
      // An item of another source below the same folder is not this one's to remove.
      let elsewhere = Set(
        sources.enumerated().filter { $0.offset != index }
          .flatMap { $0.element.listing.items.map(\.file.path) })
      var listing = source.listing
      listing.unreadablePaths += away.flatMap(\.source.roots)
      do {
        try await bring(
          Source(source: source.source, listing: listing, isRead: source.isRead),
          elsewhere: elsewhere,
          all: index == 0 && forgotten == nil ? known : try workspace.items(in: collection),
          into: &outcome)
      } catch let error as ParallaxError where removesMissing && Self.concernsOne(error) {
        outcome.failures.append(error)
      }
    }
    return outcome
  }

  private func forget(
    _ path: String, _ sources: [Source], _ away: [UnreadableSource],
    into outcome: inout IngestOutcome
  ) throws {
    let others = Set(sources.flatMap { $0.listing.items.map(\.file.path) })
    let forgotten = try workspace.sources(of: collection).filter { $0.path == path }
    let gone = try workspace.items(in: collection).filter { item in
      forgotten.contains { $0.mayHold(item.path) } && !others.contains(item.path)
        && !away.contains { $0.source.mayHold(item.path) }
    }
    outcome.addRemoved(gone.map(\.path))
    outcome.notes.append("'\(path)' is not a source of '\(collection.name)' any more")
    guard !isDryRun else { return }
    try workspace.apply(gone.map { .remove($0.id) }, to: collection)
    try workspace.removeSources(forgotten, of: collection)
  }

  /// Whether an error says that one source or its table cannot be read, and the others may.
  private static func concernsOne(_ error: ParallaxError) -> Bool {
    [.unreadableFile, .invalidValue, .unsupported, .unknownName].contains(error.code)
  }

  private func bring(
    _ read: Source, elsewhere: Set<String>, all: [ItemRecord], into outcome: inout IngestOutcome
  ) async throws {
    let (source, listing) = (read.source, read.listing)
    let listed = Set(listing.items.map(\.file.path))
    let given = Set(listing.items.compactMap(\.id))
    var known: [ItemRecord] = []
    var lost: [ItemRecord] = []
    for item in all {
      if listed.contains(item.path)
        || (holds(item.path, source, listing) && !elsewhere.contains(item.path))
      {
        known.append(item)
      } else if !elsewhere.contains(item.path), Self.isMissing(item.path) {
        // Its file may be here now: a folder that was moved.
        if given.contains(item.id) { known.append(item) } else { lost.append(item) }
      }
    }
    let others = Set(all.map(\.id)).subtracting(known.map(\.id))
    let far = FarReading(
      workspace: workspace, sources: sources, decoder: decoder, rereads: verifies && !read.isRead)
    sources.remember(listing.secretAddresses)
    let isFar = source.origin != nil
    let reading: PictureReading = { try await far.read($0) }
    let (before, away) = (known.map(Self.known), lost.map(Self.known))
    let plan: SyncPlan = try await far.keeping {
      try await SyncPlan.make(
        source: listing, known: before, lost: away, taken: others,
        rehash: verifies && !read.isRead, byteLimit: Int64(decoder.limits.fileBytes),
        width: isFar ? FarReading.width : nil, progress: progress, reading: isFar ? reading : nil)
    }
    if !read.isRead { outcome.add(plan.issues) }
    if listing.items.isEmpty, known.isEmpty || !removesMissing, !read.isRead {
      outcome.warn(EmptySource.warning(source))
    }

    let items = plan.new + plan.changed.map(\.to)
    let probed =
      source.origin == nil ? try await probe(items, into: &outcome) : try far.states(of: items)
    let table = try self.table(source, listing, plan, into: &outcome)
    let removals = self.removals(plan, of: known.count, in: source, into: &outcome)
    var changes = removals.map { ItemChange.remove($0.id) }
    changes += plan.renamed.map { .rename(from: $0.from.id, to: $0.to.id, path: $0.to.file.path) }
    let records = Dictionary(
      (known + lost).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    // A rename keeps what is known of the file but its place and time.
    changes += refreshed(
      (plan.unchanged + plan.renamed).filter { $0.from != $0.to.known }, records)
    changes += plan.changed.compactMap { change in
      probed[change.to.id].map { .update(change.to.id, $0) }
    }
    changes += plan.new.compactMap { item in
      probed[item.id].map { state in
        .insert(
          NewItem(
            id: item.id, file: state, text: item.text ?? (table.text(of: item.id) ?? nil),
            metadata: table.values[item.id] ?? [:]))
      }
    }
    for change in plan.unchanged + plan.renamed + plan.changed {
      let item = change.to
      if let values = table.values[item.id] { changes.append(.setMetadata(item.id, values)) }
      let text = item.text.map(Optional.some) ?? table.text(of: item.id)
      if let text, text != records[change.from.id]?.text {
        changes.append(.setText(item.id, text))
      }
    }
    outcome.count(plan, removed: removals, probed: Set(probed.keys))
    outcome.warnOfUnreadable()
    if isStrict { try outcome.refuseWarnings() }
    guard !isDryRun else { return }
    // Known before the first item is, so that 'sync' continues after a kill.
    try workspace.remember(source, of: collection)
    let misfits = try workspace.declare(table.fields, in: collection)
    outcome.addMisfits(misfits)
    try commit(changes)
    try workspace.settle(table.fieldsToSettle, in: collection)
    if !plan.renamed.isEmpty {
      outcome.notes += try workspace.forgetEmptiedSources(of: collection).map {
        "'\($0)' is gone and its images were found elsewhere; it is no longer a source"
      }
    }
  }

  /// The items to remove, unless they are most of a source: then something else is more likely than
  /// that somebody deleted them.
  private func removals(
    _ plan: SyncPlan, of knownCount: Int, in source: ItemSource,
    into outcome: inout IngestOutcome
  ) -> [KnownItem] {
    let gone = plan.removed
    guard removesMissing else {
      for item in gone where Self.isMissing(item.path) { outcome.missing.insert(item.path) }
      return []
    }
    guard !gone.isEmpty, gone.count * 2 > knownCount, !removesMost else { return gone }
    outcome.failures.append(
      MostlyGone(path: source.path, gone: gone.count, total: knownCount)
        .failure(of: collection.name))
    return []
  }

  /// Whether an item is of a source, listed or not. What is elsewhere than in files may be in several
  /// sources of one place: only with all of them read, something follows from its absence.
  private func holds(_ path: String, _ source: ItemSource, _ listing: SourceListing) -> Bool {
    guard source.origin != nil else { return path.isBelow(listing.root) }
    return removesMissing && source.mayHold(path)
  }

  /// Whether a file is gone for certain.
  private static func isMissing(_ path: String) -> Bool {
    !PicturePath.isRemote(path) && FileStatus.isMissing(path) && ArchivePath.split(path) == nil
  }

  /// What the decoder would say of a file that begins so.
  @Sendable static func head(_ bytes: [UInt8]) -> FileHead {
    switch PictureHead(bytes) {
    case .picture: .picture
    case .otherPicture(let name): .otherPicture(name)
    case .noPicture: .noPicture
    }
  }

  private static func known(_ item: ItemRecord) -> KnownItem {
    KnownItem(
      id: item.id, path: item.path, hash: item.hash, size: item.size, modified: item.modified,
      changed: item.changed)
  }

  /// The same content with another time or place: only those are stored again.
  private func refreshed(
    _ changes: [SyncPlan.Change], _ records: [ItemID: ItemRecord]
  ) -> [ItemChange] {
    changes.compactMap { change in
      records[change.from.id].map { record in
        .update(
          change.to.id,
          change.to.state(
            width: record.width, height: record.height, format: record.format))
      }
    }
  }

  /// Reads the headers of images; one that cannot be read is left out with its reason.
  private func probe(
    _ items: [IngestItem], into outcome: inout IngestOutcome
  ) async throws -> [ItemID: FileState] {
    var states: [ItemID: FileState] = [:]
    var done = 0
    for start in stride(from: 0, to: items.count, by: Self.batch) {
      let slice = items[start..<min(start + Self.batch, items.count)]
      let results = try await Array(slice).concurrentOutcomes { [decoder] item in
        try await decoder.probe(item.file.path)
      }
      for (item, result) in zip(slice, results) {
        switch result {
        case .success(let image):
          states[item.id] = item.state(
            width: image.width, height: image.height, format: image.format)
        case .failure(let error):
          outcome.addUnreadable(item.file, error)
        }
      }
      done += slice.count
      progress(Progress("reading headers", completed: done, total: items.count, unit: "images"))
    }
    return states
  }

  private func commit(_ changes: [ItemChange]) throws {
    // Renames and removals free names that insertions take: they stay in one transaction.
    let pivot = changes.firstIndex { if case .insert = $0 { true } else { false } } ?? changes.count
    var slices = [changes[..<pivot]]
    for start in stride(from: pivot, to: changes.count, by: Self.batch) {
      slices.append(changes[start..<min(start + Self.batch, changes.count)])
    }
    var done = 0
    for slice in slices where !slice.isEmpty {
      try Task.checkCancellation()
      try workspace.apply(Array(slice), to: collection)
      done += slice.count
      progress(Progress("storing", completed: done, total: changes.count, unit: "changes"))
    }
  }
}

extension IngestItem {
  /// What is stored of the item's file.
  func state(width: Int?, height: Int?, format: String?) -> FileState {
    FileState(
      path: file.path, hash: hash, size: file.size, modified: file.modified,
      changed: file.changed, width: width, height: height, format: format)
  }
}
