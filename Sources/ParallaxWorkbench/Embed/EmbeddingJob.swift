internal import ParallaxCore
private import ParallaxImaging
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxStorage

/// Embeds what a space lacks: batches in flight on the models, each committed before it counts.
struct EmbeddingJob: Sendable {
  /// Contents looked up at a time among what other spaces hold.
  private static let lookup = 4_096

  let workspace: Workspace
  let space: Space
  let embedder: any Embedder
  let progress: ProgressHandler

  /// What a vector is counted as.
  private var noun: String { embedder.spec.content.noun }

  /// A content to embed; several items may share it.
  typealias Pending = (hash: ContentHash, items: [ItemRecord])

  /// What the space lacks.
  struct Plan: Sendable {
    var pending: [Pending] = []
    var itemCount = 0
    var embeddedCount = 0
    /// Items without a text, where only texts are embedded.
    var emptyCount = 0
    /// Items of other shards.
    var elsewhereCount = 0
    /// Items whose content has a vector of the same identity elsewhere in the workspace.
    var reusable = 0
  }

  struct Outcome: Sendable {
    var embedded = 0
    var reused = 0
    var failed = 0
    /// Texts of which the model read only the beginning, by how much it reads.
    var cut: [TextLimit: Int] = [:]
  }

  /// Compares the items of a collection with the vectors of a space, if it exists.
  ///
  /// - Parameters:
  ///   - wanted: the items that count; `nil` for all.
  ///   - shard: the contents that count; `nil` for all.
  @concurrent static func plan(
    collection: ItemCollection, space: Space?, embedder: any Embedder, in workspace: Workspace,
    wanted: Set<ItemRecord.RowID>? = nil, shard: EmbeddingShard? = nil
  ) async throws -> Plan {
    let spec = embedder.spec
    let items = try workspace.items(in: collection)
      .filter { item in wanted?.contains(item.rowID) ?? true }
    let embedded = try space.map { try workspace.embeddedHashes(in: $0) } ?? [:]
    var plan = Plan()
    plan.itemCount = items.count
    var positions: [ContentHash: Int] = [:]
    for item in items {
      try Task.checkCancellation()
      guard let hash = spec.content.hash(file: item.hash, text: item.text) else {
        plan.emptyCount += 1
        continue
      }
      guard shard?.holds(hash) ?? true else {
        plan.elsewhereCount += 1
        continue
      }
      if embedded[item.rowID] == hash {
        plan.embeddedCount += 1
      } else if let position = positions[hash] {
        plan.pending[position].items.append(item)
      } else {
        positions[hash] = plan.pending.count
        plan.pending.append((hash, [item]))
      }
    }
    for start in stride(from: 0, to: plan.pending.count, by: lookup) {
      try Task.checkCancellation()
      let slice = plan.pending[start..<min(start + lookup, plan.pending.count)]
      plan.reusable += try workspace.reusableVectors(
        for: slice.map(\.hash), spec: spec, fromTask: embedder.sharesImages(with:)
      ).count
    }
    return plan
  }

  /// - Throws: `cancelled` saying how much was kept; the provider's error when a whole batch failed.
  @concurrent func run(_ plan: Plan) async throws -> Outcome {
    var outcome = Outcome()
    let total = plan.pending.count
    do {
      let pending = try await reuse(plan.pending, into: &outcome)
      try await embed(pending, total: total, into: &outcome)
    } catch is CancellationError {
      throw cancelled(outcome, plan)
    } catch let error as ParallaxError where error.code == .cancelled {
      throw cancelled(outcome, plan)
    }
    return outcome
  }

  private func cancelled(_ outcome: Outcome, _ plan: Plan) -> ParallaxError {
    let done = plan.embeddedCount + outcome.embedded + outcome.reused
    return ParallaxError(
      .cancelled,
      "cancelled after \(Wording.count(done)) of \(Wording.count(plan.itemCount - plan.elsewhereCount, noun)); "
        + "finished batches are kept: the same command with --resume continues")
  }

  /// Copies vectors of the same identity from anywhere in the workspace.
  private func reuse(
    _ pending: [Pending], into outcome: inout Outcome
  ) async throws -> [Pending] {
    var rest: [Pending] = []
    for start in stride(from: 0, to: pending.count, by: Self.lookup) {
      try Task.checkCancellation()
      let slice = pending[start..<min(start + Self.lookup, pending.count)]
      let known = try workspace.reusableVectors(
        for: slice.map(\.hash), spec: space.spec, fromTask: embedder.sharesImages(with:))
      let vectors = slice.flatMap { hash, items in
        known[hash].map { vector in
          items.map { StoredVector(item: $0.rowID, hash: hash, vector: vector) }
        } ?? []
      }
      if !vectors.isEmpty { try workspace.append(vectors, to: space) }
      outcome.reused += vectors.count
      let reused = slice.filter { known[$0.hash] != nil }
      outcome.cut.merge(try await Self.cut(reused, embedder), uniquingKeysWith: +)
      rest += slice.filter { known[$0.hash] == nil }
    }
    return rest
  }

  private func embed(
    _ pending: [Pending], total: Int, into outcome: inout Outcome
  ) async throws {
    let size = embedder.capabilities.preferredBatch
    var batches = stride(from: 0, to: pending.count, by: size)
      .map { Array(pending[$0..<min($0 + size, pending.count)]) }[...]
    var done = total - pending.count
    try await withThrowingTaskGroup(of: BatchResult.self) { group in
      func start() {
        guard let batch = batches.popFirst() else { return }
        group.addTask {
          var result = try await embed(batch)
          result.cut = try await Self.cut(batch, embedder)
          return result
        }
      }
      for _ in 0..<embedder.capabilities.concurrentBatches { start() }
      var failure: (any Error)?
      while let result = await group.nextResult() {
        do {
          let result = try result.get()
          if failure == nil { start() }
          try commit(result, into: &outcome)
          done += result.batch.count
          progress(Progress("embedding", completed: done, total: total, unit: "\(noun)s"))
        } catch {
          // What is under way may be paid for: it ends, and nothing new begins.
          failure = failure ?? error
        }
      }
      if let failure { throw failure }
    }
  }

  /// An item whose file is gone or holds other bytes fails alone; the content is looked for in the
  /// files of the items that share it.
  private func embed(_ batch: [Pending]) async throws -> BatchResult {
    func vectors(of positions: [Int], copy: Int) async throws -> [Result<[Float], ParallaxError>] {
      try await embedder.embed(
        positions.map { batch[$0].items[copy].input(for: embedder.spec.content) }, side: .document)
    }
    var positions = Array(batch.indices)
    var result = BatchResult(batch: batch, vectors: try await vectors(of: positions, copy: 0))
    guard result.vectors.count == batch.count else { return result }
    var copy = 0
    while !positions.isEmpty {
      positions = positions.filter { position in
        guard case .failure(let error) = result.vectors[position],
          [.changedFile, .unreadableFile].contains(error.code)
        else { return false }
        let item = batch[position].items[copy]
        result.failures[item.rowID] = error.code == .changedFile ? changed(item) : error
        return copy + 1 < batch[position].items.count
      }
      copy += 1
      if positions.isEmpty { break }
      for (position, outcome) in zip(positions, try await vectors(of: positions, copy: copy)) {
        result.vectors[position] = outcome
      }
    }
    return result
  }

  private func changed(_ item: ItemRecord) -> ParallaxError {
    ParallaxError(
      .changedFile, "'\(item.id)' changed since ingest; run 'sync \(space.collection.name)'")
  }

  /// How many of the texts that are embedded exceed which limit of the model.
  static func cut(
    _ pending: [Pending], _ embedder: any Embedder
  ) async throws -> [TextLimit: Int] {
    guard embedder.spec.content != .image else { return [:] }
    let texts = pending.flatMap(\.items).compactMap(\.text).filter { !$0.isBlank }
    let limits = try await embedder.limits(exceededBy: texts, side: .document)
    return Dictionary(limits.compactMap { $0.map { ($0, 1) } }, uniquingKeysWith: +)
  }

  private struct BatchResult: Sendable {
    var batch: [Pending]
    var vectors: [Result<[Float], ParallaxError>]
    var cut: [TextLimit: Int] = [:]
    /// Items that have none, whatever became of their content.
    var failures: [ItemRecord.RowID: ParallaxError] = [:]
  }

  /// Stores a batch in one transaction and notes the images that failed.
  private func commit(_ result: BatchResult, into outcome: inout Outcome) throws {
    guard result.vectors.count == result.batch.count else {
      throw ParallaxError(
        .provider,
        "provider '\(space.spec.provider)' answered \(result.vectors.count) vectors for "
          + "\(result.batch.count) \(noun)s; nothing of this batch was stored")
    }
    var stored: [StoredVector] = []
    for ((hash, items), vector) in zip(result.batch, result.vectors) {
      switch vector {
      case .success(let vector):
        stored += items.filter { result.failures[$0.rowID] == nil }
          .map { StoredVector(item: $0.rowID, hash: hash, vector: vector) }
      case .failure(let error):
        for item in items { try fail(item, result.failures[item.rowID] ?? error, &outcome) }
        continue
      }
      for item in items {
        if let error = result.failures[item.rowID] { try fail(item, error, &outcome) }
      }
    }
    if !stored.isEmpty { try workspace.append(stored, to: space) }
    outcome.embedded += stored.count
    outcome.cut.merge(result.cut, uniquingKeysWith: +)
  }

  private func fail(
    _ item: ItemRecord, _ error: ParallaxError, _ outcome: inout Outcome
  ) throws {
    try workspace.recordFailure(of: item.rowID, hash: item.hash, error: error, in: space)
    outcome.failed += 1
  }
}

extension ItemRecord {
  /// What of the item is embedded; a blank text counts as none.
  func input(for content: EmbeddedContent) -> ModelInput {
    let image = ModelInput.Part.image(path: path, hash: hash)
    let text = text.flatMap { $0.isBlank ? nil : ModelInput.Part.text($0) }
    let parts =
      switch content {
      case .image: [image]
      case .text: [text].compactMap(\.self)
      case .joint: [image, text].compactMap(\.self)
      }
    return ModelInput(name: id.rawValue, parts: parts)
  }
}

extension Embedder {
  /// Whether the vectors of a space are those of one that differs in the task alone.
  func sharesImages(with task: String?) -> Bool {
    spec.content == .image && capabilities.sharesImages(spec.task, task)
  }
}
