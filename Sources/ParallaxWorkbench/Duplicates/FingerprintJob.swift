internal import ParallaxCore
internal import ParallaxImaging
internal import ParallaxReporting
internal import ParallaxStorage

/// Makes the fingerprints that a collection's pictures lack: each batch is kept before it counts.
struct FingerprintJob: Sendable {
  /// Pictures in flight and stored together.
  static let batch = 64

  let workspace: Workspace
  let decoder: ImageDecoder
  let collection: ItemCollection
  /// The contents that are looked at; `nil` for all of the collection.
  let contents: Set<ContentHash>?
  let progress: ProgressHandler

  /// A content without a fingerprint, and the items that share it.
  private typealias Pending = (hash: ContentHash, items: [ItemRecord])

  /// - Throws: `cancelled` saying how much was kept.
  @concurrent func run() async throws -> CollectionFingerprints {
    var result = CollectionFingerprints(
      items: try workspace.items(in: collection),
      known: try workspace.fingerprints(in: collection).filter { isWanted($0.key) })
    let pending = pending(result)
    var done = 0
    do {
      for start in stride(from: 0, to: pending.count, by: Self.batch) {
        try Task.checkCancellation()
        let batch = Array(pending[start..<min(start + Self.batch, pending.count)])
        try keep(try await batch.concurrentOutcomes { try await fingerprint($0) }, batch, &result)
        done += batch.count
        progress(
          Progress("fingerprinting", completed: done, total: pending.count, unit: "images"))
      }
    } catch is CancellationError {
      throw cancelled(done, of: pending.count)
    } catch let error as ParallaxError where error.code == .cancelled {
      throw cancelled(done, of: pending.count)
    }
    return result
  }

  private func isWanted(_ hash: ContentHash) -> Bool { contents?.contains(hash) ?? true }

  private func pending(_ result: CollectionFingerprints) -> [Pending] {
    var pending: [Pending] = []
    var positions: [ContentHash: Int] = [:]
    for item in result.items where result.byContent[item.hash] == nil && isWanted(item.hash) {
      if let position = positions[item.hash] {
        pending[position].items.append(item)
      } else {
        positions[item.hash] = pending.count
        pending.append((item.hash, [item]))
      }
    }
    return pending
  }

  /// Of the first of the files that still holds the content.
  private func fingerprint(_ pending: Pending) async throws -> Fingerprint {
    var last = ParallaxError(.internalError, "a content belongs to no item")
    for item in pending.items {
      do {
        return try await decoder.fingerprint(item.path, expecting: pending.hash)
      } catch let error as ParallaxError where error.code == .changedFile {
        last = ParallaxError(
          .changedFile, "'\(item.id)' changed since ingest; run 'sync \(collection.name)'")
      } catch let error as ParallaxError where error.code == .unreadableFile {
        last = error
      }
    }
    throw last
  }

  private func keep(
    _ outcomes: [Result<Fingerprint, ParallaxError>], _ batch: [Pending],
    _ result: inout CollectionFingerprints
  ) throws {
    var made: [ContentHash: Fingerprint] = [:]
    for ((hash, items), outcome) in zip(batch, outcomes) {
      switch outcome {
      case .success(let fingerprint): made[hash] = fingerprint
      case .failure(let error): result.failures += items.map { ($0, error) }
      }
    }
    // Who only reads gets them all the same.
    if workspace.mode == .readWrite, !made.isEmpty { try workspace.keep(made) }
    result.byContent.merge(made) { $1 }
    result.made += made.count
  }

  private func cancelled(_ done: Int, of total: Int) -> ParallaxError {
    let kept =
      workspace.mode == .readWrite
      ? "finished batches are kept: the same command continues"
      : "nothing is kept, since the workspace is open for reading only"
    return ParallaxError(
      .cancelled,
      "cancelled after the fingerprints of \(Wording.count(done)) of "
        + "\(Wording.count(total, "image")); \(kept)")
  }
}
