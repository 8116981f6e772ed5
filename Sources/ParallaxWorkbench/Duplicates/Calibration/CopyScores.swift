internal import ParallaxCore
internal import ParallaxImaging
internal import ParallaxReporting
internal import ParallaxStorage
private import Synchronization

/// Scores of changed copies with the pictures that they were made of.
struct CopyScores: Sendable {
  struct Copy: Sendable, Hashable {
    /// Which of the changes.
    var change: Int
    /// Which of the pictures.
    var picture: Int
    var score: Double
  }

  let changes: [any PictureChange]
  fileprivate(set) var copies: [Copy] = []
  /// Why copies are missing, with how many of the first.
  fileprivate(set) var failures: [String] = []
  /// What the model was asked for: what it had answered before is not.
  fileprivate(set) var asked = RepeatedCost(inputs: 0, micros: 0)
}

/// Makes copies of pictures, some at a time, and embeds them.
struct CopyJob: Sendable {
  /// Pictures whose copies lie on the disk at a time.
  private static let batch = 64

  let bench: Workbench
  let embedding: PictureEmbedding
  let pictures: DistinctPictures
  /// Rows.
  let sources: [Int]
  let changes: [any PictureChange]
  let progress: ProgressHandler

  private var total: Int { sources.count * changes.count }

  /// What embedding would ask for, at most.
  var mostCost: RepeatedCost { embedding.cost(ofNewPictures: total) }

  /// What embedding would ask for, less the replies that are kept. The copies are made for it.
  ///
  /// - Throws: `cancelled`.
  func cost() async throws -> RepeatedCost {
    let cost = Mutex(RepeatedCost(inputs: 0, micros: 0))
    try await eachBatch("looking for kept replies") { _, _, inputs, _ in
      let own = try embedding.cost(of: inputs.compactMap { try? $0.get() })
      cost.withLock { $0 = $0 + own }
    }
    return cost.withLock { $0 }
  }

  /// - Throws: `budget`; what is no matter of one picture; `cancelled`.
  func run() async throws -> CopyScores {
    let scores = Mutex(CopyScores(changes: changes))
    try await eachBatch("embedding copies") { change, batch, inputs, report in
      let made = inputs.indices.filter { (try? inputs[$0].get()) != nil }
      let copies = try made.map { try inputs[$0].get() }
      let asked = try embedding.cost(of: copies)
      let vectors = try await embedding.vectors(of: copies, report)
      let hashes =
        pictures.countsHashes
        ? try await bench.hashes(of: copies.map(\.file)) { _ in } : []
      scores.withLock { scores in
        scores.asked = scores.asked + asked
        for case .failure(let error) in inputs { scores.failures.append(error.message) }
        for (number, (place, vector)) in zip(made, vectors).enumerated() {
          switch vector {
          case .failure(let error): scores.failures.append(error.message)
          case .success(let vector):
            guard
              let score = pictures.score(
                of: vector, hashes.isEmpty ? nil : hashes[number], with: sources[batch[place]])
            else {
              scores.failures.append("the vector of a copy is zero")
              continue
            }
            scores.copies.append(.init(change: change, picture: batch[place], score: score))
          }
        }
      }
    }
    return scores.withLock { $0 }
  }

  /// - Parameter body: gets the place of a change, the places of some pictures, their copies, and who is told how many are
  ///   done.
  private func eachBatch(
    _ step: String,
    _ body:
      @escaping @Sendable (
        Int, [Int], [Result<ModelInput, ParallaxError>], (Int) -> Void
      ) async throws -> Void
  ) async throws {
    var done = 0
    do {
      for (change, kind) in changes.enumerated() {
        for start in stride(from: 0, to: sources.count, by: Self.batch) {
          try Task.checkCancellation()
          let batch = Array(start..<min(start + Self.batch, sources.count))
          let before = done
          try await bench.withCopies(
            of: batch.map { place in
              let item = pictures.item(sources[place])
              return ChangeSource(name: item.id.rawValue, path: item.path, hash: item.hash)
            }, changedBy: kind
          ) { copies in
            try await body(change, batch, copies) { own in
              progress(Progress(step, completed: before + own, total: total, unit: "copies"))
            }
          }
          done += batch.count
          progress(Progress(step, completed: done, total: total, unit: "copies"))
        }
      }
    } catch is CancellationError {
      throw cancelled(done)
    } catch let error as ParallaxError where error.code == .cancelled {
      throw cancelled(done)
    }
  }

  private func cancelled(_ done: Int) -> ParallaxError {
    let kept =
      embedding.isPaid
      ? "the replies are kept: the same command goes on without asking for them again"
      : "nothing is kept"
    return ParallaxError(
      .cancelled,
      "cancelled after \(Wording.count(done)) of \(Wording.count(total, "copy", "copies")); \(kept)"
    )
  }
}

extension ModelInput {
  /// The file of a picture.
  fileprivate var file: (path: String, content: ContentHash)? {
    guard case .image(let path, let hash?)? = parts.first else { return nil }
    return (path, hash)
  }
}
